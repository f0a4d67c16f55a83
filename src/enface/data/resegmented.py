"""A corpus whose words are cut anew in each epoch, a shard at a time (`bpe_dropout.py` says how a word is).

In which of its draws a word is read depends on nothing but the seed, the epoch, the pair and the word's place, so that
a resumed training reads what it would have read.
"""

from dataclasses import dataclass
from random import Random

import numpy as np
import numpy.typing as npt

from enface.data.bpe_dropout import DRAWS, BpeDropout
from enface.data.links import to_subwords
from enface.data.prepared import ID, SIDES, Bounds, EncodedSplit, Ids

_SAMPLE_PAIRS = 1_000
"""Pairs by which it is told how much longer sentences become."""

Numbers = npt.NDArray[np.int64]


class Resegmented:
    """A split whose words are cut anew."""

    def __init__(self, split: EncodedSplit, dropout: BpeDropout) -> None:
        self._split, self._dropout = split, dropout
        sample = np.arange(min(_SAMPLE_PAIRS, len(split)))
        drawn = sum(int(lengths.sum()) for lengths in self.in_epoch(0).lengths(sample))
        usual = int(split.source_lengths[sample].sum() + split.target_lengths[sample].sum())
        self.growth = drawn / max(usual, 1)
        """How many times as long sentences become."""

    def in_epoch(self, epoch: int) -> "EpochPairs":
        """The pairs as they are read in one epoch."""
        return EpochPairs(self._split, self._dropout, epoch)


class EpochPairs:
    """The pairs of one epoch; what is read are those whose lengths were asked for last."""

    def __init__(self, split: EncodedSplit, dropout: BpeDropout, epoch: int) -> None:
        self._split, self._dropout, self._epoch = split, dropout, epoch
        self._indices = np.zeros(0, np.int64)
        self._cuts: list[_Cut] = []

    def lengths(self, indices: npt.NDArray[np.int64]) -> tuple[Numbers, Numbers]:
        """The number of source and of target subwords of the pairs at `indices`, which ascend; they are cut for it."""
        self._indices = indices
        self._cuts = [self._cut(number, indices) for number in range(len(SIDES))]
        source, target = (np.diff(cut.bounds) for cut in self._cuts)
        return source, target

    def source(self, index: int) -> Ids:
        """The source ids of a pair, without special ones."""
        return self._cuts[0].sentence(self._place(index))

    def target(self, index: int) -> Ids:
        """The target ids of a pair, without special ones."""
        return self._cuts[1].sentence(self._place(index))

    def links(self, index: int) -> Ids:
        """The sure links of a pair, as in `EncodedSplit`: of a linked word, all that it is cut into is linked."""
        place = self._place(index)
        source, target = (cut.word_numbers(place, cut.usual) for cut in self._cuts)
        linked = {(source[one], target[other]) for one, other in self._split.links(index).tolist()}
        source, target = (cut.word_numbers(place, cut.drawn) for cut in self._cuts)
        return to_subwords(linked, source_words=source, target_words=target)

    def _place(self, index: int) -> int:
        place = int(np.searchsorted(self._indices, index))
        assert self._indices[place] == index
        return place

    def _cut(self, side: int, indices: npt.NDArray[np.int64]) -> "_Cut":
        read = (self._split.source, self._split.target)[side]
        rows = [read(index) for index in indices.tolist()]
        bounds = _bounds(np.fromiter(map(len, rows), np.int64, len(rows)))
        ids = np.concatenate([*rows, np.zeros(0, np.int32)])
        starts = self._dropout.word_starts(ids, bounds)
        usual = np.diff(np.append(starts, len(ids)))
        words = np.searchsorted(starts, bounds)  # of each sentence, where its words begin among all words
        spelt, kinds = self._spelt(ids, starts, usual, self._draws(side, indices, words))
        lengths = np.fromiter(map(len, spelt), np.int64, len(spelt)) // ID.itemsize
        drawn = lengths[kinds]
        new = np.frombuffer(b"".join(spelt), ID)[_ranges(_bounds(lengths)[:-1][kinds], drawn)]
        return _Cut(new, _bounds(drawn)[words], words, usual, drawn)

    def _spelt(self, ids: Ids, starts: Numbers, lengths: Numbers, draws: Numbers) -> tuple[list[bytes], Numbers]:
        """The different spellings that are read, and which of them each word has."""
        _, first, kinds = np.unique(_hashes(ids, starts, lengths), return_index=True, return_inverse=True)
        needed, places = np.unique(kinds * DRAWS + draws, return_inverse=True)
        known = [tuple(ids[starts[at] : starts[at] + lengths[at]].tolist()) for at in first.tolist()]
        return [self._dropout.draw(known[which // DRAWS], which % DRAWS) for which in needed.tolist()], places

    def _draws(self, side: int, indices: npt.NDArray[np.int64], words: Numbers) -> Numbers:
        """The number of the draw that each word of the pairs is read in."""
        counts = np.diff(words)
        pairs = np.repeat(indices, counts).astype(np.uint64)
        places = (np.arange(words[-1]) - np.repeat(words[:-1], counts)).astype(np.uint64)
        key = np.uint64(Random(f"{self._dropout.seed} {self._epoch} {SIDES[side]}").getrandbits(64))
        return (_mixed(_mixed(pairs + key) + places) % np.uint64(DRAWS)).astype(np.int64)


@dataclass(frozen=True)
class _Cut:
    """One side of some pairs, sentences one behind the other."""

    ids: Ids
    bounds: Bounds  # of sentences among `ids`
    words: Numbers  # of sentences among all words
    usual: Numbers  # the number of subwords of each word, as it is usually cut
    drawn: Numbers  # and as it is here

    def sentence(self, place: int) -> Ids:
        """The ids of one sentence."""
        return self.ids[self.bounds[place] : self.bounds[place + 1]]

    def word_numbers(self, place: int, lengths: Numbers) -> list[int]:
        """The word of each subword of a sentence whose words have these lengths."""
        of_words = lengths[self.words[place] : self.words[place + 1]]
        found: list[int] = np.repeat(np.arange(len(of_words)), of_words).tolist()
        return found


def _bounds(lengths: Numbers) -> Bounds:
    return np.append(0, np.cumsum(lengths, dtype=np.int64))


def _ranges(starts: Numbers, lengths: Numbers) -> Numbers:
    """All numbers of the ranges that begin at `starts`, one range behind the other."""
    ends = np.cumsum(lengths)
    found: Numbers = np.arange(ends[-1] if len(ends) else 0) + np.repeat(starts - (ends - lengths), lengths)
    return found


def _hashes(ids: Ids, starts: Numbers, lengths: Numbers) -> npt.NDArray[np.uint64]:
    """A number for each word that no other word has, but by a chance of one in billions of billions."""
    if not len(starts):
        return np.zeros(0, np.uint64)
    places = (np.arange(len(ids)) - np.repeat(starts, lengths)).astype(np.uint64)
    found: npt.NDArray[np.uint64] = np.add.reduceat(_mixed(_mixed(places) + ids.astype(np.uint64)), starts)
    return found


def _mixed(numbers: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Numbers that look drawn by chance, the same for the same ones: a step of SplitMix64 (Steele et al. 2014)."""
    found = numbers + np.uint64(0x9E3779B97F4A7C15)
    found = (found ^ (found >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    found = (found ^ (found >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return found ^ (found >> np.uint64(31))
