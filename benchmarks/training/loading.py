"""Data without training: the corpus prepared, the tokenizer by itself, and how many tokens an epoch has."""

import time
from pathlib import Path
from typing import Any

from enface.data.prepare import PrepareSection, prepare
from enface.data.prepared import TRAIN, PreparedFolder
from enface.data.readers.files import FilesReader
from enface.params import changed_settings, parse_section, read_settings

LANGUAGES = ("en", "de")
VOCABULARY = 8000


def measure_preparing(corpus: Path, out: Path, params: Path) -> dict[str, Any]:
    """Prepares all of the corpus into `out`, and puts all of its text through the tokenizer once more.

    `prepare` reads, cleans, learns the subwords, encodes and writes; the pass is encoding alone.
    """
    changes = {"vocabulary_size": VOCABULARY, "judge": {"folder": ""}}
    values = changed_settings(read_settings(params)["prepare"], changes, "the benchmark's prepare")
    settings = parse_section(values, "the benchmark's prepare", PrepareSection)
    began = time.perf_counter()
    prepare(FilesReader(corpus, *LANGUAGES), out, title="benchmark", languages=LANGUAGES, settings=settings)
    prepared_s = time.perf_counter() - began
    prepared = PreparedFolder(out)
    splits = [prepared.split(name) for name in prepared.meta.pairs]
    texts = [side for split in splits for side in (split.source_sentences(), split.target_sentences())]
    tokenizer = prepared.tokenizer
    began = time.perf_counter()
    for side in texts:
        tokenizer.encode_ids(side)
    tokenizer_s = time.perf_counter() - began
    pairs = sum(prepared.meta.pairs.values())
    return {
        "pairs": pairs,
        "prepare_pairs_per_second": round(pairs / prepared_s),
        "tokenizer_pairs_per_second": round(pairs / tokenizer_s),
        "ratio": round(tokenizer_s / prepared_s, 3),
    }


def target_tokens_of_an_epoch(prepared: PreparedFolder) -> int:
    """Those of all training pairs, the end of each sentence counted."""
    split = prepared.split(TRAIN)
    return int(split.target_lengths.sum()) + len(split)
