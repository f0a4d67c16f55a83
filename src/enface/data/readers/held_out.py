"""Validation and test pairs for a corpus that has only training data: some of it, held out."""

import random
from collections.abc import Iterator

from enface.data.prepared import TRAIN, VALIDATION
from enface.data.readers.pair import RawPair, Reader, in_order
from enface.errors import DataError

TEST = "test"


def with_held_out(reader: Reader, *, validation: int, test: int, seed: int) -> Reader:
    """`reader`, with validation and test pairs drawn from its training pairs where it has no such split of its own.

    Args:
        reader: must have a train split.
        validation: the number of pairs to draw if there is no validation split.
        test: the number of pairs to draw if there is no test split.
        seed: the same seed draws the same pairs.
    """
    own = set(reader.splits)
    wanted = {}
    if VALIDATION not in own:
        wanted[VALIDATION] = validation
    if own <= {TRAIN, VALIDATION}:
        wanted[TEST] = test
    return _HoldingOut(reader, wanted, seed) if wanted else reader


class _HoldingOut:
    """Draws by reservoir sampling (Vitter 1985, algorithm R): one pass, memory for the pairs held out alone."""

    def __init__(self, reader: Reader, wanted: dict[str, int], seed: int) -> None:
        self._reader, self._wanted, self._seed = reader, wanted, seed
        self._drawn: dict[str, dict[int, RawPair]] = {}
        self.splits = in_order([*reader.splits, *wanted])

    def pairs(self, split: str) -> Iterator[RawPair]:
        """The pairs drawn for a split, in the corpus's order; for train, those that are left."""
        if not self._drawn:
            self._drawn = self._draw()
        if split in self._drawn:
            return iter(self._drawn[split].values())
        return self._left() if split == TRAIN else self._reader.pairs(split)

    def _left(self) -> Iterator[RawPair]:
        taken = {index for drawn in self._drawn.values() for index in drawn}
        return (pair for index, pair in enumerate(self._reader.pairs(TRAIN)) if index not in taken)

    def _draw(self) -> dict[str, dict[int, RawPair]]:
        size = sum(self._wanted.values())
        reservoir: list[tuple[int, RawPair]] = []
        generator = random.Random(self._seed)
        full = ((index, pair) for index, pair in enumerate(self._reader.pairs(TRAIN)) if _is_full(pair))
        seen = 0
        for seen, candidate in enumerate(full, start=1):
            place = len(reservoir) if len(reservoir) < size else generator.randrange(seen)
            reservoir[place : place + 1] = [candidate] if place < size else []
        if seen <= size:
            raise DataError(
                f"params.yaml corpus.sizes: {size} pairs are to be held out for {' and '.join(self._wanted)}, but the "
                f"corpus has {seen}; ask for fewer, or give it splits of its own"
            )
        generator.shuffle(reservoir)
        drawn, start = {}, 0
        for split, count in self._wanted.items():
            drawn[split] = dict(sorted(reservoir[start : start + count]))
            start += count
        return drawn


def _is_full(pair: RawPair) -> bool:
    return bool(pair.source.strip() and pair.target.strip())
