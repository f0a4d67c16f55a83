"""An aligner's model of one direction: which given word each generated word comes from, or that it comes from none.

A chain over positions (`chain.py`), where a position is as likely as its word is to become the generated one
(`word_table.py`) and as one word more fits those that come from it already (`fertility.py`).
"""

import numpy as np
from jaxtyping import Bool, Float

from enface.alignment.cells import CellsOneWay
from enface.alignment.chain import FROM_NONE, Chain, Jumps
from enface.alignment.fertility import Fertilities
from enface.alignment.word_table import WordTable


class OneWay:
    """The model of one direction.

    Attributes:
        beliefs: for every cell, the probability that its generated word comes from its given one; at first all given
            words of a pair are alike. Behind the last cell stands a 0, for padding.
    """

    def __init__(self, cells: CellsOneWay) -> None:
        self._cells = cells
        self._jumps = Jumps.at_start()
        self.beliefs = np.zeros(len(cells.entry) + 1)
        for group in cells.groups:
            even = (1 - FROM_NONE) / group.cells.shape[2]
            self.beliefs[group.cells] = np.where(group.valid[..., None], even, 0.0)

    def learn(self, shares: Float[np.ndarray, " cells_and_padding"], *, in_order: bool) -> None:
        """Believes anew, with tables of words, jumps and fertilities that fit what is believed now.

        Args:
            shares: how much each cell counts for the tables of words, from 0 to 1, with the 0 behind the last.
            in_order: whether jumps and fertilities matter.
        """
        table = WordTable(self._cells, shares)
        if in_order:
            self._learn_in_order(table)
            return
        for group in self._cells.groups:
            found = _without_order(table.from_given(group), table.from_none(group))
            self.beliefs[group.cells] = np.where(group.valid[..., None], found, 0.0)

    def _learn_in_order(self, table: WordTable) -> None:
        fertilities = Fertilities.learnt(self.beliefs, self._cells)
        counted = Jumps.few()
        for group in self._cells.groups:
            given = table.from_given(group) * fertilities.factors(self.beliefs[group.cells], group.given)
            chain = Chain(self._jumps, given.shape[2])
            self.beliefs[group.cells], jumps = chain.posteriors(given, table.from_none(group), group.valid)
            counted = Jumps(*(old + new for old, new in zip(counted, jumps, strict=True)))
        self._jumps = counted

    def linked(self) -> Bool[np.ndarray, " cells"]:
        """For each generated word the cell it likeliest comes from, unless it is likelier to come from none."""
        found = np.zeros(len(self.beliefs), dtype=bool)
        for group in self._cells.groups:
            beliefs = self.beliefs[group.cells]
            best = beliefs.argmax(axis=2)[..., None]
            chosen = np.take_along_axis(beliefs, best, axis=2) > 1 - beliefs.sum(axis=2, keepdims=True)
            found[np.take_along_axis(group.cells, best, axis=2)[chosen]] = True
        return found[:-1]


def _without_order(given: Float[np.ndarray, "T B S"], none: Float[np.ndarray, "T B"]) -> Float[np.ndarray, "T B S"]:
    """Beliefs where every position is as likely as any other."""
    shares = (1 - FROM_NONE) / given.shape[2] * given
    found: np.ndarray = shares / (shares.sum(axis=2) + FROM_NONE * none)[..., None]
    return found
