"""The units an alignment is given in: the words of a text, or its subwords."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from enface.alignment.links import Link, hard_links
from enface.alignment.matrix import from_attention, to_words, words_of
from enface.alignment.words import Span, word_spans
from enface.inference.translation import Side

AlignmentKind = Literal["word", "subword", "none"]


@dataclass(frozen=True)
class Units:
    """A text's side of an answer, and for each of its subwords the unit it belongs to."""

    side: Side
    of_subword: list[int]


def units_of(text: str, pieces: Sequence[str], spans: Sequence[Span], kind: AlignmentKind) -> Units:
    """The units of `text`: its words, unless `kind` is "subword".

    A word that no subword covers (control characters alone) is none of them, so that every unit has its weights.

    Args:
        text: the text that `spans` are offsets into.
        pieces: how each subword reads.
        spans: each subword's characters.
        kind: which units are wanted.
    """
    if kind == "subword":
        return Units(Side(list(pieces), list(spans)), list(range(len(pieces))))
    words = word_spans(text) if pieces else []
    belongs = words_of(spans, words)
    covered = sorted(set(belongs)) if words else []
    kept = [words[index] for index in covered]
    unit = {word: position for position, word in enumerate(covered)}
    return Units(Side([text[start:end] for start, end in kept], kept), [unit.get(word, 0) for word in belongs])


def aligned(
    attention: Float[np.ndarray, "T S_and_end"] | None, source: Units, target: Units, link_threshold: float
) -> tuple[Float[np.ndarray, "units_T units_S"], list[Link]]:
    """The alignment of the units as a matrix whose rows sum to 1, and its links.

    Args:
        attention: a row for each target subword; its last column is the source's end of sentence;
            None where a side was empty and nothing was asked of the graph.
        source: the source's units.
        target: the target's units.
        link_threshold: as `enface.alignment.links.hard_links` takes it.
    """
    if attention is None or not source.side.tokens or not target.side.tokens:
        return np.zeros((len(target.side.tokens), len(source.side.tokens))), []
    matrix = to_words(from_attention(attention), source_words=source.of_subword, target_words=target.of_subword)
    return matrix.weights, hard_links(matrix, link_threshold)
