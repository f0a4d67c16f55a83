"""Selections: from the scores inside the window to the weights of the context."""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class SoftSelection(nn.Module):
    """The softmax over the window (Bahdanau et al. 2015, equation 6)."""

    def forward(self, scores: Float[Tensor, "*B N S"]) -> Float[Tensor, "*B N S"]:
        """The weights alpha_ij."""
        return torch.softmax(scores, dim=-1)


class GumbelSelection(nn.Module):
    """Hard: one position a query, sampled in training, the best one otherwise; gradients straight through.

    Jang et al. 2017, section 2.2 (straight-through Gumbel-softmax), with a temperature of 1: forwards the one-hot of
    a sample of the softmax, backwards the gradient of the softmax of the same perturbed scores.
    """

    def forward(self, scores: Float[Tensor, "*B N S"]) -> Float[Tensor, "*B N S"]:
        """Rows of zeros with a single 1."""
        if not self.training:
            return _one_hot(scores)
        soft = torch.softmax(scores + _gumbel(scores), dim=-1)
        return _one_hot(soft) + (soft - soft.detach())


class SampledSelection(nn.Module):
    """Hard: one position a query, sampled in training, the best one otherwise; no gradient passes.

    Xu et al. 2015, section 4.1. What to learn from a sample is the loss's to say (`enface.training.reinforce`), from
    the scores that the composition returns beside the weights.
    """

    def forward(self, scores: Float[Tensor, "*B N S"]) -> Float[Tensor, "*B N S"]:
        """Rows of zeros with a single 1."""
        return _one_hot((scores + _gumbel(scores)).detach() if self.training else scores)


Selection = SoftSelection | GumbelSelection | SampledSelection


def _one_hot(scores: Tensor) -> Tensor:
    """1 at the largest score of each row (the first of several), 0 elsewhere."""
    best = scores.argmax(dim=-1, keepdim=True)
    return (torch.arange(scores.shape[-1], device=scores.device) == best).to(scores.dtype)


def _gumbel(scores: Tensor) -> Tensor:
    """Noise with which the arg-max of scores is a sample of their softmax."""
    return -torch.empty_like(scores).exponential_().log()
