"""Where a model's embedding starts from: random numbers, and word vectors in place of some of them.

Subwords that are whole words of the training text can take a vector; all others keep their random one.
"""

import hashlib
import logging
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from jaxtyping import Float
from torch import nn

from enface.data.prepared import SIDES, TRAIN, PreparedFolder
from enface.data.vectors import read_vectors
from enface.data.vocabulary import count_words, training_sentences
from enface.embeddings.cooccurrence import cooccurrence_vectors
from enface.errors import DataError
from enface.training.section import VectorsSection

logger = logging.getLogger(__name__)

TEXT = "text"
"""In place of a file: the vectors are made from the training text itself."""

_SENTENCES = 100_000
"""Of a larger text every n-th sentence is looked at, about so many, so that a training begins in seconds."""


@dataclass(frozen=True)
class _Word:
    """A word that is one subword: its id, and how often it stands on its side of the training text."""

    id: int
    count: int


def start_from_vectors(embedding: nn.Embedding, section: VectorsSection, prepared: PreparedFolder) -> None:
    """Gives `embedding`, still random, the vectors that the section names, for those subwords that have one.

    The one embedding serves both languages, so a word of both sides of the training text belongs to the side on which
    it is more frequent, and to the source where that is equal; only that side's vectors are asked for it. The vectors
    of a side are scaled by one factor, to the standard deviation (about 0) of the random start: their lengths and
    angles among each other stay.

    Raises:
        DataError: a file cannot be read, has vectors of another size than the embedding's, or has none of its words.
    """
    named = _named(section)
    deviation = float(embedding.weight.detach().std())
    known = _words_by_side(prepared) if named else {}
    for side, origin in named.items():
        words = known[side]
        if origin == TEXT:
            found = _from_text(prepared, side, words, size=embedding.embedding_dim)
        else:
            found = read_vectors(Path(origin), words, size=embedding.embedding_dim)
        logger.info("%s: vectors for %d of the %d %s words that are one subword", origin, len(found), len(words), side)
        if not found and origin != TEXT:
            raise DataError(
                f"{origin}: has none of the {len(words)} words that are one subword on the {side} side; need a file "
                "of that language, in the same spelling"
            )
        if found:
            _fill(embedding, {words[word].id: vector for word, vector in found.items()}, deviation)


def vectors_sha256(section: VectorsSection) -> dict[str, str]:
    """The SHA-256 of each file that the section names, by side: with other vectors it is another training.

    Raises:
        DataError: a file cannot be read.
    """
    sums = {}
    for side, path in _named(section).items():
        if path == TEXT:
            continue
        try:
            with Path(path).open("rb") as file:
                sums[side] = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise DataError(
                f"params.yaml train.vectors.{side}: got {path}, which cannot be read ({error.strerror}); need a .vec "
                'file, text or ""'
            ) from None
    return sums


def _named(section: VectorsSection) -> dict[str, str]:
    """The sides that start from vectors, and from which."""
    return {side: origin for side, origin in (("source", section.source), ("target", section.target)) if origin}


def _from_text(
    prepared: PreparedFolder, side: str, words: Mapping[str, _Word], *, size: int
) -> dict[str, Float[np.ndarray, " E"]]:
    counts = Counter({text: word.count for text, word in words.items()})
    sentences = training_sentences(prepared, side, every=_every(prepared))
    return cooccurrence_vectors(sentences, counts, size=size, seed=SIDES.index(side))


def _every(prepared: PreparedFolder) -> int:
    return -(-prepared.meta.pairs[TRAIN] // _SENTENCES)


def _words_by_side(prepared: PreparedFolder) -> dict[str, dict[str, _Word]]:
    """The words that are one subword, by the side that they belong to."""
    counts = {side: count_words(prepared, side, every=_every(prepared)) for side in SIDES}
    words = list(counts["source"] | counts["target"])
    by_side: dict[str, dict[str, _Word]] = {side: {} for side in SIDES}
    for word, ids in zip(words, prepared.tokenizer.encode_ids(words), strict=True):
        if len(ids) == 1:
            side = "source" if counts["source"][word] >= counts["target"][word] else "target"
            by_side[side][word] = _Word(ids[0], counts[side][word])
    return by_side


def _fill(embedding: nn.Embedding, vectors: Mapping[int, Float[np.ndarray, " E"]], deviation: float) -> None:
    rows = np.stack(list(vectors.values()))
    scale = deviation / (float(np.sqrt(np.square(rows).mean())) or 1.0)
    with torch.no_grad():
        embedding.weight[list(vectors)] = torch.from_numpy(rows * scale).to(embedding.weight)
