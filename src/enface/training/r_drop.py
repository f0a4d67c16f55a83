"""R-Drop (Liang et al. 2021): each batch is seen twice, with other dropout, and both are to say the same.

To the loss of the words comes a penalty on how far the two predictions of each word lie apart. It keeps a model from
counting on what dropout takes away in translation alone, and costs a second pass.
"""

import torch
from jaxtyping import Float
from torch import Tensor

from enface.data.batches import Batch


def seen_twice(batch: Batch) -> Batch:
    """The batch with all of its pairs a second time, behind the others."""
    links = batch.links
    if links is not None:
        links = torch.cat([links, links + links.new_tensor([len(batch.source), 0, 0])])
    return Batch(
        source=_twice(batch.source),
        source_valid=_twice(batch.source_valid),
        target_input=_twice(batch.target_input),
        target_output=_twice(batch.target_output),
        target_valid=_twice(batch.target_valid),
        indices=_twice(batch.indices),
        links=links,
    )


def _twice(rows: Tensor) -> Tensor:
    return torch.cat([rows, rows])


def divergence(log_probabilities: Float[Tensor, "2 N V"]) -> Float[Tensor, " N"]:
    """How far two predictions of each word lie apart, in nats.

    The mean of the Kullback-Leibler divergences of each from the other: (KL(p || q) + KL(q || p)) / 2, which is
    sum_v (p_v - q_v) (log p_v - log q_v) / 2 (Liang et al. 2021, equation 2).
    """
    one, other = log_probabilities
    apart: Tensor = ((one.exp() - other.exp()) * (one - other)).sum(dim=-1) / 2
    return apart


def add_gradient(gradient: Float[Tensor, "2 N V"], log_probabilities: Float[Tensor, "2 N V"], *, weight: float) -> None:
    """Adds the gradient of `weight` times the divergence, by the scores that the predictions were made from.

    With d_v = log p_v - log q_v, that of KL(p || q) by the scores of p is p_v (d_v - KL(p || q)), that of KL(q || p)
    is p_v - q_v; for q the same the other way round.
    """
    probabilities = log_probabilities.exp()
    for one, other in ((0, 1), (1, 0)):
        p, distance = probabilities[one], log_probabilities[one] - log_probabilities[other]
        from_other = (p * distance).sum(dim=-1, keepdim=True)
        gradient[one] += weight / 2 * (p * (distance - from_other) + p - probabilities[other])
