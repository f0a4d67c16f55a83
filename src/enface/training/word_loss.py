"""The loss of the words, a few hundred at a time: the scores of all words of a batch never exist together.

Over a vocabulary of 8,000 the scores of 4,096 words are 131 MB in float32, and softmax and its gradient are as large
again. Here the words are scored in parts, and the gradient of each part is taken before the next is scored, in closed
form and in the memory of its probabilities. All parts are of one size, so that freed memory fits the next one. What it
saves of memory and time stands in docs/performance.md.
"""

from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from enface.model.seq2seq import Seq2Seq
from enface.training.r_drop import add_gradient, divergence

_PART = 512
"""Words scored at once, in all passes together."""


class Losses(NamedTuple):
    """In nats, of words that were predicted in one pass or in two."""

    words: Float[Tensor, "P N"]  # cross-entropy of every word in every pass
    apart: Float[Tensor, " N"]  # how far the two predictions of a word lie apart; 0 of one


class WordLoss(NamedTuple):
    """In nats; what is without a gradient is there to be looked at."""

    total: Float[Tensor, ""]  # the sum over words and passes, which can be learnt from
    each: Losses  # of every word, without a gradient


class Weighing(NamedTuple):
    """What the loss weighs how much."""

    label_smoothing: float
    r_drop: float


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
    weights = (model.embedding.weight, model.output_bias)
    total, *each = _in_parts(model, Weighing(label_smoothing, r_drop_weight), readouts, expected, *weights)
    return WordLoss(total, Losses(*each))


def _of_scores(
    scores: Float[Tensor, "P N V"], expected: Int[Tensor, " N"], weighing: Weighing
) -> tuple[Losses, Float[Tensor, "P N V"]]:
    """The losses of words, and the gradient of what they add up to by their scores.

    Of the cross-entropy it is what the model's probability exceeds the one that it is to learn by: 1 - s for the word
    expected and s / V for every one, s being the label smoothing.
    """
    smoothing, places = weighing.label_smoothing, expected.expand(len(scores), -1).unsqueeze(-1)
    log_probabilities = torch.log_softmax(scores, dim=-1, dtype=torch.float32)  # of 8,000 words, bfloat16 is too few
    of_word = log_probabilities.gather(-1, places).squeeze(-1)
    words = (smoothing - 1) * of_word - smoothing * log_probabilities.mean(dim=-1)
    if len(scores) == 1:
        gradient, apart = log_probabilities.exp_(), torch.zeros_like(words[0])
    else:
        gradient, apart = log_probabilities.exp(), divergence(log_probabilities)
        add_gradient(gradient, log_probabilities, weight=weighing.r_drop)
    gradient -= smoothing / scores.shape[-1]
    gradient.scatter_add_(-1, places, gradient.new_tensor(smoothing - 1).expand(places.shape))
    return Losses(words, apart), gradient


class _InParts(torch.autograd.Function):
    """The sum of losses, with the gradient computed forwards and only scaled backwards."""

    @staticmethod
    def forward(
        ctx: Any, model: Seq2Seq, weighing: Weighing, readouts: Tensor, expected: Tensor, *weights: Tensor
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
                scores = model.logits(part)
            found, gradient = _of_scores(scores.detach(), expected[here], weighing)
            of_readouts[:, here], *more = torch.autograd.grad(scores, [part, *weights], gradient.to(scores.dtype))
            each.words[:, here], each.apart[here] = found
            for sum_, grad in zip(of_weights, more, strict=True):
                sum_ += grad
        ctx.save_for_backward(of_readouts, *of_weights)
        ctx.mark_non_differentiable(*each)
        return each.words.sum() + weighing.r_drop * each.apart.sum(), *each

    @staticmethod
    def backward(ctx: Any, scale: Tensor, *_: Tensor) -> Any:
        """The gradients that were found, times that of the sum."""
        of_readouts, *of_weights = ctx.saved_tensors
        return None, None, scale * of_readouts, None, *(scale * grad for grad in of_weights)


def _in_parts(*inputs: Any) -> tuple[Tensor, Tensor, Tensor]:
    found: tuple[Tensor, Tensor, Tensor] = _InParts.apply(*inputs)  # type: ignore[no-untyped-call]
    return found
