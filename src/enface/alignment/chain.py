"""The order of words in an aligner: a hidden Markov chain over the positions of a sentence (Vogel et al. 1996).

Each word of the generated sentence comes from a position of the given one, or from none; the next position depends on
how far it is from the last one, whatever words stand between that come from none (Och and Ney 2003, section 2.1.3).
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float

FROM_NONE = 0.1
"""The probability that a word comes from none."""

_LONGEST = 200
"""Longer jumps count as jumps of this length."""


class Jumps(NamedTuple):
    """Weights of jumps from position to position, of the first position, and of the last counted from the end."""

    between: Float[np.ndarray, " D"]
    first: Float[np.ndarray, " L"]
    last: Float[np.ndarray, " L"]

    @classmethod
    def at_start(cls) -> "Jumps":
        """A step to the next position is the likeliest."""
        lengths = np.arange(-_LONGEST, _LONGEST + 1)
        return cls(np.exp(-0.5 * np.abs(lengths - 1)), np.ones(_LONGEST), np.ones(_LONGEST))

    @classmethod
    def few(cls) -> "Jumps":
        """A little of each, for counts to be added to."""
        return cls(*(np.full_like(part, 0.1) for part in cls.at_start()))


class Posteriors(NamedTuple):
    """For each generated word the probability of every given position, the rest being of none; expected jumps."""

    cells: Float[np.ndarray, "T B S"]
    jumps: Jumps


class Chain:
    """The chain over sentences of one length S, with the weights of `jumps`."""

    def __init__(self, jumps: Jumps, size: int) -> None:
        places = np.minimum(np.arange(size), _LONGEST - 1)
        distances = np.arange(size)[None, :] - np.arange(size)[:, None]
        self._between = np.clip(distances, -_LONGEST, _LONGEST) + _LONGEST
        self._places = places
        weights = jumps.between[self._between]
        self._moves = (1 - FROM_NONE) * weights / weights.sum(axis=1, keepdims=True)
        self._first = jumps.first[places] / jumps.first[places].sum()
        self._last = jumps.last[places[::-1]] / jumps.last[places].sum()

    def posteriors(
        self,
        from_given: Float[np.ndarray, "T B S"],
        from_none: Float[np.ndarray, "T B"],
        valid: Bool[np.ndarray, "T B"],
    ) -> Posteriors:
        """Where the words of B sentences come from, all sentences of at least one word, padded to T.

        Args:
            from_given: t(word | given word), of each word and position.
            from_none: the same where it comes from none.
            valid: False on padding.
        """
        real, none, scale = self._forwards(from_given, FROM_NONE * from_none, valid)
        behind = self._backwards(from_given, FROM_NONE * from_none, valid, scale)
        reached = real + none
        whole = (reached * behind).sum(axis=2, keepdims=True)
        cells = np.where(valid[..., None], real * behind / whole, 0.0)
        last = (reached[-1] * behind[-1] / whole[-1]).sum(axis=0)
        incoming = from_given[1:] * behind[1:] / (whole[1:] * scale[1:, :, None]) * valid[1:, :, None]
        between = self._moves * (_rows(reached[:-1]).T @ _rows(incoming))
        return Posteriors(cells, self._counted(between, cells[0].sum(axis=0), last))

    def _forwards(
        self, given: np.ndarray, none: np.ndarray, valid: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Probabilities of a position and of none after a position, given the words so far, and what scaled them."""
        real, unmoved, scale = np.zeros_like(given), np.zeros_like(given), np.ones_like(none)
        for time in range(len(given)):
            before = self._first if time == 0 else real[time - 1] + unmoved[time - 1]
            arrived = (1 - FROM_NONE) * before if time == 0 else before @ self._moves
            real[time], unmoved[time] = given[time] * arrived, none[time][:, None] * before
            scale[time] = np.where(valid[time], (real[time] + unmoved[time]).sum(axis=1), 1.0)
            going = valid[time][:, None]
            real[time] = np.where(going, real[time] / scale[time][:, None], 0.0)
            unmoved[time] = np.where(going, unmoved[time] / scale[time][:, None], before)
        return real, unmoved, scale

    def _backwards(self, given: np.ndarray, none: np.ndarray, valid: np.ndarray, scale: np.ndarray) -> np.ndarray:
        """The probability of all later words after each position, scaled alike."""
        behind = np.empty_like(given)
        behind[-1] = self._last
        for time in range(len(given) - 2, -1, -1):
            later = behind[time + 1]
            moved = (given[time + 1] * later) @ self._moves.T + none[time + 1][:, None] * later
            behind[time] = np.where(valid[time + 1][:, None], moved / scale[time + 1][:, None], later)
        return behind

    def _counted(self, between: np.ndarray, first: np.ndarray, last: np.ndarray) -> Jumps:
        return Jumps(
            np.bincount(self._between.ravel(), between.ravel(), minlength=2 * _LONGEST + 1),
            np.bincount(self._places, first, minlength=_LONGEST),
            np.bincount(self._places[::-1], last, minlength=_LONGEST),
        )


def _rows(array: Float[np.ndarray, "T B S"]) -> Float[np.ndarray, "TB S"]:
    return array.reshape(-1, array.shape[2])
