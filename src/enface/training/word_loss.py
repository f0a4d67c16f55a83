"""The loss of the words, a few hundred at a time: the scores of all words of a batch never exist together.

Over a vocabulary of 8,000 the scores of 4,096 words are 131 MB in float32, and softmax and its gradient are as large
again. Here the words are scored in parts, and the gradient of each part is taken before the next is scored, in closed
form and always in the same memory: to be given a block of that size anew can take longer than what is computed in it.
What it saves stands in docs/performance.md.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from enface.model.seq2seq import Seq2Seq
from enface.training.r_drop import divergence_and_gradient

WORDS_AT_ONCE = 512
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
    learnt = (model.embedding.weight, model.output_bias)
    total, *each = _in_parts(Weighing(label_smoothing, r_drop_weight), readouts, expected, *learnt)
    return WordLoss(total, Losses(*each))


class _Room(NamedTuple):
    """The memory that every part is computed in."""

    scores: Float[Tensor, "rows V"]  # in the number format of products; then the gradient by them
    probabilities: Float[Tensor, "rows V"]  # in float32: of 8,000 words, bfloat16 has too few digits


@lru_cache(maxsize=1)
def _room(rows: int, vocabulary: int, number_format: torch.dtype, device: torch.device) -> _Room:
    return _Room(*(torch.empty(rows, vocabulary, dtype=each, device=device) for each in (number_format, torch.float32)))


class _Output(NamedTuple):
    """The model's last layer, in the number format of products."""

    weight: Float[Tensor, "V E"]
    bias: Float[Tensor, " V"]


class _InParts(torch.autograd.Function):
    """The sum of losses, with the gradient computed forwards and only scaled backwards."""

    @staticmethod
    def forward(
        ctx: Any, weighing: Weighing, readouts: Tensor, expected: Tensor, weight: Tensor, bias: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Adds up the parts' losses and gradients."""
        passes, count, size = readouts.shape
        number_format = _number_format(readouts)
        output = _Output(weight.to(number_format), bias.to(number_format))
        each = Losses(
            readouts.new_empty(passes, count, dtype=torch.float32), readouts.new_empty(count, dtype=torch.float32)
        )
        gradients = [torch.zeros_like(learnt) for learnt in (readouts, weight, bias)]
        at_once = WORDS_AT_ONCE // passes
        room = _room(at_once * passes, len(bias), number_format, readouts.device)
        for start in range(0, count, at_once):
            here = slice(start, start + at_once)
            part = readouts[:, here].reshape(-1, size).to(number_format)
            found, gradient = _of_part(part, expected[here], output, weighing, room)
            each.words[:, here], each.apart[here] = found
            gradients[0][:, here] = (gradient @ output.weight).view(passes, -1, size)
            gradients[1] += gradient.T @ part
            gradients[2] += gradient.sum(dim=0, dtype=torch.float32)
        ctx.save_for_backward(*gradients)
        ctx.mark_non_differentiable(*each)
        return each.words.sum() + weighing.r_drop * each.apart.sum(), *each

    @staticmethod
    def backward(ctx: Any, scale: Tensor, *_: Tensor) -> Any:
        """The gradients that were found, times that of the sum."""
        of_readouts, *of_output = (scale * gradient for gradient in ctx.saved_tensors)
        return None, of_readouts, None, *of_output


_in_parts: Callable[..., tuple[Tensor, Tensor, Tensor]] = _InParts.apply


def _of_part(
    part: Float[Tensor, "rows E"], expected: Int[Tensor, " N"], output: _Output, weighing: Weighing, room: _Room
) -> tuple[Losses, Float[Tensor, "rows V"]]:
    """The losses of N words in one pass or in two, and the gradient of what they add up to by the scores, in `room`.

    Of the cross-entropy it is the model's probability less the one that is to be learnt: s / V for every word and 1 - s
    more for that expected, s being the label smoothing.
    """
    smoothing, rows, passes = weighing.label_smoothing, len(part), len(part) // len(expected)
    scores, probabilities = room.scores[:rows], room.probabilities[:rows]
    torch.addmm(output.bias, part, output.weight.T, out=scores)
    torch.log_softmax(probabilities.copy_(scores), dim=-1, out=probabilities)
    log_probabilities, places = probabilities, expected.repeat(passes).unsqueeze(-1)
    of_word = log_probabilities.gather(-1, places).squeeze(-1)
    words = ((smoothing - 1) * of_word - smoothing * log_probabilities.mean(dim=-1)).view(passes, -1)
    apart, more = torch.zeros_like(words[0]), None
    if passes == 2:
        apart, more = divergence_and_gradient(log_probabilities.view(2, len(expected), -1))
    gradient = log_probabilities.exp_().sub_(smoothing / len(output.bias))
    gradient.scatter_add_(-1, places, gradient.new_tensor(smoothing - 1).expand(places.shape))
    if more is not None:
        gradient += weighing.r_drop * more.flatten(0, 1)
    return Losses(words, apart), scores.copy_(gradient)


def _number_format(readouts: Tensor) -> torch.dtype:
    """That of products, here and now."""
    device = readouts.device.type
    return torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else readouts.dtype
