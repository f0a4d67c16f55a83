"""A penalty on attention that passes source words by."""

from jaxtyping import Bool, Float
from torch import Tensor


def coverage_penalty(
    weights: Float[Tensor, "B T S"], source_valid: Bool[Tensor, "B S"], target_valid: Bool[Tensor, "B T"]
) -> Float[Tensor, ""]:
    """The mean over real source tokens j of (1 - sum_i alpha_ij)^2, i the real target positions.

    Xu et al. 2015, section 4.2.1, equation 14 (doubly stochastic attention): every source token is to receive about as
    much attention as one target word gives. Without it, an article may be translated by looking at its noun alone, and
    a full stop by looking at the verb; with it, words align with their translations (AER in docs/results.md).
    """
    received = (weights * target_valid.unsqueeze(-1)).sum(dim=1)
    return (1 - received[source_valid]).square().mean()
