"""A word aligner that needs no network and no teacher: links learnt from the parallel text itself, both ways.

Two models, each of how the words of one side come from those of the other (Brown et al. 1993, Model 1, for the first
rounds; then `chain.py` for the order), trained by expectation and maximisation with sparse tables (`dirichlet.py`).
Words are linked where the two together find it likelier than not.

It links the very pairs it learns from; nothing is kept for others. Memory: about 150 bytes for each source word with
each target word of a pair, 1 GB for 40,000 pairs of 13 words.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float

from enface.alignment.cells import Cells, Side
from enface.alignment.chain import FROM_NONE, Chain, Jumps
from enface.alignment.dirichlet import variational_weights
from enface.alignment.links import Link

_PRIOR = 0.01  # of the tables of words; Riley and Gildea 2012, section 5, find anything well below 1 alike
_ROUNDS_WITHOUT_ORDER, _ROUNDS_WITH_ORDER = 5, 5


def align_corpus(pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[list[Link]]:
    """The links of each pair, sorted: where the mean of both models' posteriors is above a half.

    Args:
        pairs: the words of source and target; in lower case, if case is not to matter. A side may be empty.
    """
    source, target = (Side([pair[side] for pair in pairs]) for side in (0, 1))
    cells = Cells(source, target)
    if not len(cells):
        return [[] for _ in pairs]
    both = (OneWay(cells, given_source=True).learnt() + OneWay(cells, given_source=False).learnt()) / 2
    return _links(both, cells)


class OneWay:
    """The model of one direction: tables of words, jumps, and the posterior of every cell."""

    def __init__(self, cells: Cells, *, given_source: bool) -> None:
        self._cells = cells
        generated = cells.target if given_source else cells.source
        self._words = generated.words
        self._place = cells.target_place if given_source else cells.source_place
        self._given_of_entry = cells.source_of_entry if given_source else cells.target_of_entry
        self._groups = list(cells.groups(given_source=given_source))
        even = 1.0 / generated.vocabulary_size
        self._table = np.full(len(self._given_of_entry), even)
        self._none = np.full(generated.vocabulary_size, even)
        self._jumps = Jumps.at_start()

    def learnt(self) -> Float[np.ndarray, " cells"]:
        """The probability of every cell, after all rounds, that its generated word comes from its given one."""
        for _ in range(_ROUNDS_WITHOUT_ORDER):
            self._maximise(self._posteriors(in_order=False))
        for _ in range(_ROUNDS_WITH_ORDER):
            self._maximise(self._posteriors(in_order=True))
        return self._posteriors(in_order=True)

    def _posteriors(self, *, in_order: bool) -> Float[np.ndarray, " cells"]:
        """The probabilities under the tables as they are; the jumps are counted anew where order counts."""
        from_given = np.append(self._table[self._cells.entry], 0.0)
        from_none = np.append(self._none[self._words], 1.0)
        found, counted = np.zeros(len(self._cells) + 1), Jumps.few()
        for group in self._groups:
            given, none = from_given[group.cells], from_none[group.words]
            if in_order:
                cells, jumps = Chain(self._jumps, given.shape[2]).posteriors(given, none, group.valid)
                counted = Jumps(*(old + new for old, new in zip(counted, jumps, strict=True)))
            else:
                cells = _without_order(given, none)
            found[group.cells] = cells
        if in_order:
            self._jumps = counted
        return found[:-1]

    def _maximise(self, posteriors: Float[np.ndarray, " cells"]) -> None:
        """The tables that fit the posteriors."""
        counts = np.bincount(self._cells.entry, posteriors, minlength=len(self._table))
        self._table = variational_weights(counts, self._given_of_entry, prior=_PRIOR)
        explained = np.bincount(self._place, posteriors, minlength=len(self._words))
        left = np.bincount(self._words, np.maximum(1 - explained, 0.0), minlength=len(self._none))
        self._none = variational_weights(left, np.zeros(len(left), dtype=np.int64), prior=_PRIOR)


def _without_order(given: Float[np.ndarray, "T B S"], none: Float[np.ndarray, "T B"]) -> Float[np.ndarray, "T B S"]:
    """Posteriors where every position is as likely as any other."""
    shares = (1 - FROM_NONE) / given.shape[2] * given
    found: np.ndarray = shares / (shares.sum(axis=2) + FROM_NONE * none)[..., None]
    return found


def _links(probabilities: Float[np.ndarray, " cells"], cells: Cells) -> list[list[Link]]:
    links: list[list[Link]] = [[] for _ in cells.starts]
    linked = np.flatnonzero(probabilities > 0.5)
    for pair, place in zip(np.searchsorted(cells.starts, linked, side="right") - 1, linked, strict=True):
        target, source = divmod(int(place - cells.starts[pair]), int(cells.source.lengths[pair]))
        links[pair].append((source, target))
    return [sorted(found) for found in links]
