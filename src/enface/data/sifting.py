"""What of a pair can be decided by looking at the pair alone, a chunk of them at a time and anywhere.

Normalising, counting words, the rules on length, and what a judge says: most of the work of cleaning, and none of it
depends on other pairs. What does stands in `cleaning.py`, with the list of all rules.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from unicodedata import category

from enface.alignment.words import split_words
from enface.data.prepared import TRAIN
from enface.data.readers.pair import RawPair, Reader
from enface.data.text import normalise

EMPTY, TOO_LONG, RATIO = "empty", "too_long", "ratio"

_INVISIBLE = {"Cc", "Cf", "Zl", "Zp", "Zs"}

Accepts = Callable[[Sequence[tuple[str, str]]], Sequence[bool]]
"""A judge: whether each pair (source, target) of several may stay."""


class CleanPair(NamedTuple):
    """A pair normalised, with the number of words of each side."""

    source: str
    target: str
    source_words: int
    target_words: int


class Sifted(NamedTuple):
    """A pair as it was read, what is kept of it or the reason why nothing is, and what a judge says of it."""

    raw: RawPair
    judged: CleanPair | str
    accepted: bool = True


@dataclass(frozen=True)
class Sieve:
    """The rules on single pairs; test and validation splits lose empty pairs alone."""

    split: str
    max_length_words: int
    max_length_ratio: float

    def sift(self, raw: RawPair) -> CleanPair | str:
        """The pair normalised, or the reason why it is not kept."""
        source, target = normalise(raw.source), normalise(raw.target)
        if _is_empty(source) or _is_empty(target):
            return EMPTY
        pair = CleanPair(source, target, len(split_words(source)), len(split_words(target)))
        return (self._reason(pair) or pair) if self.split == TRAIN else pair

    def _reason(self, pair: CleanPair) -> str | None:
        shorter, longer = sorted((pair.source_words, pair.target_words))
        if longer > self.max_length_words:
            return TOO_LONG
        return RATIO if longer > shorter * self.max_length_ratio else None


def _is_empty(text: str) -> bool:
    """Whether a normalised text has no visible character; most are told by one quick look."""
    return not text or (not text.isprintable() and all(category(each) in _INVISIBLE for each in text))


@dataclass(frozen=True)
class RawChunks:
    """A split of a corpus in chunks; it is read anew each time, and read elsewhere if it is sent there."""

    reader: Reader
    split: str
    pairs: int

    def __iter__(self) -> Iterator[list[RawPair]]:
        raws = iter(self.reader.pairs(self.split))
        while chunk := list(itertools.islice(raws, self.pairs)):
            yield chunk


def open_sieve(sieve: Sieve, open_judge: Callable[[], Accepts] | None) -> Callable[[Sequence[RawPair]], list[Sifted]]:
    """What sifts chunks, with the judge opened if there is one; it is asked about training pairs alone."""
    accepts = open_judge() if open_judge and sieve.split == TRAIN else None

    def sift(raws: Sequence[RawPair]) -> list[Sifted]:
        found = [Sifted(raw, sieve.sift(raw)) for raw in raws]
        if accepts is None:
            return found
        left = [sifted.judged for sifted in found if isinstance(sifted.judged, CleanPair)]
        answers = iter(accepts([(pair.source, pair.target) for pair in left]))
        return [
            sifted if isinstance(sifted.judged, str) else sifted._replace(accepted=bool(next(answers)))
            for sifted in found
        ]

    return sift
