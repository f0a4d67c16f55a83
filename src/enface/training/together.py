"""The losses of several devices as those of one: means over the words of all batches of a step, not of one.

DistributedDataParallel averages gradients over devices as if each had as many words as the others. Here each device's
mean is weighted by its share, so that N devices learn from their batches what one would from all of them together.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor, distributed


class Term(NamedTuple):
    """One part of the loss: a mean over words or tokens of this device's batch."""

    name: str  # under which it is logged
    weight: float
    mean: Tensor
    among: Tensor | int  # so many is it the mean of


class Joined(NamedTuple):
    """The terms of all devices as one."""

    loss: Tensor  # of this device: the mean of its gradient over all devices is that of the whole
    means: dict[str, Tensor]  # of each term over all devices, without a gradient


def joined(terms: Sequence[Term], *, devices: int) -> Joined:
    """The weighted sum of the terms, and what each of them is over all devices: one exchange of a few numbers."""
    means = torch.stack([term.mean.detach() for term in terms]).float()
    shares: Sequence[Tensor | int] = [1] * len(terms)
    if devices > 1:
        counts = torch.stack([torch.as_tensor(term.among, device=means.device) for term in terms]).float()
        sums_and_counts = torch.stack([means * counts, counts])
        distributed.all_reduce(sums_and_counts)  # Lightning's own reduction would wait for all devices before
        sums, totals = sums_and_counts
        means, shares = sums / totals.clamp(min=1), list((devices * counts / totals.clamp(min=1)).unbind())
    parts = [term.weight * term.mean * share for term, share in zip(terms, shares, strict=True)]
    names = [term.name for term in terms]
    return Joined(torch.stack(parts).sum(), dict(zip(names, means.unbind(), strict=True)))
