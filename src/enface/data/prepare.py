"""From a corpus to the prepared folder: clean, learn the subwords, encode.

Streams throughout: the corpus is read and its text written (read again where pairs are held out of train), then encoded
in chunks. What needs nothing but a chunk of train itself, sifting and encoding, is a mapper's, here or on Ray. The same
corpus and settings give the same bytes, wherever. The settings are the `prepare` section of params.yaml.
"""

import contextlib
import hashlib
import logging
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from pydantic import Field

from enface.alignment.pharaoh import parse_pharaoh
from enface.data.aligning import write_found_links
from enface.data.cleaning import Cleaner, Tally
from enface.data.prepared import META, REJECTS, REPORT, TOKENIZER, TRAIN, VALIDATION, PreparedMeta
from enface.data.readers.pair import RawPair, Reader
from enface.data.seen import SeenSentences
from enface.data.sifting import Accepts, CleanPair, RawChunks, Sieve, Sifted, open_sieve
from enface.data.tokenizer import SMALLEST_VOCABULARY, Tokenizer
from enface.data.writing import TextWriter, sample_sentences, write_encoded
from enface.errors import DataError
from enface.mapping.chunks import InProcess, Mapper
from enface.outputs import whole_folder, write_json
from enface.params import Section

logger = logging.getLogger(__name__)

_TOKENIZER_PAIRS = 250_000
"""The tokenizer learns from every n-th pair, about this many: more would change it little and fill the memory."""

_PROGRESS_PAIRS = 100_000

_CHUNK_PAIRS = 1_000
"""Pairs that are sifted at once, a judge asked about all of them."""

_HERE = InProcess()


class FilterSection(Section):
    """`prepare.judge`: the folder of the judge that training pairs are put to, and how likely it has to find them."""

    folder: str  # "" for no judge
    threshold: float = Field(ge=0, le=1)


class PrepareSection(Section):
    """`prepare`: the vocabulary, and the limits that training pairs have to keep."""

    vocabulary_size: int = Field(ge=SMALLEST_VOCABULARY)
    max_length_words: int = Field(ge=1)
    max_length_ratio: float = Field(ge=1)
    max_bad_ratio: float = Field(ge=0, le=1)
    judge: FilterSection
    align: bool  # whether word alignments of training pairs are found where the corpus has none
    ray: str  # where: "" for this process, or as `enface.mapping.chunks.open_mapper`


def prepare(
    reader: Reader,
    out: Path,
    *,
    title: str,
    languages: tuple[str, str],
    settings: PrepareSection,
    open_judge: Callable[[], Accepts] | None = None,
    mapper: Mapper = _HERE,
) -> None:
    """Writes the prepared folder of a corpus to `out`, whole or not at all.

    Args:
        reader: the corpus.
        out: the folder; one that is there is replaced.
        title: what the corpus is called in meta.json and by the models made from it.
        languages: the codes of source and target.
        settings: the vocabulary and the limits.
        open_judge: opens the judge that `settings.judge` names, by its threshold; None for none.
        mapper: where the training pairs are sifted and encoded.

    Raises:
        DataError: the corpus cannot be read, or too much of it is bad.
    """
    with whole_folder(out) as draft:
        kept = _clean(reader, draft, settings, partial(_sifted, open_judge=open_judge, mapper=mapper))
        if settings.align:
            write_found_links(draft, TRAIN)
        tokenizer = _learn(draft, kept.pairs[TRAIN], settings.vocabulary_size)
        logger.info("encoding with %d subwords", tokenizer.vocabulary_size)
        subwords = {split: write_encoded(draft, split, tokenizer, _for(split, mapper)) for split in reader.splits}
        meta = PreparedMeta(
            corpus=title,
            source_language=languages[0],
            target_language=languages[1],
            sha256=kept.sha256.hexdigest(),
            vocabulary_size=tokenizer.vocabulary_size,
            pairs={split: kept.pairs[split] for split in reader.splits},
            source_tokens={split: count["source"] for split, count in subwords.items()},
            target_tokens={split: count["target"] for split, count in subwords.items()},
            test_splits=[split for split in reader.splits if split not in (TRAIN, VALIDATION)],
        )
        write_json(draft / META, meta.model_dump())


