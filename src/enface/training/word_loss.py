"""The loss of the words, a few hundred at a time: the scores of all words of a batch never exist together.

Over a vocabulary of 8,000 the scores of 4,096 words are 131 MB in float32, and softmax and its gradient are as large
again. Here the words are scored in parts, and the gradient of each part is taken before the next is scored. All parts
are of one size, so that freed memory fits the next one. It halves the memory of training and is not faster
(docs/performance.md).
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn.functional import cross_entropy

from enface.model.seq2seq import Seq2Seq

_PART = 512
"""Words scored at once."""

Losses = Callable[[Tensor, Tensor], Tensor]
"""The losses (n,) of readouts (n, E) by the words expected."""


class WordLoss(NamedTuple):
    """Cross-entropy in nats."""

    total: Float[Tensor, ""]  # the sum over the words, which can be learnt from
    each: Float[Tensor, " N"]  # of every word, without a gradient


def word_loss(
    model: Seq2Seq, readouts: Float[Tensor, "N E"], expected: Int[Tensor, " N"], *, label_smoothing: float
) -> WordLoss:
    """The cross-entropy of the model's scores of words against those expected (Szegedy et al. 2016, for the smoothing).

    The gradient is that of scoring all words at once, but for the order in which the parts are added.

    Args:
        model: whose `logits` are the scores.
        readouts: what the decoder says of N words.
        expected: their ids.
        label_smoothing: the share of the probability that is spread over the whole vocabulary.
    """

    def losses(part: Tensor, words: Tensor) -> Tensor:
        return cross_entropy(model.logits(part), words, label_smoothing=label_smoothing, reduction="none")

    in_parts: Callable[..., tuple[Tensor, Tensor]] = _InParts.apply
    total, each = in_parts(losses, readouts, expected, model.embedding.weight, model.output_bias)
    return WordLoss(total, each)


class _InParts(torch.autograd.Function):
    """The sum of losses, with the gradient computed forwards and only scaled backwards."""

    @staticmethod
    def forward(
        ctx: Any, losses: Losses, readouts: Tensor, expected: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Adds up the parts' losses and gradients."""
        each, of_readouts = torch.empty(len(readouts), device=readouts.device), torch.zeros_like(readouts)
        of_weights = [torch.zeros_like(weight) for weight in weights]
        for start in range(0, len(readouts), _PART):
            here = slice(start, start + _PART)
            with torch.enable_grad():
                part = readouts[here].detach().requires_grad_()
                found = losses(part, expected[here])
                of_part, *more = torch.autograd.grad(found.sum(), [part, *weights])
            each[here], of_readouts[here] = found.detach(), of_part
            for sum_, grad in zip(of_weights, more, strict=True):
                sum_ += grad
        ctx.save_for_backward(of_readouts, *of_weights)
        ctx.mark_non_differentiable(each)
        return each.sum(), each

    @staticmethod
    def backward(ctx: Any, scale: Tensor, _: Tensor) -> Any:
        """The gradients that were found, times that of the sum."""
        of_readouts, *of_weights = ctx.saved_tensors
        return None, scale * of_readouts, None, *(scale * grad for grad in of_weights)
