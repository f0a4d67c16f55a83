"""What every reader yields, and what a reader is.

A reader turns one kind of corpus into raw pairs, split by split, as a stream. It refuses what it cannot read, with file
and line; it neither cleans nor normalises (see `enface.data.cleaning`).
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Protocol

from enface.data.prepared import TRAIN, VALIDATION

_VALIDATION_NAMES = {"validation", "valid", "val", "dev"}
_TEST_NAME = re.compile(r"test[\w.-]*")


class RawPair(NamedTuple):
    """A source sentence, its translation, the gold alignment if there is one, and where they stand."""

    source: str
    target: str
    links: str | None
    """A Pharaoh line over the words of the NFC texts, or None."""
    origin: str
    """`file:line`, or what comes nearest to it."""


class Reader(Protocol):
    """One corpus in one direction."""

    @property
    def splits(self) -> Sequence[str]:
        """The splits that hold the language pair: `train`, `validation` and any `test...`, as far as they exist."""

    def pairs(self, split: str) -> Iterator[RawPair]:
        """The pairs of a split, read again from the start at every call."""


def split_named(stem: str) -> str | None:
    """The split that a file called `stem` holds: `val` is validation, `test_2016` a test split; None for others."""
    if stem == TRAIN or _TEST_NAME.fullmatch(stem):
        return stem
    return VALIDATION if stem in _VALIDATION_NAMES else None


def in_order(splits: Sequence[str]) -> list[str]:
    """`splits` with train first, validation second and the tests after them by name."""
    return sorted(splits, key=lambda split: ({TRAIN: 0, VALIDATION: 1}.get(split, 2), split))