class _Kept:
    """The number and the hash of the pairs that stay."""

    def __init__(self) -> None:
        self.pairs: Counter[str] = Counter()
        self.sha256 = hashlib.sha256()

    def add(self, split: str, pair: CleanPair, links: str | None) -> None:
        self.pairs[split] += 1
        self.sha256.update(f"{split}\t{pair.source}\t{pair.target}\t{links or ''}\n".encode())


Sifting = Callable[[Reader, Sieve], Iterator[Sifted]]


def _clean(reader: Reader, folder: Path, settings: PrepareSection, sifting: Sifting) -> _Kept:
    """Writes the text of all splits, rejects.tsv and report.json; train comes last, for the others to hold out."""
    kept, tally, seen_path = _Kept(), Tally(folder / REJECTS), folder / "seen.sqlite"
    with contextlib.closing(SeenSentences(seen_path)) as seen, contextlib.closing(tally):
        cleaner = Cleaner(seen)
        for split in reversed(reader.splits):
            sieve = Sieve(split, settings.max_length_words, settings.max_length_ratio)
            with TextWriter(folder, split) as writer:
                _clean_split(split, sifting(reader, sieve), cleaner, tally, kept, writer)
            logger.info("%s: %d of %d pairs kept", split, kept.pairs[split], tally.read[split])
    seen_path.unlink()
    tally.check(settings.max_bad_ratio)
    write_json(folder / REPORT, _report(reader, tally, kept))
    return kept


def _sifted(
    reader: Reader, sieve: Sieve, *, open_judge: Callable[[], Accepts] | None, mapper: Mapper
) -> Iterator[Sifted]:
    """Every pair of a split, sifted a chunk at a time."""
    chunks = RawChunks(reader, sieve.split, _CHUNK_PAIRS)
    for chunk in _for(sieve.split, mapper).map(partial(open_sieve, sieve, open_judge), chunks):
        yield from chunk


def _for(split: str, mapper: Mapper) -> Mapper:
    """Where a split is worked on; all but train are small."""
    return mapper if split == TRAIN else _HERE


def _clean_split(
    split: str, sifted: Iterator[Sifted], cleaner: Cleaner, tally: Tally, kept: _Kept, writer: TextWriter
) -> None:
    tally.read[split] = 0
    for found in sifted:
        raw, judged = found.raw, cleaner.judge(split, found)
        tally.read[split] += 1
        if isinstance(judged, str):
            tally.reject(split, judged, raw.origin)
        else:
            _check_links(raw, judged)
            writer.write(judged.source, judged.target, raw.links)
            kept.add(split, judged, raw.links)
        if tally.read[split] % _PROGRESS_PAIRS == 0:
            logger.info("%s: %d pairs read, %d kept", split, tally.read[split], kept.pairs[split])


def _check_links(raw: RawPair, pair: CleanPair) -> None:
    if raw.links is None:
        return
    for source, target in parse_pharaoh(raw.links, raw.origin).possible:
        if source >= pair.source_words or target >= pair.target_words:
            raise DataError(
                f"{raw.origin}: the gold alignment links words {source} and {target} (from 0), but the pair has "
                f"{pair.source_words} and {pair.target_words} words; mend the alignment"
            )


def _learn(folder: Path, pairs: int, vocabulary_size: int) -> Tokenizer:
    logger.info("learning the subwords of %d pairs", pairs)
    every = -(-pairs // _TOKENIZER_PAIRS)
    tokenizer = Tokenizer.train(sample_sentences(folder, TRAIN, every=every), vocabulary_size=vocabulary_size)
    tokenizer.save(folder / TOKENIZER)
    return tokenizer


def _report(reader: Reader, tally: Tally, kept: _Kept) -> dict[str, Any]:
    splits = {
        split: {"read": tally.read[split], "kept": kept.pairs[split], "rejected": tally.reasons(split)}
        for split in reader.splits
    }
    return {"splits": splits, "bad_ratio": round(tally.bad_ratio, 6)}
