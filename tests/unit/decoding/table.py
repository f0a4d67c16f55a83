"""A language model written down as a table, and the search over it in plain Python.

log P(next token) is `table[sentence, time, previous]`. The attention rows are over V places and hold the hypothesis's
whole past: row t is half its row t - 1 and half the token before it, so that a row of another hypothesis shows.
"""

import itertools
import math

import torch

from enface.decoding.beam import Hypotheses, SpecialTokens, beam_search
from enface.model.state import State

PAD, BEGIN, END = SPECIAL = SpecialTokens(pad=0, begin=1, end=2)


def random_table(sentences, times, vocabulary_size, *, seed, end=0.0):
    """(B, T, V, V) log probabilities; `end` raises those of the end token."""
    logits = 2 * torch.randn(
        sentences, times, vocabulary_size, vocabulary_size, generator=torch.Generator().manual_seed(seed)
    )
    logits[..., END] += end
    return torch.log_softmax(logits, -1)


def search(table, *, width, longest, alpha=0.0, prefix=None):
    """`beam_search` over the table; its state knows the sentence and the past."""
    sentences, _, vocabulary_size, _ = table.shape

    def step(tokens, state, time):
        sentence, past = (part.flatten(0, 1) for part in state.own)
        past = past / 2 + torch.nn.functional.one_hot(tokens.flatten(), vocabulary_size) / 2
        log_probabilities = table[sentence.reshape(tokens.shape), time.clamp(max=table.shape[1] - 1), tokens]
        rows = past.reshape(*tokens.shape, vocabulary_size)
        return log_probabilities, State((state.own[0], rows)), rows

    begin = torch.nn.functional.one_hot(torch.full((sentences,), BEGIN), vocabulary_size).float()
    state = State((torch.arange(sentences).unsqueeze(1), begin.unsqueeze(1)))
    return beam_search(
        step,
        lambda log_probabilities: log_probabilities,
        state,
        prefix=torch.full((sentences, 1), -1) if prefix is None else torch.tensor(prefix),
        beams=torch.zeros(width, dtype=torch.int64),
        steps=torch.zeros(longest, dtype=torch.int64),
        alpha=torch.tensor(alpha),
        source_size=vocabulary_size,
        special=SPECIAL,
    )


def found(hypotheses: Hypotheses, sentence):
    """The hypotheses of a sentence as [(tokens, score)]."""
    return [
        (tuple(tokens[:length].tolist()), score.item())
        for tokens, length, score in zip(
            hypotheses.tokens[sentence], hypotheses.lengths[sentence], hypotheses.scores[sentence], strict=True
        )
    ]


def score(table, sentence, tokens, alpha):
    """log P / ((5 + length) / 6) ^ alpha, of tokens one by one."""
    previous = [BEGIN, *tokens]
    total = sum(table[sentence, time, previous[time], token].item() for time, token in enumerate(tokens))
    return total / ((5 + len(tokens)) / 6) ** alpha


def all_hypotheses(vocabulary_size, longest):
    """Every one: without padding, ended or as long as allowed."""
    words = [token for token in range(vocabulary_size) if token not in (PAD, END)]
    for length in range(1, longest + 1):
        for inner in itertools.product(words, repeat=length - 1):
            yield (*inner, END)
    yield from itertools.product(words, repeat=longest)


def plain_search(table, sentence, *, width, longest, alpha):
    """[(tokens, score)] of a beam search written without tensors."""
    beam = [()]
    for _ in range(longest):
        grown = []
        for tokens in beam:
            if tokens and tokens[-1] == END:
                grown.append(tokens)
            else:
                grown += [(*tokens, token) for token in range(table.shape[-1]) if token != PAD]
        beam = sorted(grown, key=lambda tokens: -score(table, sentence, tokens, alpha))[:width]
    return [(tokens, score(table, sentence, tokens, alpha)) for tokens in beam]


def past_rows(tokens, vocabulary_size):
    """The attention rows that belong to `tokens`."""
    row = torch.eye(vocabulary_size)[BEGIN]
    rows = []
    for token in (BEGIN, *tokens[:-1]):
        row = row / 2 + torch.eye(vocabulary_size)[token] / 2
        rows.append(row)
    return torch.stack(rows)


def assert_same(one, other):
    """Both are [(tokens, score)] with the same tokens in the same order and scores equal but for rounding."""
    assert [tokens for tokens, _ in one] == [tokens for tokens, _ in other]
    assert all(math.isclose(a, b, abs_tol=1e-4) for (_, a), (_, b) in zip(one, other, strict=True))
