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


def divergence_and_gradient(
    log_probabilities: Float[Tensor, "2 N V"],
) -> tuple[Float[Tensor, " N"], Float[Tensor, "2 N V"]]:
    """How far two predictions of each word lie apart, in nats, and its gradient by the scores they were made from.

    The mean of the Kullback-Leibler divergences of each from the other: (KL(p || q) + KL(q || p)) / 2 (Liang et al.
    2021, equation 2). By the scores of p the gradient of the first is p_v (log p_v - log q_v - KL(p || q)), that of the
    second p_v - q_v; for q the same the other way round.
    """
    probabilities = log_probabilities.exp()
    longer = log_probabilities - log_probabilities.flip(0)
    from_other = (probabilities * longer).sum(dim=-1, keepdim=True)
    gradient = (probabilities * (longer - from_other) + probabilities - probabilities.flip(0)) / 2
    return from_other.sum(dim=0).squeeze(-1) / 2, gradient
