"""What hard attention learns from its own samples: the REINFORCE part of the loss (Xu et al. 2015, section 4.1).

No gradient passes through a sampled choice (`SampledSelection`). Each choice is rewarded instead by the word that it
led to. In Luong's decoder without input feeding, the only one that `selection: reinforce` goes with, a choice changes
the probability of exactly one word, the one of its own step; so that word's loss is all that the choice can be
rewarded for, and the gradient is that of the expected loss, without a bias.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from enface.model.attention.selections import SampledSelection
from enface.training.section import ReinforceSection

_KEPT = 0.9  # of the former baseline at each step (Xu et al. 2015, section 4.1)


class Explored(NamedTuple):
    """What the choices of a batch are worth."""

    loss: Float[Tensor, ""]  # to be added to the words' own
    entropy: Float[Tensor, ""]  # of the attention that they were drawn from, in nats


class Reinforce(nn.Module):
    """The loss of sampled attention; between batches it keeps the baseline, which checkpoints carry.

    The baseline is a moving average of earlier rewards, so that it does not depend on the choices at hand and leaves
    the expected gradient as it is. Of several devices, all follow the first one's.
    """

    baseline: Tensor

    def __init__(self, section: ReinforceSection) -> None:
        super().__init__()
        self.section = section
        self.register_buffer("baseline", torch.zeros(()))

    def forward(
        self, losses: Float[Tensor, " N"], scores: Float[Tensor, "N S"], choices: Float[Tensor, "N S"]
    ) -> Explored:
        """The loss whose gradient is that of Xu et al. 2015, section 4.1, by the choices, in the mean over the words.

        weight * -(r - b) log p(s) - entropy_weight * H, with the reward r = -loss of the word, the baseline b, the
        choice s, and p, H of the softmax of the scores; `weight` and `entropy_weight` are lambda_r and lambda_e.

        Args:
            losses: of each real target word; without label smoothing its negative log probability.
            scores: what the choice of each was drawn from, -inf where it could not fall.
            choices: rows of zeros with a 1 at what was chosen.
        """
        rewards = -losses.detach().float()
        log_shares = torch.log_softmax(scores.float(), dim=-1)
        chosen = log_shares.gather(-1, choices.argmax(dim=-1, keepdim=True)).squeeze(-1)
        policy = -_mean((rewards - self.baseline) * chosen)
        entropy = _mean(_entropy(log_shares))
        if len(rewards):
            self.baseline.lerp_(_mean(rewards), 1 - _KEPT)
        return Explored(self.section.weight * policy - self.section.entropy_weight * entropy, entropy)


def learns_from_samples(model: nn.Module) -> bool:
    """Whether the model's attention is hard and without a gradient of its own."""
    return any(isinstance(module, SampledSelection) for module in model.modules())


def _entropy(log_shares: Float[Tensor, "N S"]) -> Float[Tensor, " N"]:
    reachable = log_shares.masked_fill(log_shares.isinf(), 0.0)  # 0 log 0 is 0
    return -(log_shares.exp() * reachable).sum(dim=-1)


def _mean(values: Float[Tensor, " N"]) -> Float[Tensor, ""]:
    """Of no words 0: a device may have none in a batch."""
    return values.sum() / max(len(values), 1)
