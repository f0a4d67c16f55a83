"""Texts to rows of ids, for whole corpora: what stands between two spaces is encoded once, and looked up ever after.

No subword reaches over a space, so that the ids of a text are those of its parts, one behind the other. Texts that are
encoded once, as in serving, are better given to the tokenizer as they are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from enface.data.prepared import BOUND, ID
from enface.data.tokenizer import Tokenizer

_PARTS_KNOWN = 1 << 17
"""Parts that are remembered, in some 30 MB; all are forgotten when there are more."""


@dataclass(frozen=True)
class Rows:
    """Rows of numbers, one behind the other, and how many each has."""

    numbers: np.ndarray
    lengths: np.ndarray


class PartsEncoder:
    """Encodes texts as the tokenizer does, part by part, and remembers the parts."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._ids = _Known(lambda part: [id for word in tokenizer.encode_words(part) for id in word])
        self._counts = _Known(lambda part: [len(word) for word in tokenizer.encode_words(part)])

    def rows(self, texts: Sequence[str]) -> Rows:
        """The ids of each text."""
        rows = [b"".join(map(self._ids.__getitem__, text.split(" "))) for text in texts]
        lengths = np.fromiter(map(len, rows), dtype=BOUND, count=len(rows)) // ID.itemsize
        return Rows(np.frombuffer(b"".join(rows), dtype=ID), lengths)

    def words(self, text: str) -> list[int]:
        """The number of the word, from 0, that each subword of the text is of."""
        counts = np.frombuffer(b"".join(map(self._counts.__getitem__, text.split(" "))), dtype=ID)
        numbers: list[int] = np.repeat(np.arange(len(counts)), counts).tolist()
        return numbers


class _Known(dict[str, bytes]):
    """Numbers that go with parts of texts, found when a part is first asked for."""

    def __init__(self, find: Callable[[str], list[int]]) -> None:
        super().__init__()
        self._find = find

    def __missing__(self, part: str) -> bytes:
        if len(self) >= _PARTS_KNOWN:
            self.clear()
        found = self[part] = np.array(self._find(part), dtype=ID).tobytes()
        return found
