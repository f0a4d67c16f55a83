"""An explanation at the level of words or of subwords, all numbers merged and ready to be shown.

Subwords are what the model has; words are what a reader wants. A word's weight is the sum over its source subwords and
the mean over its target subwords, as `enface.alignment.matrix` merges them; the ends of both sides stay as words of
their own, so that rows still sum to 1 and all that was looked at is seen.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float, Int

from enface.alignment.matrix import AlignmentMatrix, to_words
from enface.explaining.explanation import Candidate, Explanation, Looking, Side
from enface.explaining.strips import strips

Unit = Literal["word", "subword"]
Starts = Int[np.ndarray, " units"]


@dataclass(frozen=True)
class Step:
    """One unit produced.

    Attributes:
        token: how it reads.
        probability: of it, given the source and all before: of a word the product over its subwords.
        pieces: its subwords, each with its probability.
        candidates: what its first subword could have been instead.
        word: its word's place among the words.
    """

    token: str
    probability: float
    pieces: list[Candidate]
    candidates: list[Candidate]
    word: int


@dataclass(frozen=True)
class Seen:
    """One attention: N units produced, J units of the source, strips instead of long vectors.

    The score of a word is the logarithm of the sum of its subwords' exponentials, which is the score that a softmax
    makes the word's weight from; over several steps it is the mean of those in reach.
    """

    layer: int
    head: int | None
    weights: Float[np.ndarray, "N J"]
    scores: Float[np.ndarray, "N J"]
    states: Float[np.ndarray, "J cells"]
    contexts: Float[np.ndarray, "N cells"]
    centres: Float[np.ndarray, " N"] | None


@dataclass(frozen=True)
class View:
    """All that is shown of a translation at one level."""

    source: list[str]
    steps: list[Step]
    seen: list[Seen]


def view(explanation: Explanation, unit: Unit) -> View:
    """The explanation in words or subwords."""
    source, target = _units(explanation.source, unit), _units(explanation.target, unit)
    seen = [_seen(looking, source, target) for looking in explanation.lookings]
    return View(_labels(explanation.source, unit), _steps(explanation, target, unit), seen)


def _units(side: Side, unit: Unit) -> list[int]:
    return side.word_of if unit == "word" else list(range(len(side.pieces)))


def _labels(side: Side, unit: Unit) -> list[str]:
    return side.words if unit == "word" else side.pieces


def _steps(explanation: Explanation, units: list[int], unit: Unit) -> list[Step]:
    labels, starts = _labels(explanation.target, unit), [*_starts(units), len(units)]
    steps = []
    for token, start, end in zip(labels, starts, starts[1:], strict=False):
        pieces = [next(found for found in step if found.chosen) for step in explanation.candidates[start:end]]
        probability = float(np.prod([piece.probability for piece in pieces]))
        word = explanation.target.word_of[start]
        steps.append(Step(token, probability, pieces, explanation.candidates[start], word))
    return steps


def _seen(looking: Looking, source: list[int], target: list[int]) -> Seen:
    of_source, of_target = _starts(source), _starts(target)
    nothing = np.zeros(len(target))
    merged = to_words(AlignmentMatrix(looking.weights, nothing), source_words=source, target_words=target)
    states, contexts = strips(looking.values, looking.contexts)
    centres = None if looking.centres is None else _means(np.interp(looking.centres, *_places(source)), of_target)
    return Seen(
        layer=looking.layer,
        head=looking.head,
        weights=merged.weights,
        scores=_reachable_means(np.logaddexp.reduceat(looking.scores, of_source, axis=1), of_target),
        states=_means(states, of_source),
        contexts=_means(contexts, of_target),
        centres=centres,
    )


def _places(units: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """The subwords' places, and where in their units they stand."""
    return np.arange(len(units), dtype=float), np.array(units, dtype=float)


def _starts(units: list[int]) -> Starts:
    """The first subword of each unit."""
    return np.flatnonzero(np.diff(np.array(units, dtype=np.int64), prepend=-1))


def _means(rows: np.ndarray, starts: Starts) -> np.ndarray:
    """The mean of the rows of each unit."""
    counts = np.diff([*starts, len(rows)])
    means: np.ndarray = (np.add.reduceat(rows, starts, axis=0).T / counts).T
    return means


def _reachable_means(scores: np.ndarray, starts: Starts) -> np.ndarray:
    """The mean of the finite rows of each unit; -inf where none is."""
    finite = np.isfinite(scores)
    counts = np.add.reduceat(finite.astype(int), starts, axis=0)
    sums = np.add.reduceat(np.where(finite, scores, 0.0), starts, axis=0)
    return np.where(counts > 0, sums / np.maximum(counts, 1), -np.inf)
