"""How sure the model was of each token, and what looks wrong: source tokens that nothing attends to, repetition loops.

These are the model's own doubts, not errors: a fluent mistranslation may be as certain as any. A token that was not the
model's choice, such as a placeholder put back, has no figures.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float

from enface.alignment.matrix import AlignmentMatrix
from enface.alignment.measures import LEAST_COVERING_WEIGHT, entropy
from enface.alignment.projection import Run
from enface.alignment.repetition import loops

_DECIMALS = 6


@dataclass(frozen=True)
class Confidence:
    """What is told of one hypothesis, in the tokens of its answer.

    Attributes:
        log_probabilities: natural logarithm of each target token's probability, after what comes before it; that of a
            word is the sum over its subwords.
        entropies: of each target token's attention over the source tokens, in nats: 0 is all on one, ln S the same on
            each of S.
        uncovered: the source tokens that all target tokens together give less than a fifth of one's attention.
        loops: runs of target tokens, first and behind the last, that repeat the same again and again.
    """

    log_probabilities: list[float | None]
    entropies: list[float | None]
    uncovered: list[int]
    loops: list[Run]

    def to_dict(self) -> dict[str, Any]:
        """The confidence as JSON values; numbers keep six decimals."""
        return {
            "log_probabilities": _rounded(self.log_probabilities),
            "entropies": _rounded(self.entropies),
            "uncovered": self.uncovered,
            "loops": [list(run) for run in self.loops],
        }


def confidence_of(
    matrix: AlignmentMatrix,
    log_probabilities: Float[np.ndarray, " chosen"],
    origins: Sequence[int | None],
    texts: tuple[Sequence[str], Sequence[str]],
) -> Confidence:
    """The confidence of a hypothesis.

    Args:
        matrix: the alignment of the target's tokens, as answered.
        log_probabilities: of each token that the model chose.
        origins: for each token of the answer its number among those; None for one that was put in.
        texts: the source's tokens, and the target's.
    """
    source, target = texts
    chosen = [None if origin is None else float(log_probabilities[origin]) for origin in origins]
    spread = entropy(matrix.weights)
    entropies = [None if origin is None else float(each) for origin, each in zip(origins, spread, strict=True)]
    attended = ((1.0 - matrix.null)[:, None] * matrix.weights).sum(axis=0)
    uncovered = np.flatnonzero(attended < LEAST_COVERING_WEIGHT).tolist()
    return Confidence(chosen, entropies, uncovered, loops(target, source))


def _rounded(values: Sequence[float | None]) -> list[float | None]:
    return [None if value is None else round(value, _DECIMALS) for value in values]
