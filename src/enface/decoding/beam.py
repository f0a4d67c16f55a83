"""Beam search over a step function; it knows tensors and token ids, and nothing of the network behind them.

All B x K hypotheses advance together. A finished hypothesis stays in its beam and keeps its score, so that it competes
with those that go on; the search ends when every hypothesis is finished or as long as allowed. The vocabulary, which
costs the most, is asked only by those that go on, and looked through once: the likeliest few continuations of each
compete, and padding alone continues what is finished. What each step chose (token, its log probability, attention row)
is put behind the hypothesis's history, which moves with it.

Everything is written for `torch.export`: the loop becomes an ONNX Loop, and beam width and longest length are the
lengths of the vectors `beams` and `steps`, which makes them symbolic.
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int, Shaped
from torch import Tensor

from enface.decoding.loop import loop_while
from enface.model.state import (
    State,
    empty_past,
    filled,
    put_unmarked,
    remember,
    take_hypotheses,
    take_unmarked,
)

Step = Callable[[Tensor, State, Tensor], tuple[Tensor, State, Tensor]]
"""(tokens (B, K), state, time ()) -> readouts (B, K, E), state, attention weights (B, K, S)"""
Words = Callable[[Tensor], Tensor]
"""readouts (R, E) -> log probabilities of the words (R, V)"""


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
    scores: Float[Tensor, "B K"]  # log P / length penalty
    finished: Bool[Tensor, "B K"]
    token_history: Int[Tensor, "B K t"]
    chance_history: Float[Tensor, "B K t"]  # log probability of each token
    attention_history: Float[Tensor, "B K t S"]


class _Continuations(NamedTuple):
    """The C continuations of each hypothesis that compete with those of the others."""

    tokens: Int[Tensor, "B K C"]
    chances: Float[Tensor, "B K C"]  # log probability of each token
    scores: Float[Tensor, "B K C"]  # of the hypothesis that it makes


def length_penalty(lengths: Tensor, alpha: Tensor) -> Tensor:
    """Wu et al. 2016, equation 14, without coverage: ((5 + length) / 6) ^ alpha."""
    return ((5.0 + lengths) / 6.0) ** alpha


def beam_search(
    step: Step,
    words: Words,
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
        words: what it says next, of as many hypotheses as are asked about.
        state: the decoder's state of one hypothesis of each sentence before its first token.
        prefix: position t of every hypothesis is forced to `prefix[b, t]` where that is not negative.
        beams: any vector as long as the beam is wide.
        steps: any vector as long as the longest hypothesis may be, its end token included.
        alpha: the length penalty's exponent; 0 is none.
        source_size: S, the number of attention weights of a step.
        special: the ids of padding, beginning and end.
    """
    batch, width, longest = prefix.shape[0], beams.shape[0], steps.shape[0]
    forced = torch.cat([prefix, prefix.new_full((batch, longest), -1)], dim=1).unsqueeze(1).expand(-1, width, -1)
    penalties = length_penalty(torch.arange(longest + 1, device=prefix.device), alpha)
    start = _start(prefix, beams=beams, source_size=source_size, special=special)
    wide = state.of(prefix.new_zeros(batch, width))
    count, own = len(start), len(wide.own)

    def unfinished(*carried: Tensor) -> Tensor:
        now = _Beams(*carried[:count])
        return (now.time < longest) & ~now.finished.all()

    def advance(*carried: Tensor) -> tuple[Tensor, ...]:
        now, state = _Beams(*carried[:count]), State(carried[count : count + own], carried[count + own :])
        readout, moved, attention = step(now.tokens, state, now.time)
        place = now.time.reshape(1)
        only, penalty = forced.index_select(2, place), [penalties.index_select(0, at) for at in (place, place + 1)]
        continuations = _continuations(now, words, readout, only=only, penalty=penalty, pad=special.pad)
        following, parent = _choose(now, continuations, attention, special)
        moved = moved.of(parent)
        return (*following, *moved.own, *moved.shared)

    carried = loop_while(unfinished, advance, (*start, *wide.own, *wide.shared))
    return _read_back(_Beams(*carried[:count]), longest, special.pad)


