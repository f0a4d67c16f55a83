import itertools

import numpy as np
import pytest
import torch
from torch.testing import assert_close

from enface.model.attention.composition import Attention, NoAttention
from enface.model.attention.making import make_attention
from enface.model.attention.memory import SourceStates
from enface.model.attention.scores import DotScore
from enface.model.attention.selections import SoftSelection
from enface.model.attention.windows import GlobalWindow
from tests.unit.model import tiny

LENGTHS = [4, 1, 5]
SIZE, QUERIES = 6, 7
STEPS = torch.arange(QUERIES)
SCORES = ["additive", "dot", "general", "concat", "scaled_dot"]
WINDOWS = ["global", "local_monotonic", "local_predictive"]
SELECTIONS = ["soft", "gumbel", "reinforce"]


def made(score, window="global", selection="soft"):
    section = tiny.section(score=score, window=window, selection=selection, window_radius=1, decoder_size=16)
    return make_attention(section.recurrent.attention, query_size=SIZE, state_size=SIZE).eval()


@pytest.fixture(params=[("none",), *itertools.product(SCORES, WINDOWS, SELECTIONS)], ids="-".join)
def attention(request):
    return made(*request.param)


def source_states(width=5):
    valid = torch.arange(width) < torch.tensor(LENGTHS).unsqueeze(1)
    return SourceStates(torch.randn(3, width, SIZE), torch.randn(3, SIZE), valid)


def queries():
    return 3 * torch.randn(3, QUERIES, SIZE)


@pytest.mark.parametrize("training", [False, True])
def test_weights_sum_to_one_and_are_exactly_zero_on_padding_and_outside_the_window(attention, training):
    source = source_states(width=8)
    context, weights, scores = attention.train(training)(queries(), attention.prepare(source), STEPS)
    padding = (~source.valid).unsqueeze(1).expand_as(weights)
    assert_close(weights.sum(-1), torch.ones(3, QUERIES))
    assert (weights >= 0).all()
    assert scores[padding].eq(float("-inf")).all()
    assert (weights[scores == float("-inf")] == 0).all()
    assert context.shape == (3, QUERIES, SIZE)


def test_more_padding_changes_nothing(attention):
    source, query = source_states(), queries()
    padding = 100 * torch.randn(3, 2, SIZE)
    wider = SourceStates(
        torch.cat([source.states, padding], 1), source.final, torch.nn.functional.pad(source.valid, (0, 2))
    )
    context, weights, scores = attention(query, attention.prepare(source), STEPS)
    same_context, same_weights, same_scores = attention(query, attention.prepare(wider), STEPS)
    assert_close(same_context, context)
    assert_close(same_weights, torch.nn.functional.pad(weights, (0, 2)))
    assert_close(same_scores, torch.nn.functional.pad(scores, (0, 2), value=float("-inf")))


def test_the_order_of_the_batch_changes_nothing(attention):
    source, query, order = source_states(), queries(), torch.tensor([2, 0, 1])
    straight = attention(query, attention.prepare(source), STEPS)
    shuffled = attention(query[order], attention.prepare(SourceStates(*(part[order] for part in source))), STEPS)
    for part, shuffled_part in zip(straight, shuffled, strict=True):
        assert_close(shuffled_part, part[order])


def test_queries_do_not_see_one_another(attention):
    query, memory = queries(), attention.prepare(source_states())
    whole = attention(query, memory, STEPS)
    alone = attention(query[:, 3:4], memory, STEPS[3:4])
    for part, alone_part in zip(whole, alone, strict=True):
        assert_close(alone_part, part[:, 3:4])


def test_the_context_is_the_mean_of_the_states_by_their_weights(attention):
    source, query = source_states(), queries()
    context, weights, _ = attention(query, attention.prepare(source), STEPS)
    if isinstance(attention, NoAttention):
        assert torch.equal(context, source.final.unsqueeze(1).expand(-1, QUERIES, -1))
        return
    expected = np.einsum("bns,bsm->bnm", weights.detach().numpy(), source.states.numpy())
    np.testing.assert_allclose(context.detach().numpy(), expected, rtol=0, atol=1e-5)


@pytest.mark.parametrize("score", SCORES)
def test_soft_global_attention_is_the_softmax_of_the_scores_of_the_real_tokens(score):
    attention = made(score).double()
    source = source_states(width=7)
    states, query = source.states.double(), queries().double()
    _, weights, _ = attention(query, attention.prepare(source._replace(states=states)), STEPS)
    energies = attention.score(query, attention.score.prepare(states)).detach().numpy()
    for b, length in enumerate(LENGTHS):
        powers = np.exp(energies[b, :, :length])
        expected = powers / powers.sum(-1, keepdims=True)
        np.testing.assert_allclose(weights[b, :, :length].detach().numpy(), expected, rtol=0, atol=1e-6)


def test_without_attention_the_weights_lie_on_the_last_real_token():
    source = source_states(width=6)
    _, weights, scores = NoAttention()(torch.randn(3, 2, SIZE), NoAttention().prepare(source), torch.tensor([3]))
    assert weights[:, 0].tolist() == [[0, 0, 0, 1, 0, 0], [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0]]
    assert torch.equal(weights[:, 1], weights[:, 0])
    assert torch.equal(torch.softmax(scores, -1), weights)


def test_dropout_is_of_the_weights_that_make_the_context_and_not_of_those_shown():
    attention = Attention(DotScore(), GlobalWindow(), SoftSelection(), dropout=0.5)
    source, query = source_states(), queries()
    still = attention.eval()(query, attention.prepare(source), STEPS)
    moved = attention.train()(query, attention.prepare(source), STEPS)
    assert_close(moved.weights, still.weights)
    assert not torch.allclose(moved.context, still.context)
