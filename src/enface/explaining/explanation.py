"""What there is to see of one model's translation of one sentence: numpy arrays and words, no tensors.

Axes: T target subwords, S source subwords; the end of the source is always the last of the S, and the end of the
target is the last of the T where the search came to it. M encoder state, C context. How it is found out stands in
`trace.py`, how it is merged to words in `views.py`, how it is drawn in `document.py` and the command line.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from enface.alignment.direction import read_from_right
from enface.alignment.matrix import words_of
from enface.alignment.words import Span, word_spans

END = "</s>"
"""How the end of a sentence reads among subwords and words; it is told by its place, as text may hold the same."""


@dataclass(frozen=True)
class Side:
    """One language's side: its text, its subwords and words, and the word that each subword belongs to."""

    text: str
    pieces: list[str]
    words: list[str]
    word_of: list[int]
    ended: bool  # the last piece, and the last word, is the end of the sentence
    right_to_left: bool


@dataclass(frozen=True)
class Candidate:
    """A subword that a step could have produced, how likely it was, and whether it is the one produced."""

    piece: str
    probability: float
    chosen: bool


@dataclass(frozen=True)
class Looking:
    """Where one attention over the source looked, and what it saw there.

    Attributes:
        layer: of the decoder, from 0.
        head: of that layer, from 0; None: all of them, as a mean.
        weights: rows sum to 1; exactly 0 outside the window.
        scores: what the weights were made from; -inf outside the window.
        values: what the contexts are weighted means of: the encoder's states, or what a head makes of them, the heads
            of a mean side by side. Of a model without attention the encoder's states, though it sees none of them.
        contexts: what the decoder was given.
        centres: p_t of a local window, in source subwords from 0; None of a global one.
    """

    layer: int
    head: int | None
    weights: Float[np.ndarray, "T S"]
    scores: Float[np.ndarray, "T S"]
    values: Float[np.ndarray, "S C"]
    contexts: Float[np.ndarray, "T C"]
    centres: Float[np.ndarray, " T"] | None


@dataclass(frozen=True)
class Explanation:
    """How a model translated a sentence, step by step.

    Attributes:
        source: what was read.
        target: what was written; a step for each of its pieces.
        score: log probability / length penalty, by which the search preferred it.
        states: the encoder's.
        candidates: for each step the likeliest subwords, the one produced among them, the likeliest first.
        lookings: the attention; of a Transformer each layer's heads and their mean.
        aligning: which of the lookings stands for the word alignment.
    """

    source: Side
    target: Side
    score: float
    states: Float[np.ndarray, "S M"]
    candidates: list[list[Candidate]]
    lookings: list[Looking]
    aligning: int


def make_side(text: str, pieces: Sequence[str], spans: Sequence[Span], *, ended: bool) -> Side:
    """The side of `text`, whose subwords are `pieces` with the characters `spans`; `ended` puts the end behind them."""
    words = word_spans(text) or [(0, len(text))]
    covered, word_of = np.unique(np.array(words_of(spans, words), dtype=np.int64), return_inverse=True)
    known = [text[slice(*words[word])] for word in covered]
    end = [END] if ended else []
    return Side(
        text=text,
        pieces=[*pieces, *end],
        words=[*known, *end],
        word_of=[*map(int, word_of), *[len(known) for _ in end]],
        ended=ended,
        right_to_left=read_from_right(known),
    )
