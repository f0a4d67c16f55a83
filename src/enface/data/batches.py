"""Batches of sentence pairs by a token budget: which pairs stand together, and their padded tensors.

Pairs of like length are grouped, so that little of a batch is padding; the order is another one in each epoch and
depends on nothing but the seed and the epoch.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor

from enface.data.tokenizer import BOS, EOS, PAD


@runtime_checkable
class Pairs(Protocol):
    """What is batched: encoded sentence pairs, without special tokens."""

    @property
    def source_lengths(self) -> np.ndarray:
        """The number of source subwords of every pair."""
        ...

    @property
    def target_lengths(self) -> np.ndarray:
        """The number of target subwords of every pair."""
        ...

    def source(self, index: int) -> np.ndarray:
        """The source ids of a pair."""
        ...

    def target(self, index: int) -> np.ndarray:
        """The target ids of a pair."""
        ...


Links = Callable[[int], np.ndarray]
"""The known word alignment of a pair: one row (source subword, target subword) for each two that belong together."""


class Batch(NamedTuple):
    """Padded pairs; the source ends with EOS, `target_input` begins with BOS, `target_output` ends with EOS."""

    source: Int[Tensor, "B S"]
    source_valid: Bool[Tensor, "B S"]
    target_input: Int[Tensor, "B T"]
    target_output: Int[Tensor, "B T"]
    target_valid: Bool[Tensor, "B T"]
    indices: Int[Tensor, " B"]  # which pairs of the split these are
    links: Int[Tensor, "L 3"] | None = None  # known alignments, if asked for: row of the batch, target, source token


def collate(pairs: Pairs, indices: Sequence[int], links: Links | None = None) -> Batch:
    """The pairs at `indices` as one batch, with their alignments where `links` is given."""
    source, source_valid = pad([np.append(pairs.source(index), EOS) for index in indices])
    targets = [pairs.target(index) for index in indices]
    target_input, target_valid = pad([np.append(BOS, target) for target in targets])
    target_output, _ = pad([np.append(target, EOS) for target in targets])
    linked = None if links is None else _in_batch([links(index) for index in indices])
    return Batch(source, source_valid, target_input, target_output, target_valid, torch.tensor(indices), linked)


def _in_batch(links: Sequence[np.ndarray]) -> Int[Tensor, "L 3"]:
    """The links of all pairs, each with its row before it; EOS stands behind the others and moves no place."""
    rows = np.repeat(np.arange(len(links)), [len(of_pair) for of_pair in links])
    source, target = np.concatenate(links).astype(np.int64).T
    return torch.from_numpy(np.stack([rows, target, source], axis=1))


def pad(rows: Sequence[np.ndarray]) -> tuple[Int[Tensor, "B L"], Bool[Tensor, "B L"]]:
    """Rows of different lengths as one int64 matrix padded on the right, and where it is real."""
    lengths = np.fromiter((len(row) for row in rows), np.int64, len(rows))
    valid = np.arange(lengths.max()) < lengths[:, None]
    padded = np.full(valid.shape, PAD, np.int64)
    padded[valid] = np.concatenate(rows)
    return torch.from_numpy(padded), torch.from_numpy(valid)


def in_order_of_length(lengths: np.ndarray, *, at_once: int) -> Iterator[list[int]]:
    """The indices of all `lengths`, shortest first, `at_once` together: for passes without a budget of tokens."""
    order = np.argsort(lengths, kind="stable").tolist()
    for start in range(0, len(order), at_once):
        yield order[start : start + at_once]


def batch_indices(
    source_lengths: np.ndarray, target_lengths: np.ndarray, *, batch_tokens: int, parts: int = 1
) -> list[np.ndarray]:
    """Pairs grouped by length into batches of at most `batch_tokens` padded tokens on the longer side, EOS counted.

    A pair longer than the budget is a batch of its own. The number of batches is a multiple of `parts`, the number of
    devices, as far as there are pairs enough; every pair stands in exactly one batch.
    """
    longer = np.maximum(source_lengths, target_lengths) + 1
    excess = source_lengths - target_lengths
    order = np.lexsort((np.arange(len(longer)), np.where(longer % 2, excess, -excess), longer))  # to and fro
    batches: list[np.ndarray] = []
    start, widest = 0, 0
    for end, index in enumerate(order):
        widest = max(widest, int(longer[index]))
        if end > start and widest * (end - start + 1) > batch_tokens:
            batches.append(order[start:end])
            start, widest = end, int(longer[index])
    if len(order):
        batches.append(order[start:])
    return _even(batches, parts)


def _even(batches: list[np.ndarray], parts: int) -> list[np.ndarray]:
    """The same pairs in a number of batches that `parts` divides: the largest batches are halved."""
    while len(batches) % parts:
        largest = max(range(len(batches)), key=lambda number: len(batches[number]))
        batch = batches[largest]
        if len(batch) < 2:
            break
        batches[largest : largest + 1] = [batch[: len(batch) // 2], batch[len(batch) // 2 :]]
    return batches


class TrainingBatches:
    """The batches of one device, epoch after epoch; it can be stopped and go on from the same batch.

    Within an epoch, pairs are shuffled before they are sorted by length (pairs of equal length meet others each time),
    and the batches are shuffled afterwards.
    """

    def __init__(
        self,
        pairs: Pairs,
        *,
        batch_tokens: int,
        seed: int,
        rank: int = 0,
        parts: int = 1,
        links: Links | None = None,
    ) -> None:
        self._pairs = pairs
        self._links = links
        self._batch_tokens = batch_tokens
        self._seed = seed
        self._rank = rank
        self._parts = parts
        self._epoch = 0
        self._position = 0
        self._lengths = pairs.source_lengths, pairs.target_lengths
        self._count = len(self._plan(0)) // parts

    def __len__(self) -> int:
        """The number of batches of an epoch on this device: the same in every epoch and on every device."""
        return self._count

    def __iter__(self) -> Iterator[Batch]:
        """The rest of the current epoch; behind its last batch, the next epoch.

        Who knows the length does not ask for more after the last batch, so the epoch cannot be counted up there.
        """
        if self._position >= self._count:
            self._epoch, self._position = self._epoch + 1, 0
        plan = self._plan(self._epoch)[self._rank :: self._parts][: self._count]
        while self._position < len(plan):
            indices = plan[self._position]
            self._position += 1
            yield collate(self._pairs, [int(index) for index in indices], self._links)

    def state_dict(self) -> dict[str, Any]:
        """Where the next batch stands."""
        return {"epoch": self._epoch, "position": self._position}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on where `state` was taken."""
        self._epoch, self._position = int(state["epoch"]), int(state["position"])

    def _plan(self, epoch: int) -> list[np.ndarray]:
        random = np.random.default_rng((self._seed, epoch))
        shuffled = random.permutation(len(self._lengths[0]))
        sources, targets = (lengths[shuffled] for lengths in self._lengths)
        grouped = batch_indices(sources, targets, batch_tokens=self._batch_tokens, parts=self._parts)
        return [shuffled[grouped[number]] for number in random.permutation(len(grouped))]


class ValidationBatches:
    """Every pair once, by length; device `rank` of `parts` has every `parts`-th batch."""

    def __init__(self, pairs: Pairs, *, batch_tokens: int, rank: int = 0, parts: int = 1) -> None:
        self._pairs = pairs
        lengths = pairs.source_lengths, pairs.target_lengths
        plan = batch_indices(*lengths, batch_tokens=batch_tokens, parts=parts)  # Lightning refuses a device without any
        self._plan = plan[rank::parts]

    def __len__(self) -> int:
        """The number of batches."""
        return len(self._plan)

    def __iter__(self) -> Iterator[Batch]:
        """All batches, shortest pairs first."""
        for indices in self._plan:
            yield collate(self._pairs, [int(index) for index in indices])
