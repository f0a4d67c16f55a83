"""Subwords that are cut otherwise each time they are read (BPE-dropout, Provilkov et al. 2020).

A word is put together from its characters by the tokenizer's merges, as ever, but now and then a merge is passed over:
a network sees one word in many spellings, and the parts of rare words more often, which does a small corpus good. It
is for training alone; what is validated, translated and scored is cut in the one usual way. `resegmented.py` reads a
corpus so.
"""

from itertools import pairwise
from random import Random

import numpy as np
import numpy.typing as npt

from enface.alignment.words import PUNCTUATION
from enface.data.prepared import ID, Bounds, Ids
from enface.data.tokenizer import FIRST_TEXT, Tokenizer

DRAWS = 64
"""How often a word is drawn; each time it is read, one of its draws is taken."""

_DRAWS_REMEMBERED, _WORDS_REMEMBERED = 1 << 21, 1 << 18
"""So many are remembered, in some 300 MB at most; with more, all are forgotten, and come out the same again."""

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
        self._known: dict[Subwords, list[bytes]] = {}
        self._remembered = 0

    def word_starts(self, ids: Ids, bounds: Bounds) -> npt.NDArray[np.intp]:
        """Where words begin in sentences that stand one behind the other, as merges know words: a mark is one.

        Args:
            ids: the subwords of all sentences.
            bounds: where each sentence begins, and the end of the last.
        """
        starts = self._begins[ids]
        starts[1:] |= self._ends[ids[:-1]]
        starts[bounds[:-1][np.diff(bounds) > 0]] = True
        return np.flatnonzero(starts)

    def draw(self, word: Subwords, number: int) -> bytes:
        """The subwords of a word, given as it is usually cut, in one of its draws: ids as in the prepared folder."""
        draws = self._known.get(word)
        if draws is None:
            if len(self._known) == _WORDS_REMEMBERED:
                self._known, self._remembered = {}, 0
            draws = self._known[word] = [b""] * DRAWS
        if not draws[number]:
            if self._remembered == _DRAWS_REMEMBERED:
                self._known, self._remembered = {word: draws}, 0
            draws[number] = np.array(self._joined(word, Random(f"{self.seed} {number} {word}")), ID).tobytes()
            self._remembered += 1
        return draws[number]

    def _joined(self, word: Subwords, random: Random) -> list[int]:
        ids = [character for id in word for character in self._characters[id]]
        while True:
            merges = ((*self._merges[pair], place) for place, pair in enumerate(pairwise(ids)) if pair in self._merges)
            taken = min((merge for merge in merges if random.random() >= self._dropout), default=None)
            if taken is None:
                return ids
            _, merged, place = taken
            ids[place : place + 2] = [merged]
