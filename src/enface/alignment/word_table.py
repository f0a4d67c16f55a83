"""Which word becomes which: an aligner's tables t(generated | given), where each cell is judged by all the others.

The tables have a sparse Dirichlet prior and are integrated out, as in the samplers of Mermer and Saraclar (2011) and of
Östling and Tiedemann (2016), but with shares of cells in place of samples: collapsed variational Bayes in its simplest
form, CVB0 (Asuncion et al. 2009). That a cell's own share is left out matters where words are rare: two that stand in
one pair only are no evidence for each other. What is not known of two words is taken from their stems, that is, from
all words that begin as they do (Fraser and Marcu 2005 align stems cut off like that).
"""

import numpy as np
from jaxtyping import Float

from enface.alignment.cells import CellsOneWay, Group

_PRIOR = 0.001  # of each word or stem; that of Östling and Tiedemann
_FROM_STEMS = 1.0
"""How many words seen the stems are worth."""


class WordTable:
    """The tables of words, under `shares`: how much each cell counts, with a 0 behind the last for padding."""

    def __init__(self, cells: CellsOneWay, shares: Float[np.ndarray, " cells_and_padding"]) -> None:
        self._cells, self._shares = cells, shares
        self._counts = np.bincount(cells.entry, shares[:-1], minlength=len(cells.given_of_entry))
        self._sums = np.bincount(cells.given_of_entry, self._counts, minlength=cells.given.vocabulary_size)
        self._stem_counts = np.bincount(cells.stems_of_entry, self._counts)
        self._stem_sums = np.bincount(cells.given.stems, self._sums)
        explained = np.bincount(cells.generated_place, shares[:-1], minlength=len(cells.generated.words))
        self._left = np.maximum(1 - explained, 0.0)  # of each generated word, the share of none
        self._from_none = np.bincount(cells.generated.words, self._left, minlength=cells.generated.vocabulary_size)

    def from_given(self, group: Group) -> Float[np.ndarray, "T B S"]:
        """t(generated word | given word) of each cell of a group; anything above 0 on padding.

        (count + a + b s) / (sum + a V + b), where s is t(stem | stem) and the word's share of its stem.
        """
        cells = self._cells
        entry = cells.entry.take(group.cells, mode="clip")
        own = self._shares[group.cells]
        given = cells.given.words[group.given]
        found: np.ndarray = self._from_stems(entry, given, own)
        found *= _FROM_STEMS
        found += np.maximum(self._counts[entry] - own, 0.0) + _PRIOR
        found /= np.maximum(self._sums[given] - own, 0.0) + _PRIOR * cells.generated.vocabulary_size + _FROM_STEMS
        return found

    def _from_stems(self, entry: np.ndarray, given: np.ndarray, own: np.ndarray) -> np.ndarray:
        cells = self._cells
        counts = self._stem_counts[cells.stems_of_entry[entry]] - own
        sums = self._stem_sums[cells.given.stems[given]] - own
        share: np.ndarray = cells.generated.share_of_stem[cells.generated_of_entry[entry]]
        found: np.ndarray = share * _judged(counts, sums, int(cells.generated.stems.max()) + 1)
        return found

    def from_none(self, group: Group) -> Float[np.ndarray, "T B"]:
        """t(generated word | none) of each generated word of a group; anything above 0 on padding."""
        words = self._cells.generated.words.take(group.words, mode="clip")
        own = self._left.take(group.words, mode="clip")
        sums = self._from_none.sum() - own
        return _judged(self._from_none[words] - own, sums, self._cells.generated.vocabulary_size)


def _judged(counts: np.ndarray, sums: np.ndarray, size: int) -> np.ndarray:
    """(count + a) / (sum + a V); what rounding leaves below 0 is 0."""
    found: np.ndarray = (np.maximum(counts, 0.0) + _PRIOR) / (np.maximum(sums, 0.0) + _PRIOR * size)
    return found
