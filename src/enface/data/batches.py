"""Batches of sentence pairs by a token budget, as padded tensors; which pairs stand together `planning.py` says.

Pairs of like length are grouped, so that little of a batch is padding; the order is another one in each epoch and
depends on nothing but the seed and the epoch.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Bool, Int
from torch import Tensor

from enface.data.planning import Plan, batch_indices
from enface.data.tokenizer import BOS, EOS, PAD


@runtime_checkable
class Pairs(Protocol):
    """What is batched: encoded sentence pairs, without special tokens."""

    def source(self, index: int) -> np.ndarray:
        """The source ids of a pair."""
        ...

    def target(self, index: int) -> np.ndarray:
        """The target ids of a pair."""
        ...


@runtime_checkable
class MeasuredPairs(Pairs, Protocol):
    """Pairs whose lengths are known."""

    @property
    def source_lengths(self) -> np.ndarray:
        """The number of source subwords of every pair."""
        ...

    @property
    def target_lengths(self) -> np.ndarray:
        """The number of target subwords of every pair."""
        ...


Links = Callable[[int], np.ndarray]
"""The known word alignment of a pair: one row (source subword, target subword) for each two that belong together."""


@runtime_checkable
class DrawnPairs(Pairs, Protocol):
    """Pairs as they are read in one epoch; what is read are those whose lengths were asked for last."""

    def lengths(self, indices: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The number of source and of target subwords of some pairs."""
        ...

    def links(self, index: int) -> np.ndarray:
        """The alignment of a pair, as in `Links`."""
        ...


@runtime_checkable
class Varied(Protocol):
    """Pairs that are read otherwise in each epoch."""

    growth: float  # how many times as long they become

    def in_epoch(self, epoch: int) -> DrawnPairs:
        """The pairs of one epoch."""
        ...


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
    source, source_valid = _sources(pairs, indices)
    targets = [pairs.target(index) for index in indices]
    target_input, target_valid = pad([np.append(BOS, target) for target in targets])
    target_output, _ = pad([np.append(target, EOS) for target in targets])
    linked = None if links is None else _in_batch([links(index) for index in indices])
    return Batch(source, source_valid, target_input, target_output, target_valid, torch.tensor(indices), linked)


def _sources(pairs: Pairs, indices: Sequence[int]) -> tuple[Int[Tensor, "B S"], Bool[Tensor, "B S"]]:
    return pad([np.append(pairs.source(index), EOS) for index in indices])


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


def source_batches(pairs: MeasuredPairs, count: int, *, at_once: int) -> Iterator[tuple[list[int], Int[Tensor, "B S"]]]:
    """The sources alone of the first `count` pairs, in order of length: which pairs, and their ids with EOS, padded."""
    for indices in in_order_of_length(pairs.source_lengths[:count], at_once=at_once):
        yield indices, _sources(pairs, indices)[0]


def _nothing(pairs: Pairs, *, linked: bool = False) -> Batch:
    """One pair with no real target position: all devices take each step, and those without a pair add nothing to it."""
    batch = collate(pairs, [0])
    return batch._replace(
        target_valid=torch.zeros_like(batch.target_valid),
        indices=torch.zeros(0, dtype=torch.int64),
        links=torch.zeros(0, 3, dtype=torch.int64) if linked else None,
    )


class TrainingBatches:
    """The batches of one device, epoch after epoch; it can be stopped and go on from the same batch.

    Which pairs they hold, in which order, and which of them are those of device `rank` of `parts`, is said in
    `planning.py`. Where `varied` is given, the pairs are read as it gives them for the epoch.
    """

    def __init__(
        self,
        pairs: MeasuredPairs,
        *,
        batch_tokens: int,
        seed: int,
        rank: int = 0,
        parts: int = 1,
        links: Links | None = None,
        varied: Varied | None = None,
    ) -> None:
        self._pairs = pairs
        self._links = links
        self._varied = varied
        self._epoch = 0
        self._position = 0
        growth = varied.growth if varied else 1.0
        lengths = pairs.source_lengths, pairs.target_lengths
        self._plan = Plan(*lengths, growth=growth, batch_tokens=batch_tokens, seed=seed, rank=rank, parts=parts)

    def __len__(self) -> int:
        """The number of batches of an epoch on this device: the same in every epoch and on every device."""
        return len(self._plan)

    def __iter__(self) -> Iterator[Batch]:
        """The rest of the current epoch; behind its last batch, the next epoch.

        Who knows the length does not ask for more after the last batch, so the epoch cannot be counted up there.
        """
        if self._position >= len(self):
            self._epoch, self._position = self._epoch + 1, 0
        pairs: Pairs = self._pairs
        links, lengths = self._links, None
        if self._varied:
            pairs = drawn = self._varied.in_epoch(self._epoch)
            links, lengths = drawn.links if links else None, drawn.lengths
        for indices in self._plan.batches(self._epoch, self._position, lengths=lengths):
            self._position += 1
            if len(indices):
                yield collate(pairs, indices.tolist(), links)
            else:
                yield _nothing(self._pairs, linked=links is not None)

    def state_dict(self) -> dict[str, Any]:
        """Where the next batch stands."""
        return {"epoch": self._epoch, "position": self._position}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Goes on where `state` was taken."""
        self._epoch, self._position = int(state["epoch"]), int(state["position"])


class ValidationBatches:
    """Every pair once, by length; device `rank` of `parts` has every `parts`-th pair of each batch."""

    def __init__(self, pairs: MeasuredPairs, *, batch_tokens: int, rank: int = 0, parts: int = 1) -> None:
        self._pairs = pairs
        self._rank = rank
        self._parts = parts
        self._plan = batch_indices(pairs.source_lengths, pairs.target_lengths, batch_tokens=parts * batch_tokens)

    def __len__(self) -> int:
        """The number of batches, the same on every device."""
        return len(self._plan)

    def __iter__(self) -> Iterator[Batch]:
        """All batches, shortest pairs first."""
        for indices in self._plan:
            share = indices[self._rank :: self._parts].tolist()
            yield collate(self._pairs, share) if share else _nothing(self._pairs)
