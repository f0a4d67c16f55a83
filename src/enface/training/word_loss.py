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

from enface.model.seq2seq import Seq2Seq
from enface.training.r_drop import divergence

_PART = 512
"""Words scored at once, in all passes together."""


class Losses(NamedTuple):
    """In nats, of words that were predicted in one pass or in two."""

    words: Float[Tensor, "P N"]  # cross-entropy of every word in every pass
    apart: Float[Tensor, " N"]  # how far the two predictions of a word lie apart; 0 of one


OfPart = Callable[[Tensor, Tensor], Losses]
"""The losses of readouts (P, n, E) by the n words expected."""


class WordLoss(NamedTuple):
    """In nats; what is without a gradient is there to be looked at."""

    total: Float[Tensor, ""]  # the sum over words and passes, which can be learnt from
    each: Losses  # of every word, without a gradient


def word_loss(
    model: Seq2Seq,
    readouts: Float[Tensor, "P N E"],
    expected: Int[Tensor, " N"],
    *,
    label_smoothing: float,
    r_drop_weight: float,
) -> WordLoss:
    """The cross-entropy of the model's scores of words against those expected (Szegedy et al. 2016, for the smoothing).

    The gradient is that of scoring all words at once, but for the order in which the parts are added. Of two passes,
    how far they lie apart is added to it (`enface.training.r_drop`).

    Args:
        model: whose `logits` are the scores.
        readouts: what the decoder says of N words, in each of P passes, one or two.
        expected: their ids.
        label_smoothing: the share of the probability that is spread over the whole vocabulary.
        r_drop_weight: of the divergence of the two passes; alpha of Liang et al. 2021, equation 4.
    """

    def of_part(part: Tensor, words: Tensor) -> Losses:
        log_probabilities = torch.log_softmax(model.logits(part).float(), dim=-1)  # of 8,000 words, bfloat16 is too few
        of_word = log_probabilities.gather(-1, words.expand(len(part), -1).unsqueeze(-1)).squeeze(-1)
        smoothed = (1 - label_smoothing) * of_word + label_smoothing * log_probabilities.mean(dim=-1)
        return Losses(-smoothed, divergence(log_probabilities) if len(part) == 2 else torch.zeros_like(smoothed[0]))

    in_parts: Callable[..., tuple[Tensor, Tensor, Tensor]] = _InParts.apply
    total, *each = in_parts(of_part, r_drop_weight, readouts, expected, model.embedding.weight, model.output_bias)
    return WordLoss(total, Losses(*each))


class _InParts(torch.autograd.Function):
    """The sum of losses, with the gradient computed forwards and only scaled backwards."""

    @staticmethod
    def forward(
        ctx: Any, of_part: OfPart, apart_weight: float, readouts: Tensor, expected: Tensor, *weights: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Adds up the parts' losses and gradients."""
        passes, count, _ = readouts.shape
        each = Losses(
            readouts.new_empty(passes, count, dtype=torch.float32), readouts.new_empty(count, dtype=torch.float32)
        )
        of_readouts, of_weights = torch.zeros_like(readouts), [torch.zeros_like(weight) for weight in weights]
        for start in range(0, count, _PART // passes):
            here = slice(start, start + _PART // passes)
            with torch.enable_grad():
                part = readouts[:, here].detach().requires_grad_()
                found = of_part(part, expected[here])
                whole = found.words.sum() + apart_weight * found.apart.sum()
                of_readouts[:, here], *more = torch.autograd.grad(whole, [part, *weights])
            each.words[:, here], each.apart[here] = found.words.detach(), found.apart.detach()
            for sum_, grad in zip(of_weights, more, strict=True):
                sum_ += grad
        ctx.save_for_backward(of_readouts, *of_weights)
        ctx.mark_non_differentiable(*each)
        return each.words.sum() + apart_weight * each.apart.sum(), *each

    @staticmethod
    def backward(ctx: Any, scale: Tensor, *_: Tensor) -> Any:
        """The gradients that were found, times that of the sum."""
        of_readouts, *of_weights = ctx.saved_tensors
        return None, None, scale * of_readouts, None, *(scale * grad for grad in of_weights)