def _start(prefix: Tensor, *, beams: Tensor, source_size: int, special: SpecialTokens) -> _Beams:
    """Every beam at the begin token; all but the first hypothesis impossible, or all would stay the same."""
    batch, width, device = prefix.shape[0], beams.shape[0], prefix.device
    first = (torch.arange(width, device=device) == 0).expand(batch, width)
    scores = torch.zeros(batch, width, device=device).masked_fill(~first, float("-inf"))
    return _Beams(
        time=torch.zeros((), dtype=torch.int64, device=device),
        tokens=torch.full((batch, width), special.begin, device=device),
        scores=scores,
        finished=torch.zeros(batch, width, dtype=torch.bool, device=device),
        token_history=empty_past(prefix, (width, 0)),
        chance_history=empty_past(scores, (width, 0)),
        attention_history=empty_past(scores, (width, 0, source_size)),
    )


def _continuations(
    now: _Beams,
    words: Words,
    readout: Float[Tensor, "B K E"],
    *,
    only: Int[Tensor, "B K 1"],
    penalty: list[Float[Tensor, "1"]],
    pad: int,
) -> _Continuations:
    """The likeliest continuations of each hypothesis; of a finished one padding alone, with which its score stays.

    Args:
        now: the hypotheses.
        words: what the model says of readouts.
        readout: of each hypothesis.
        only: the one token that continues a hypothesis, or -1 where all do.
        penalty: the length penalties before and after this step.
        pad: the id of padding.
    """
    over = now.finished
    log_probabilities = words(take_unmarked(readout, over))
    tokens, chances = _likeliest(log_probabilities, take_unmarked(only, over), width=readout.shape[1], pad=pad)
    scores = (take_unmarked(now.scores, over).unsqueeze(1) * penalty[0] + chances) / penalty[1]
    shape, is_first = (*readout.shape[:2], tokens.shape[1]), _is_first(tokens)
    return _Continuations(
        tokens=put_unmarked(tokens.new_full(shape, pad), over, tokens),
        chances=put_unmarked(chances.new_zeros(shape), over, chances),
        scores=put_unmarked(torch.where(is_first, now.scores.unsqueeze(-1), float("-inf")), over, scores),
    )


def _likeliest(
    log_probabilities: Float[Tensor, "R V"], only: Int[Tensor, "R 1"], *, width: int, pad: int
) -> tuple[Int[Tensor, "R C"], Float[Tensor, "R C"]]:
    """Of each row as many tokens as the beam is wide, and one more as one may be padding; and their log probabilities.

    Where `only` is not -1 it is the first of them, and the others are impossible.
    """
    vocabulary = log_probabilities.shape[1]
    count = width + 1 if torch.compiler.is_exporting() else min(width + 1, vocabulary)
    chances, tokens = torch.topk(log_probabilities, count, dim=1)
    chances = chances.masked_fill(tokens == pad, float("-inf"))
    given = only >= 0
    its_chance = torch.where(_is_first(tokens), log_probabilities.gather(1, only.clamp(min=0)), float("-inf"))
    return torch.where(given, only, tokens), torch.where(given, its_chance, chances)


def _is_first(continuations: Shaped[Tensor, "R C"]) -> Bool[Tensor, " C"]:
    return torch.arange(continuations.shape[1], device=continuations.device) == 0


def _choose(
    now: _Beams, continuations: _Continuations, attention: Tensor, special: SpecialTokens
) -> tuple[_Beams, Tensor]:
    """The K best continuations of all hypotheses of a sentence, and which hypothesis each one continues."""
    shape = continuations.scores.shape
    scores, best = torch.topk(continuations.scores.flatten(1), shape[1], dim=1)

    def chosen(of_continuations: Tensor) -> Tensor:
        return of_continuations.flatten(1).gather(1, best)

    parent = chosen(torch.arange(shape[1], device=best.device).unsqueeze(-1).expand(shape))
    tokens, chances = chosen(continuations.tokens), chosen(continuations.chances)

    def written(history: Tensor, row: Tensor) -> Tensor:
        return remember(take_hypotheses(history, parent), row.unsqueeze(2))

    following = _Beams(
        time=now.time + 1,
        tokens=tokens,
        scores=scores,
        finished=(tokens == special.end) | (tokens == special.pad),
        token_history=written(now.token_history, tokens),
        chance_history=written(now.chance_history, chances),
        attention_history=written(now.attention_history, take_hypotheses(attention, parent)),
    )
    return following, parent


def _read_back(done: _Beams, longest: int, pad: int) -> Hypotheses:
    """The hypotheses, as long as the longest may be."""
    tokens = filled(done.token_history, longest, pad)
    attention = filled(done.attention_history, longest, 0)
    return Hypotheses(
        tokens=tokens,
        scores=done.scores,
        lengths=(tokens != pad).sum(dim=2),
        attention=attention.masked_fill((tokens == pad).unsqueeze(-1), 0.0),
        token_log_probabilities=filled(done.chance_history, longest, 0),
    )
