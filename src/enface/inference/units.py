"""The units an alignment is given in: the words of a text, or its subwords; and the alignment of two texts' units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from enface.alignment.matrix import AlignmentMatrix, from_attention, to_words, words_of
from enface.alignment.projection import AlignedTexts
from enface.alignment.words import Span, word_spans
from enface.inference.translation import Side

AlignmentKind = Literal["word", "subword", "none"]


@dataclass(frozen=True)
class Units:
    """A text, its side of an answer, and for each of its subwords the unit it belongs to."""

    text: str
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
        return Units(text, Side(list(pieces), list(spans)), list(range(len(pieces))))
    words = word_spans(text) if pieces else []
    belongs = words_of(spans, words)
    covered = sorted(set(belongs)) if words else []
    kept = [words[index] for index in covered]
    unit = {word: position for position, word in enumerate(covered)}
    return Units(text, Side([text[start:end] for start, end in kept], kept), [unit.get(word, 0) for word in belongs])


def aligned(attention: Float[np.ndarray, "T S_and_end"] | None, source: Units, target: Units) -> AlignedTexts:
    """The two texts with the alignment of their units, each row of which sums to 1.

    Args:
        attention: a row for each target subword; its last column is the source's end of sentence;
            None where nothing was asked of the graph: then no target unit comes from any of the source.
        source: the source's units.
        target: the target's units.
    """
    sizes = len(target.side.tokens), len(source.side.tokens)
    if attention is None or not all(sizes):
        matrix = AlignmentMatrix(np.zeros(sizes), np.ones(sizes[0]))
    else:
        matrix = to_words(from_attention(attention), source_words=source.of_subword, target_words=target.of_subword)
    return AlignedTexts(source.text, source.side.spans, target.text, target.side.spans, matrix)
