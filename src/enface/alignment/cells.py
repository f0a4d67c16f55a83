"""The cells of a parallel text: every source word of a pair with every target word of it, as flat arrays.

The cells of a pair stand together, those of a target word beside each other; pairs follow in order. Words are numbers.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Int

_CELLS_AT_ONCE = 200_000

_STEM = 5
"""Words that begin with the same letters, so many, are taken for forms of one."""


class Group(NamedTuple):
    """B pairs of the same number of given words S; T generated words at most. Padding points behind the last cell."""

    cells: Int[np.ndarray, "T B S"]
    words: Int[np.ndarray, "T B"]  # where each generated word stands among those of all pairs
    given: Int[np.ndarray, "B S"]  # the same of each given word
    valid: Bool[np.ndarray, "T B"]


class Side:
    """One side of the pairs: its words in one array, and where those of each pair begin.

    Attributes:
        letters: how long each different word is.
        stems: which stem it has.
        share_of_stem: how many of the words with that stem are this one, from 0 to 1.
    """

    def __init__(self, sentences: Sequence[Sequence[str]]) -> None:
        numbers: dict[str, int] = {}
        words = [numbers.setdefault(word, len(numbers)) for sentence in sentences for word in sentence]
        self.words = np.array(words, dtype=np.int64)
        self.lengths = np.array([len(sentence) for sentence in sentences], dtype=np.int64)
        self.starts = np.cumsum(self.lengths) - self.lengths
        self.vocabulary_size = len(numbers)
        self.letters = np.array([len(word) for word in numbers], dtype=np.int64)
        stems: dict[str, int] = {}
        self.stems = np.array([stems.setdefault(word[:_STEM], len(stems)) for word in numbers], dtype=np.int64)
        seen = np.bincount(self.words, minlength=len(numbers))
        self.share_of_stem = seen / np.bincount(self.stems, seen)[self.stems]


class CellsOneWay(NamedTuple):
    """The cells where the words of one side are generated and those of the other given; arrays as in `Cells`."""

    given: Side
    generated: Side
    entry: Int[np.ndarray, " cells"]
    given_of_entry: Int[np.ndarray, " entries"]
    generated_of_entry: Int[np.ndarray, " entries"]
    stems_of_entry: Int[np.ndarray, " entries"]
    generated_place: Int[np.ndarray, " cells"]
    groups: list[Group]


class Cells:
    """The cells of pairs, and which two words meet in each.

    Attributes:
        entry: of each cell, the number of its two words among all that ever meet.
        source_of_entry: the source word of each such two, and `target_of_entry` the target word.
        stems_of_entry: the number of its two stems among all that ever meet.
    """

    def __init__(self, source: Side, target: Side) -> None:
        self.source, self.target = source, target
        sizes = source.lengths * target.lengths
        self.starts = np.cumsum(sizes) - sizes
        pair = np.repeat(np.arange(len(sizes)), sizes)
        inside = np.arange(len(pair)) - self.starts[pair]
        width = source.lengths[pair]
        self.source_place = source.starts[pair] + inside % width
        self.target_place = target.starts[pair] + inside // width
        met = source.words[self.source_place] * max(target.vocabulary_size, 1) + target.words[self.target_place]
        known, self.entry = np.unique(met, return_inverse=True)
        self.source_of_entry, self.target_of_entry = np.divmod(known, max(target.vocabulary_size, 1))
        stems = source.stems[self.source_of_entry] * max(target.vocabulary_size, 1) + target.stems[self.target_of_entry]
        self.stems_of_entry = np.unique(stems, return_inverse=True)[1]

    def __len__(self) -> int:
        return len(self.entry)

    def one_way(self, *, given_source: bool) -> CellsOneWay:
        """The cells of one direction."""
        groups = list(self.groups(given_source=given_source))
        sides, words, place = (
            (self.source, self.target),
            (self.source_of_entry, self.target_of_entry),
            self.target_place,
        )
        if not given_source:
            sides, words, place = sides[::-1], words[::-1], self.source_place
        return CellsOneWay(*sides, self.entry, *words, self.stems_of_entry, place, groups)

    def groups(self, *, given_source: bool) -> Iterator[Group]:
        """All pairs with words on both sides, those together that have as many words on the given side."""
        given, generated = (self.source, self.target) if given_source else (self.target, self.source)
        order = np.lexsort((generated.lengths, given.lengths))
        order = order[(given.lengths[order] > 0) & (generated.lengths[order] > 0)]
        rows, columns, start = given.lengths[order], generated.lengths[order], 0
        for end in range(1, len(order) + 1):
            if end == len(order) or _ends(rows, columns, start, end):
                yield self._group(order[start:end], given_source=given_source)
                start = end

    def _group(self, pairs: np.ndarray, *, given_source: bool) -> Group:
        given, generated = (self.source, self.target) if given_source else (self.target, self.source)
        lengths = generated.lengths[pairs]
        times = np.arange(lengths.max())[:, None]
        valid = times < lengths
        words = np.where(valid, generated.starts[pairs] + times, len(generated.words))
        width = self.source.lengths[pairs]
        positions = np.arange(given.lengths[pairs[0]])
        row, column = (times[..., None], positions) if given_source else (positions, times[..., None])
        cells = self.starts[pairs][None, :, None] + row * width[None, :, None] + column
        places = given.starts[pairs][:, None] + positions
        return Group(np.where(valid[..., None], cells, len(self)), words, places, valid)


def _ends(given: np.ndarray, generated: np.ndarray, start: int, end: int) -> bool:
    """Whether the pair at `end` begins another group: for its length, or lest there be much padding or many cells."""
    cells = int(generated[end]) * int(given[start]) * (end - start)
    return bool(given[end] != given[start] or generated[end] > 1.3 * generated[start] + 2 or cells > _CELLS_AT_ONCE)
