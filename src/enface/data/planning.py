"""Which pairs stand in a batch together, epoch after epoch: lengths and numbers of pairs alone, no text and no tensors.

A corpus of any size is planned a shard at a time: memory and the time to begin do not grow with it, but for four bytes
a sentence and a count of lengths. A shard is made of blocks from all over the corpus, so that it is like the whole and
yet read in runs of pairs that lie side by side. A corpus of one shard is planned as a whole.

Several devices take their steps together. Batches of a corpus of one shard are dealt out pair by pair: N devices go
through those of one with N times the budget. Of a larger corpus each device has shards of its own and reads no others;
all are at a shard at a time, of as many batches, and in each step at batches of about one length: none waits long.
"""

from collections.abc import Callable, Iterator

import numpy as np

Lengths = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]
"""The source and the target lengths of some pairs."""

SHARD_PAIRS = 1 << 18
"""About the most pairs of a shard."""

_BLOCK_PAIRS = 1 << 10

_OF_BATCHES, _OF_PAIRS = 1, 2
"""Of which order a seed is; not 0, as (1, 2) and (1, 2, 0) are one seed."""


def batch_indices(source_lengths: np.ndarray, target_lengths: np.ndarray, *, batch_tokens: int) -> list[np.ndarray]:
    """Pairs grouped by length into batches of at most `batch_tokens` padded tokens on the longer side, EOS counted.

    A pair longer than the budget is a batch of its own; every pair stands in exactly one batch.
    """
    order = _order(source_lengths, target_lengths)
    return _split(order, _sizes(np.maximum(source_lengths, target_lengths) + 1, batch_tokens))


class Plan:
    """The batches of every epoch, those of one device.

    Within an epoch, the pairs of a shard are shuffled before they are sorted by length (pairs of equal length meet
    others each time), its batches are shuffled afterwards, and so are the shards. Which pairs a shard has stays.

    Where lengths are drawn anew in each epoch, pairs are sorted by them, but there are as many batches, of as many
    pairs, as by the usual lengths times `growth`: all epochs have as many, and the budget is kept but for a little.

    Args:
        source_lengths: subwords of each pair's source.
        target_lengths: the same of the target.
        growth: how many times as long they become when drawn.
        batch_tokens: as for `batch_indices`, of each device.
        seed: of every order.
        rank: which device this is, from 0.
        parts: how many devices there are.
    """

    def __init__(
        self,
        source_lengths: np.ndarray,
        target_lengths: np.ndarray,
        *,
        growth: float = 1.0,
        batch_tokens: int,
        seed: int,
        rank: int = 0,
        parts: int = 1,
    ) -> None:
        self._lengths = source_lengths, target_lengths
        self._seed = seed
        self._rank, self._parts = rank, parts
        self._pairs = len(source_lengths)
        self._one_shard = self._pairs <= SHARD_PAIRS
        at_once, budget = (1, parts * batch_tokens) if self._one_shard else (parts, batch_tokens)
        self._shards = at_once * max(-(-self._pairs // (at_once * SHARD_PAIRS)), 1)
        self._blocks = np.random.default_rng(seed).permutation(-(-self._pairs // _BLOCK_PAIRS))
        longer = (np.maximum(*self._usual(self._indices(shard))) for shard in range(self._shards))
        self._sizes = [_sizes(np.ceil(growth * each).astype(np.int64) + 1, budget) for each in longer]
        self._steps = []
        for first in range(0, self._shards, at_once):
            beside = slice(first, first + at_once)
            steps = max(map(len, self._sizes[beside]))
            self._sizes[beside] = [_in_batches(sizes, steps) for sizes in self._sizes[beside]]
            self._steps.append(steps)

    def __len__(self) -> int:
        """The number of steps of an epoch, the same in all and on all devices: it depends on the lengths alone."""
        return sum(self._steps)

    def batches(self, epoch: int, position: int = 0, *, lengths: Lengths | None = None) -> Iterator[np.ndarray]:
        """The pairs that the device has in each step of the epoch, without its first `position` steps.

        Where there are too few to go round, it has none.

        Args:
            epoch: its number.
            position: how many steps to leave out.
            lengths: gives those of the epoch, where they are drawn, for pairs in ascending order.
        """
        lengths = lengths or self._usual
        random = np.random.default_rng((self._seed, epoch))
        if self._one_shard:
            grouped = self._grouped(0, random, lengths)
            order = random.permutation(len(grouped))[position:]
            yield from (grouped[number][self._rank :: self._parts] for number in order)
            return
        for shards in random.permutation(len(self._steps)).tolist():
            steps = self._steps[shards]
            if position < steps:
                yield from self._own(epoch, shards, lengths)[position:]
            position = max(position - steps, 0)

    def _own(self, epoch: int, shards: int, lengths: Lengths) -> list[np.ndarray]:
        """The batches of the device's own shard of those that are gone through at once, each device in one order."""
        order = np.random.default_rng((self._seed, epoch, shards, _OF_BATCHES)).permutation(self._steps[shards])
        shard = shards * self._parts + self._rank
        grouped = self._grouped(shard, np.random.default_rng((self._seed, epoch, shard, _OF_PAIRS)), lengths)
        none = np.zeros(0, dtype=np.int64)
        return [grouped[number] if number < len(grouped) else none for number in order]

    def _grouped(self, shard: int, random: np.random.Generator, lengths: Lengths) -> list[np.ndarray]:
        """The batches of a shard, the shortest pairs first."""
        indices = self._indices(shard)
        order = random.permutation(len(indices))
        sources, targets = (of_side[order] for of_side in lengths(indices))
        return [indices[order[each]] for each in _split(_order(sources, targets), self._sizes[shard])]

    def _usual(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        source, target = (lengths[indices] for lengths in self._lengths)
        return source, target

    def _indices(self, shard: int) -> np.ndarray:
        """The pairs of a shard, in the corpus's order."""
        blocks = np.sort(self._blocks[shard :: self._shards])
        indices = (blocks[:, None] * _BLOCK_PAIRS + np.arange(_BLOCK_PAIRS)).ravel()
        return indices[indices < self._pairs]


def _order(source_lengths: np.ndarray, target_lengths: np.ndarray) -> np.ndarray:
    """Pairs by the longer side, and within a length to and fro by the difference; equal ones as they were."""
    longer, excess = np.maximum(source_lengths, target_lengths) + 1, source_lengths - target_lengths
    return np.lexsort((np.where(longer % 2, excess, -excess), longer))


def _split(order: np.ndarray, sizes: list[int]) -> list[np.ndarray]:
    return np.split(order, np.cumsum(sizes)[:-1]) if sizes else []


def _sizes(longer: np.ndarray, batch_tokens: int) -> list[int]:
    """How many pairs stand in each batch, the shortest first; found from how many there are of each length."""
    widths, counts = np.unique(longer, return_counts=True)
    of_width = list(zip(widths.tolist(), np.cumsum(counts).tolist(), strict=True))
    sizes: list[int] = []
    start, place = 0, 0
    while start < len(longer):
        end = start + 1
        for width, last in of_width[place:]:
            end = max(end, min(last, start + batch_tokens // width))
            if end < last:
                break
            place += 1
        sizes.append(end - start)
        start = end
    return sizes


def _in_batches(sizes: list[int], count: int) -> list[int]:
    """`sizes` with the largest batches halved until there are `count`, or none has two pairs."""
    while len(sizes) < count and max(sizes, default=0) > 1:
        place = sizes.index(max(sizes))
        half = sizes[place] // 2
        sizes = [*sizes[:place], half, sizes[place] - half, *sizes[place + 1 :]]
    return sizes
