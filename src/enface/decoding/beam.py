"""Beam search over a step function; it knows tensors and token ids, and nothing of the network behind them.

All B x K hypotheses advance together. A finished hypothesis stays in its beam and keeps its score, so that it competes
with those that go on; the search ends when every hypothesis is finished or as long as allowed. What each step chose
(token, its log probability, attention row) is written into one row of a history, and only the places 0..K-1 that a
hypothesis held at each step are reordered with it; the histories are read through them once at the end.

Everything is written for `torch.export`: the loop becomes an ONNX Loop, and beam width and longest length are the
lengths of the vectors `beams` and `steps`, which makes them symbolic.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor

from enface.decoding.loop import loop_while
from enface.model.state import State, take_rows

Step = Callable[[Tensor, State, Tensor], tuple[Tensor, State, Tensor]]
"""(tokens (B, K), state, time ()) -> log probabilities (B, K, V), state, attention weights (B, K, S)"""


class SpecialTokens(NamedTuple):
    """The ids with a meaning of their own."""

    pad: int
    begin: int
    end: int


class Hypotheses(NamedTuple):
    """The K best translations of each of B sentences, best first."""

    tokens: Int[Tensor, "B K T"]  # without the begin token, with the end token, then padding
    scores: Float[Tensor, "B K"]  # log P / length penalty
    lengths: Int[Tensor, "B K"]  # with the end token
    attention: Float[Tensor, "B K T S"]  # 0 behind the end
    token_log_probabilities: Float[Tensor, "B K T"]  # of each token after those before it; 0 behind the end


class _Beams(NamedTuple):
    """What the search carries from step to step."""

    time: Int[Tensor, ""]
    tokens: Int[Tensor, "B K"]
    log_probabilities: Float[Tensor, "B K"]
    lengths: Int[Tensor, "B K"]
    finished: Tensor  # (B, K) bool
    token_history: Int[Tensor, "T B K"]
    chance_history: Float[Tensor, "T B K"]  # log probability of each token
    attention_history: Float[Tensor, "T B K S"]
    places: Int[Tensor, "T B K"]  # where in its beam each hypothesis was at each time


def length_penalty(lengths: Tensor, alpha: Tensor) -> Tensor:
    """Wu et al. 2016, equation 14, without coverage: ((5 + length) / 6) ^ alpha."""
    return ((5.0 + lengths) / 6.0) ** alpha


def beam_search(
    step: Step,
    state: State,
    *,
    prefix: Int[Tensor, "B P"],
    beams: Int[Tensor, " K"],
    steps: Int[Tensor, " T"],
    alpha: Float[Tensor, ""],
    source_size: int,
    special: SpecialTokens,
) -> Hypotheses:
    """The K best hypotheses of each sentence by log P / length penalty.

    Args:
        step: the model, one token further.
        state: the decoder's state of one hypothesis of each sentence before its first token.
        prefix: position t of every hypothesis is forced to `prefix[b, t]` where that is not negative.
        beams: any vector as long as the beam is wide.
        steps: any vector as long as the longest hypothesis may be, its end token included.
        alpha: the length penalty's exponent; 0 is none.
        source_size: S, the number of attention weights of a step.
        special: the ids of padding, beginning and end.
    """
    start = _start(prefix, beams=beams, steps=steps, source_size=source_size, special=special)
    first_row = torch.arange(prefix.shape[0], device=prefix.device).unsqueeze(1)  # of the beams of each sentence
    wide = take_rows(state, first_row.expand(-1, beams.shape[0]).reshape(-1))
    count = len(start)

    def unfinished(*carried: Tensor) -> Tensor:
        now = _Beams(*carried[:count])
        return (now.time < steps.shape[0]) & ~now.finished.all()

    def advance(*carried: Tensor) -> tuple[Tensor, ...]:
        now = _Beams(*carried[:count])
        log_probabilities, moved, attention = step(now.tokens, carried[count:], now.time)
        log_probabilities = _force(log_probabilities, prefix, now.time)
        following, parent = _choose(now, log_probabilities, attention, alpha=alpha, special=special)
        return (*following, *take_rows(moved, (first_row * beams.shape[0] + parent).reshape(-1)))

    carried = loop_while(unfinished, advance, (*start, *wide))
    return _read_back(_Beams(*carried[:count]), alpha)


def _start(prefix: Tensor, *, beams: Tensor, steps: Tensor, source_size: int, special: SpecialTokens) -> _Beams:
    """Every beam at the begin token; all but the first hypothesis impossible, or all would stay the same."""
    batch, width, longest, device = prefix.shape[0], beams.shape[0], steps.shape[0], prefix.device
    first = (torch.arange(width, device=device) == 0).expand(batch, width)
    return _Beams(
        time=torch.zeros((), dtype=torch.int64, device=device),
        tokens=torch.full((batch, width), special.begin, device=device),
        log_probabilities=torch.zeros(batch, width, device=device).masked_fill(~first, float("-inf")),
        lengths=torch.zeros(batch, width, dtype=torch.int64, device=device),
        finished=torch.zeros(batch, width, dtype=torch.bool, device=device),
        token_history=torch.full((longest, batch, width), special.pad, device=device),
        chance_history=torch.zeros(longest, batch, width, device=device),
        attention_history=torch.zeros(longest, batch, width, source_size, device=device),
        places=torch.zeros(longest, batch, width, dtype=torch.int64, device=device),
    )


def _force(log_probabilities: Tensor, prefix: Tensor, time: Tensor) -> Tensor:
    """Every token but the forced one impossible, in the sentences that have one at this time."""
    within = time < prefix.shape[1]
    column = torch.where(within, time, 0).reshape(1)
    forced = torch.where(within, prefix.index_select(1, column), -1).unsqueeze(-1)
    vocabulary = torch.arange(log_probabilities.shape[-1], device=prefix.device)
    return log_probabilities.masked_fill((forced >= 0) & (vocabulary != forced), float("-inf"))


def _choose(
    now: _Beams, log_probabilities: Tensor, attention: Tensor, *, alpha: Tensor, special: SpecialTokens
) -> tuple[_Beams, Tensor]:
    """The K best continuations of all hypotheses of a sentence, and which hypothesis each one continues."""
    batch, width, vocabulary = log_probabilities.shape
    is_pad = torch.arange(vocabulary, device=attention.device) == special.pad
    only_pad = torch.zeros_like(log_probabilities).masked_fill(~is_pad, float("-inf"))
    finished = now.finished.unsqueeze(-1)
    never_pad = log_probabilities.masked_fill(is_pad, float("-inf"))
    chances = torch.where(finished, only_pad, never_pad)
    totals = now.log_probabilities.unsqueeze(-1) + chances
    lengths = now.lengths + (~now.finished).to(torch.int64)
    penalised = totals / length_penalty(lengths, alpha).unsqueeze(-1)

    best = torch.topk(penalised.reshape(batch, width * vocabulary), width, dim=1).indices
    parent = best // vocabulary
    tokens = best - parent * vocabulary
    chosen = chances.reshape(batch, width * vocabulary).gather(1, best)
    ended = _take(now.finished, parent)
    row = now.time.reshape(1)
    places = now.places.gather(2, parent.expand(now.places.shape))
    here = torch.arange(width, device=best.device).expand(batch, width)
    attention = attention.masked_fill(finished, 0.0)
    following = _Beams(
        time=now.time + 1,
        tokens=tokens,
        log_probabilities=totals.reshape(batch, width * vocabulary).gather(1, best),
        lengths=_take(lengths, parent),
        finished=ended | (tokens == special.end),
        token_history=now.token_history.index_copy(0, row, tokens.unsqueeze(0)),
        chance_history=now.chance_history.index_copy(0, row, chosen.unsqueeze(0)),
        attention_history=now.attention_history.index_copy(0, row, _take(attention, parent).unsqueeze(0)),
        places=places.index_copy(0, row, here.unsqueeze(0)),
    )
    return following, parent


def _take(values: Tensor, parent: Int[Tensor, "B K"]) -> Tensor:
    """`values[b, parent[b, k]]` for values of shape (B, K) or (B, K, ·)."""
    if values.dim() == 2:
        return values.gather(1, parent)
    return values.gather(1, parent.unsqueeze(-1).expand(-1, -1, values.shape[-1]))


def _read_back(done: _Beams, alpha: Tensor) -> Hypotheses:
    """The hypotheses, what each step chose taken from the place that held it then."""
    attention = done.attention_history
    return Hypotheses(
        tokens=done.token_history.gather(2, done.places).permute(1, 2, 0),
        scores=done.log_probabilities / length_penalty(done.lengths, alpha),
        lengths=done.lengths,
        attention=attention.gather(2, done.places.unsqueeze(-1).expand(attention.shape)).permute(1, 2, 0, 3),
        token_log_probabilities=done.chance_history.gather(2, done.places).permute(1, 2, 0),
    )
