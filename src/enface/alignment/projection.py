"""Where a part of a source text stands in its translation: runs of target tokens, and the gaps between them.

What is carried over from the source (tags, placeholders, terms of a glossary) asks here. What is done at the place
found belongs to whoever asked; how a text is changed, with its alignment, stands in `edits.py`.
"""

import bisect
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from enface.alignment.matrix import AlignmentMatrix
from enface.alignment.words import Span

Run = tuple[int, int]
"""Tokens from the first up to, and without, the second."""

MAJORITY = 0.5
"""The weight over which a target token is one source part's and no other's."""

LEAST = 0.2
"""The weight under which a target token is said to have nothing of a source part."""

_BARRED = -np.inf


@dataclass(frozen=True)
class AlignedTexts:
    """A text and its translation, with the alignment of their tokens.

    Attributes:
        source: the text.
        source_spans: the characters of each of its S tokens, in order.
        target: the translation.
        target_spans: the same for its T tokens.
        matrix: T rows of S weights. A token whose null share is over a half comes from no source token.
    """

    source: str
    source_spans: list[Span]
    target: str
    target_spans: list[Span]
    matrix: AlignmentMatrix


class Projection:
    """Answers where parts of the source stand in the target; each part is a run of source tokens."""

    def __init__(self, matrix: AlignmentMatrix) -> None:
        self.size = len(matrix.weights)
        self._linked = matrix.null <= MAJORITY
        weights = np.where(self._linked[:, None], matrix.weights, 0.0)
        start = np.zeros((self.size, 1))
        self._sums = np.concatenate([start, np.cumsum(weights, axis=1)], axis=1)

    def shares(self, part: Run) -> Float[np.ndarray, " T"]:
        """How much of each target token comes from `part`; nothing of a token that comes from no source token."""
        shares: np.ndarray = self._sums[:, part[1]] - self._sums[:, part[0]]
        return shares

    def runs(
        self, parts: Sequence[Run], *, within: Run | None = None, barred: Collection[int] = ()
    ) -> list[Run | None]:
        """The run of target tokens that stands for each part, None where none does; no two runs share a token.

        A target token is a part's if more than half of its weight is on the part. A run begins and ends with tokens of
        its part. Where those stand apart, it reaches over foreign ones between them only if at least as much is gained
        as is taken in, and never over a token of another part: `gives up` is all of `gibt es auf`, and `gibt` alone of
        `gibt das Rauchen auf`.

        Args:
            parts: runs of source tokens, no two with a token in common.
            within: the only target tokens to look at; by default all.
            barred: target tokens that no run may hold.
        """
        begin, end = within or (0, self.size)
        closed = np.isin(np.arange(begin, end), list(barred))
        shares = [np.where(closed, 0.0, self.shares(part)[begin:end]) for part in parts]
        taken = closed | np.any([share > MAJORITY for share in shares], axis=0) if shares else closed
        cost = np.where(self._linked[begin:end], 1.0, 0.0)
        found = (_best_run(share, np.where(taken, _BARRED, (share - 1.0) * cost)) for share in shares)
        return [None if run is None else (begin + run[0], begin + run[1]) for run in found]

    def token(self, part: Run, *, within: Run | None = None, barred: Collection[int] = ()) -> Run | None:
        """The one target token that has the most of `part`, where it has a fifth of its weight there; else None."""
        begin, end = within or (0, self.size)
        shares = self.shares(part)[begin:end]
        shares[np.isin(np.arange(begin, end), list(barred))] = 0.0
        best = int(shares.argmax()) if shares.size else 0
        return (begin + best, begin + best + 1) if shares.size and shares[best] >= LEAST else None

    def gap(self, position: int, *, within: Run | None = None, closed: Sequence[Run] = ()) -> int:
        """The gap of the target that best parts what comes from before a source position from what comes from behind.

        Args:
            position: the number of source tokens before it.
            within: the target tokens around which the gap may be; by default all.
            closed: runs inside which it may not be; at their ends it may.

        Returns:
            The number of target tokens before the gap.
        """
        begin, end = within or (0, self.size)
        before = self._sums[begin:end, position]
        behind = self._sums[begin:end, -1] - before
        wrong = np.concatenate([[0.0], np.cumsum(behind - before)])
        for first, last in closed:
            wrong[first + 1 - begin : last - begin] = np.inf
        return begin + int(wrong.argmin())


def tokens_in(spans: Sequence[Span], part: Span) -> Run:
    """The run of the tokens that have a character in `part`; an empty run where it begins, if none has.

    Args:
        spans: the tokens' characters, in order.
        part: characters of the same text.
    """
    first = bisect.bisect_right(spans, part[0], key=lambda span: span[1])
    last = bisect.bisect_left(spans, part[1], key=lambda span: span[0])
    return first, max(first, last)


def _best_run(shares: Float[np.ndarray, " T"], foreign: Float[np.ndarray, " T"]) -> Run | None:
    """The run of the greatest gain, of equal ones the longest: what is the part's own counts for it, the rest against.

    Args:
        shares: what of each token is the part's.
        foreign: what it costs to hold a token that is not its own.
    """
    own = np.flatnonzero(shares > MAJORITY)
    if not own.size:
        return None
    best, best_gain, start, gain = (0, 0), 0.0, 0, _BARRED
    for before, place in zip([None, *own[:-1].tolist()], own.tolist(), strict=True):
        gain += 0.0 if before is None else float(foreign[before + 1 : place].sum())
        if gain < 0:
            start, gain = place, 0.0
        gain += float(shares[place])
        if (gain, place + 1 - start) > (best_gain, best[1] - best[0]):
            best, best_gain = (start, place + 1), gain
    return best
