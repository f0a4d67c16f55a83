import numpy as np
import pytest
import torch
from jaxtyping import TypeCheckError
from torch.testing import assert_close

from enface.model.attention import NoAttention, make_attention
from enface.model.encoder import SourceStates

LENGTHS = [4, 1, 5]
QUERY, STATE, SIZE = 3, 6, 7


def source_states(width=5):
    valid = torch.arange(width) < torch.tensor(LENGTHS).unsqueeze(1)
    return SourceStates(torch.randn(3, width, STATE), torch.randn(3, STATE), valid)


@pytest.fixture(params=["additive", "none"])
def attention(request):
    return make_attention(request.param, query_size=QUERY, state_size=STATE, size=SIZE)


def test_weights_sum_to_one_and_are_exactly_zero_on_padding(attention):
    source = source_states(width=8)
    context, weights = attention(10 * torch.randn(3, 2, QUERY), attention.prepare(source))
    assert_close(weights.sum(-1), torch.ones(3, 2))
    assert (weights >= 0).all()
    assert (weights[(~source.valid).unsqueeze(1).expand_as(weights)] == 0).all()
    assert context.shape == (3, 2, STATE)


def test_more_padding_changes_nothing(attention):
    source, query = source_states(), torch.randn(3, 2, QUERY)
    padding = 100 * torch.randn(3, 2, STATE)
    wider = SourceStates(
        torch.cat([source.states, padding], 1), source.final, torch.nn.functional.pad(source.valid, (0, 2))
    )
    context, weights = attention(query, attention.prepare(source))
    same_context, same_weights = attention(query, attention.prepare(wider))
    assert_close(same_context, context)
    assert_close(same_weights, torch.nn.functional.pad(weights, (0, 2)))


def test_the_order_of_the_batch_changes_nothing(attention):
    source, query, order = source_states(), torch.randn(3, 2, QUERY), torch.tensor([2, 0, 1])
    context, weights = attention(query, attention.prepare(source))
    shuffled = SourceStates(*(part[order] for part in source))
    same_context, same_weights = attention(query[order], attention.prepare(shuffled))
    assert_close(same_context, context[order])
    assert_close(same_weights, weights[order])


def test_queries_do_not_see_one_another(attention):
    query, memory = torch.randn(3, 2, QUERY), attention.prepare(source_states())
    context, weights = attention(query, memory)
    alone_context, alone_weights = attention(query[:, 1:], memory)
    assert_close(alone_context, context[:, 1:])
    assert_close(alone_weights, weights[:, 1:])


def test_additive_attention_is_the_papers_formula():
    attention = make_attention("additive", query_size=QUERY, state_size=STATE, size=SIZE)
    source, query = source_states(), torch.randn(3, 2, QUERY)
    context, weights = attention(query, attention.prepare(source))

    names = ("query.weight", "key.weight", "key.bias", "energy.weight")
    w, u, bias, v = (attention.score.state_dict()[name].numpy() for name in names)
    for b, length in enumerate(LENGTHS):
        states = source.states[b, :length].numpy()
        for n in range(2):
            energies = np.tanh(w @ query[b, n].numpy() + states @ u.T + bias) @ v[0]
            alpha = np.exp(energies) / np.exp(energies).sum()
            assert_close(weights[b, n, :length].detach().numpy(), alpha, rtol=1e-5, atol=1e-6)
            assert_close(context[b, n].detach().numpy(), alpha @ states, rtol=1e-5, atol=1e-6)


def test_without_attention_the_context_is_the_final_state_and_the_weights_lie_on_the_last_real_token():
    source = source_states(width=6)
    context, weights = NoAttention()(torch.randn(3, 2, QUERY), NoAttention().prepare(source))
    assert torch.equal(context, source.final.unsqueeze(1).expand(-1, 2, -1))
    assert weights[:, 0].tolist() == [[0, 0, 0, 1, 0, 0], [1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0]]
    assert torch.equal(weights[:, 1], weights[:, 0])


def test_a_wrong_shape_is_caught_by_the_signature():
    """Shapes in signatures are executed while testing: see addopts in pyproject.toml."""
    attention = make_attention("additive", query_size=QUERY, state_size=STATE, size=SIZE)
    with pytest.raises(TypeCheckError, match="query"):
        attention(torch.randn(2, 1, QUERY), attention.prepare(source_states()))
