"""Subwords that are cut otherwise each time they are read (BPE-dropout, Provilkov et al. 2020).

A word is put together from its characters by the tokenizer's merges, as ever, but now and then a merge is passed over:
a network sees one word in many spellings, and the parts of rare words more often, which does a small corpus good. It
is for training alone; what is validated, translated and scored is cut in the one usual way.

What is drawn depends on nothing but the seed, the epoch and the number of the pair, so that a resumed training reads
what it would have read.
"""

from itertools import pairwise
from random import Random

import numpy as np

from enface.alignment.words import PUNCTUATION
from enface.data.links import to_subwords
from enface.data.prepared import EncodedSplit, Ids
from enface.data.tokenizer import FIRST_TEXT, Tokenizer

_DRAWS = 64
"""How often a word is drawn; each time it is read, one of its draws is taken."""

_WORDS_KNOWN = 1 << 16
"""Words whose draws are remembered; those of others are forgotten, and come out the same again."""

Subwords = tuple[int, ...]


class BpeDropout:
    """Words as subwords, each merge being passed over with the probability `dropout` (Provilkov et al., algorithm 1).

    Args:
        tokenizer: whose merges they are.
        dropout: p of the paper; at 0 words are cut as the tokenizer does.
        seed: of the draws.
    """

    def __init__(self, tokenizer: Tokenizer, *, dropout: float, seed: int) -> None:
        self.seed = seed
        self._dropout = dropout
        pieces = tokenizer.pieces
        ids = {piece: id for id, piece in enumerate(pieces)}
        self._merges = {
            (ids[left], ids[right]): (rank, ids[left + right]) for rank, (left, right) in enumerate(tokenizer.merges)
        }
        self._characters = [
            tuple(ids[character] for character in piece) if id >= FIRST_TEXT else (id,)
            for id, piece in enumerate(pieces)
        ]
        self._begins = np.array([piece[0] == " " or piece in PUNCTUATION for piece in pieces])
        self._ends = np.array([piece[-1] in PUNCTUATION for piece in pieces])
        self._known: dict[Subwords, list[Subwords]] = {}

    def words(self, ids: Ids) -> list[Subwords]:
        """A sentence's subwords, word by word, as merges know words: a mark of punctuation is one."""
        starts = self._begins[ids]
        starts[1:] |= self._ends[ids[:-1]]
        starts[:1] = True
        bounds = [*np.flatnonzero(starts).tolist(), len(ids)]
        whole = ids.tolist()
        return [tuple(whole[start:end]) for start, end in pairwise(bounds)]

    def draw(self, word: Subwords, number: int) -> Subwords:
        """The subwords of a word in one of its draws."""
        draws = self._known.get(word)
        if draws is None:
            if len(self._known) >= _WORDS_KNOWN:
                self._known.clear()
            draws = self._known[word] = [()] * _DRAWS
        if not draws[number]:
            draws[number] = self._join(word, Random(f"{self.seed} {number} {word}"))
        return draws[number]

    def _join(self, word: Subwords, random: Random) -> Subwords:
        ids = [character for id in word for character in self._characters[id]]
        while True:
            merges = ((*self._merges[pair], place) for place, pair in enumerate(pairwise(ids)) if pair in self._merges)
            taken = min((merge for merge in merges if random.random() >= self._dropout), default=None)
            if taken is None:
                return tuple(ids)
            _, merged, place = taken
            ids[place : place + 2] = [merged]


class Resegmented:
    """The pairs of a split as they are cut in one epoch; their lengths are those of the usual cut, for planning."""

    def __init__(self, split: EncodedSplit, dropout: BpeDropout, epoch: int) -> None:
        self._split, self._dropout, self._epoch = split, dropout, epoch
        self.source_lengths, self.target_lengths = split.source_lengths, split.target_lengths

    def source(self, index: int) -> Ids:
        """The source ids of a pair, without special ones."""
        return _joined(self._drawn(index, "source", self._split.source(index)))

    def target(self, index: int) -> Ids:
        """The target ids of a pair, without special ones."""
        return _joined(self._drawn(index, "target", self._split.target(index)))

    def links(self, index: int) -> Ids:
        """The sure links of a pair, as in `EncodedSplit`: of a linked word, all that it is cut into is linked."""
        usual = {"source": self._split.source(index), "target": self._split.target(index)}
        source, target = (_word_numbers(self._dropout.words(ids)) for ids in usual.values())
        linked = {(source[one], target[other]) for one, other in self._split.links(index).tolist()}
        source, target = (_word_numbers(self._drawn(index, side, ids)) for side, ids in usual.items())
        return to_subwords(linked, source_words=source, target_words=target)

    def _drawn(self, index: int, side: str, usual: Ids) -> list[Subwords]:
        words = self._dropout.words(usual)
        draws = Random(f"{self._dropout.seed} {self._epoch} {index} {side}").randbytes(len(words))
        return [self._dropout.draw(word, byte % _DRAWS) for word, byte in zip(words, draws, strict=True)]


def _joined(words: list[Subwords]) -> Ids:
    return np.array([id for word in words for id in word], np.int32)


def _word_numbers(words: list[Subwords]) -> list[int]:
    """The word of each subword."""
    return [number for number, word in enumerate(words) for _ in word]
