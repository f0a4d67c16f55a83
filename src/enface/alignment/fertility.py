"""How many words come from one: the fertilities of an aligner's given words (Brown et al. 1993, Model 3).

A chain over positions takes no heed of how often it has been at one. So each position is weighed by what one word more
makes of the probability of its fertility. Zhao and Gildea (2010) have a chain with fertilities, and sample; here the
others are met in the mean, each word coming from where it is believed to come from (a mean field), and the chain stays
what it is. What is not known of a rare word is taken from words as long as it (Och and Ney 2003, on smoothing): long
ones, compounds in German, stand for several words more often.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Int

from enface.alignment.cells import CellsOneWay, Side

_SIZES = 4
"""Fertilities told apart: 0, 1, 2, and 3 or more."""

_LONGEST = 20
"""Words of more letters count as words of so many."""

_FROM_LENGTH, _FROM_ALL = 5.0, 10.0
"""How many words seen the fertilities of words as long are worth to one word, and those of all words to one length."""

_CERTAIN = 1 - 1e-6  # so that odds are finite


def fertilities(beliefs: Float[np.ndarray, "T B S"]) -> Float[np.ndarray, "4 B S"]:
    """The probabilities that none, one, two or more of T words come from a position.

    Args:
        beliefs: of each word by itself, the probability that it does.
    """
    odds = _odds(beliefs)
    return _by_number(np.prod(1 / (1 + odds), axis=0), odds.sum(axis=0), (odds * odds).sum(axis=0))


def fertilities_without_each(beliefs: Float[np.ndarray, "T B S"]) -> Float[np.ndarray, "4 T B S"]:
    """The same of all words but one, for each of the T words."""
    odds = _odds(beliefs)
    squares = odds * odds
    none = np.prod(1 / (1 + odds), axis=0) * (1 + odds)
    return _by_number(none, np.maximum(odds.sum(axis=0) - odds, 0.0), np.maximum(squares.sum(axis=0) - squares, 0.0))


class Fertilities(NamedTuple):
    """What is believed of the fertilities of given words.

    Attributes:
        places: the probabilities of each given word where it stands, among those of all pairs.
        vocabulary: their sums for each different word, added to what is known of words as long.
        words: which word stands at each place.
    """

    places: Float[np.ndarray, "4 P"]
    vocabulary: Float[np.ndarray, "4 V"]
    words: Int[np.ndarray, " P"]

    @classmethod
    def learnt(cls, beliefs: Float[np.ndarray, " cells_and_padding"], cells: CellsOneWay) -> "Fertilities":
        """The fertilities under the beliefs of all cells; behind the last one stands a 0."""
        places = np.zeros((_SIZES, len(cells.given.words)))
        for group in cells.groups:
            places[:, group.given] = fertilities(beliefs[group.cells])
        counts = _summed(places, cells.given.words, cells.given.vocabulary_size)
        return cls(places, counts + _FROM_LENGTH * _of_words_as_long(counts, cells.given), cells.given.words)

    def factors(self, beliefs: Float[np.ndarray, "T B S"], given: Int[np.ndarray, "B S"]) -> Float[np.ndarray, "T B S"]:
        """By how much likelier its fertility makes each position, for each word.

        n(k + 1) / n(k) where k other words come from there; its geometric mean over k. Of n the word's own place is
        left out. From 2 on, all steps are as that from 2 to more.

        Args:
            beliefs: of the cells of B pairs.
            given: where their given words stand.
        """
        known = np.maximum(self.vocabulary[:, self.words[given]] - self.places[:, given], 1e-9)
        steps = np.diff(np.log(known), axis=0)
        others = fertilities_without_each(beliefs)
        found: np.ndarray = np.exp(others[0] * steps[0] + others[1] * steps[1] + (others[2] + others[3]) * steps[2])
        return found


def _odds(beliefs: Float[np.ndarray, "..."]) -> Float[np.ndarray, "..."]:
    bounded = np.minimum(beliefs, _CERTAIN)
    found: np.ndarray = bounded / (1 - bounded)
    return found


def _by_number(none: np.ndarray, odds: np.ndarray, squares: np.ndarray) -> np.ndarray:
    """The probabilities, from that of none, the sum of the odds, and the sum of their squares."""
    one, two = none * odds, none * np.maximum(odds * odds - squares, 0.0) / 2
    return np.stack([none, one, two, np.maximum(1 - none - one - two, 0.0)])


def _of_words_as_long(counts: Float[np.ndarray, "4 V"], side: Side) -> Float[np.ndarray, "4 V"]:
    """For each word, how the fertilities of all words of as many letters are shared out."""
    letters = np.minimum(side.letters, _LONGEST)
    everywhere = (counts.sum(axis=1, keepdims=True) + 1) / (counts.sum() + _SIZES)
    by_length = _summed(counts, letters, _LONGEST + 1) + _FROM_ALL * everywhere
    found: np.ndarray = (by_length / by_length.sum(axis=0))[:, letters]
    return found


def _summed(rows: Float[np.ndarray, "4 N"], groups: Int[np.ndarray, " N"], size: int) -> Float[np.ndarray, "4 size"]:
    return np.stack([np.bincount(groups, row, minlength=size) for row in rows])
