import numpy as np
import pytest
import torch
from torch.testing import assert_close

from enface.model.attention.heads import MultiHeadAttention
from enface.model.attention.memory import Memory
from enface.model.attention.windows import CausalWindow, GlobalWindow, LocalMonotonicWindow
from enface.model.positions import RotaryPositions

SIZE, HEADS, STEPS = 12, 3, 5
LENGTHS = [4, 1, 6]
VALID = torch.arange(6) < torch.tensor(LENGTHS).unsqueeze(1)


def heads(window=None, *, rotary=False, dropout=0.0):
    turned = RotaryPositions(SIZE // HEADS) if rotary else None
    made = MultiHeadAttention(SIZE, HEADS, window=window or GlobalWindow(), dropout=dropout, rotary=turned)
    return made.double().eval()


def random(*shape):
    return torch.randn(*shape, SIZE, dtype=torch.float64)


def reference(module, query, states, inside):
    """Vaswani et al. 2017, section 3.2.2, of one sentence: joined contexts (N, size) and weights (heads, N, S)."""
    w = {name: values.detach().numpy() for name, values in module.named_parameters()}
    q = query @ w["query.weight"].T + w["query.bias"]
    k, v = np.split(states @ w["key_value.weight"].T + w["key_value.bias"], 2, axis=-1)
    contexts, weights = [], []
    for columns in np.split(np.arange(SIZE), HEADS):
        powers = np.exp(q[:, columns] @ k[:, columns].T / np.sqrt(SIZE // HEADS)) * inside
        weights.append(powers / powers.sum(-1, keepdims=True))
        contexts.append(weights[-1] @ v[:, columns])
    return np.concatenate(contexts, -1) @ w["output.weight"].T + w["output.bias"], np.array(weights)


def test_several_heads_over_a_source_are_the_papers_formula():
    module, query, states = heads(), random(3, STEPS), random(3, 6)
    memory = module.prepare(states, VALID.unsqueeze(1))
    context, attended = module(query, memory, torch.arange(STEPS))
    for b in range(3):
        expected, weights = reference(module, query[b].numpy(), states[b].numpy(), VALID[b].numpy())
        np.testing.assert_allclose(context[b].detach().numpy(), expected, rtol=0, atol=1e-6)
        np.testing.assert_allclose(attended.weights[b].detach().numpy(), weights, rtol=0, atol=1e-6)
    assert (attended.weights[(~VALID)[:, None, None, :].expand_as(attended.weights)] == 0).all()
    assert_close(attended.weights.sum(-1), torch.ones(3, HEADS, STEPS, dtype=torch.float64))


@pytest.mark.parametrize("radius", [None, 1, 20])
def test_a_sequence_over_itself_is_the_same_with_itself_as_source(radius):
    module = heads(GlobalWindow() if radius is None else LocalMonotonicWindow(radius))
    states, places = random(3, 6), np.arange(6)
    found = module.over_itself(states, VALID).detach().numpy()
    for b, length in enumerate(LENGTHS):
        inside = (places[:, None] - places) ** 2 <= (np.inf if radius is None else radius**2)
        inside = inside & VALID[b].numpy()
        expected, _ = reference(module, states[b].numpy()[:length], states[b].numpy(), inside[:length])
        np.testing.assert_allclose(found[b, :length], expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("rotary", [False, True])
def test_recalling_what_is_remembered_equals_the_whole_sequence(rotary):
    module, states = heads(CausalWindow(), rotary=rotary), random(3, 6)
    whole = module.over_itself(states, None)
    for time in range(6):
        queries, keys, values = module.parts(states[:, : time + 1], 3, torch.arange(time + 1))
        reach = torch.zeros(3, 1, time + 1, dtype=torch.float64)
        assert_close(module.recall(queries[:, :, time:], keys, values, reach), whole[:, time])


def test_what_another_hypothesis_left_is_out_of_reach():
    module, states = heads(CausalWindow()), random(3, 6)
    whole = module.over_itself(states, None)
    order = torch.tensor([6, 0, 1, 7, 2, 8, 3, 4, 5, 9])
    queries, keys, values = module.parts(torch.cat([states, random(3, 4)], 1)[:, order], 3, torch.arange(10))
    theirs = order >= 6
    reach = torch.zeros(3, 1, 10, dtype=torch.float64).masked_fill(theirs, float("-inf"))
    assert_close(module.recall(queries[:, :, 8:9], keys, values, reach), whole[:, 5])


def test_queries_may_stand_in_one_row():
    module, query, memory = heads(), random(3, STEPS), heads().prepare(random(3, 6), VALID.unsqueeze(1))
    (side_by_side, _), (in_a_row, _) = (module(q, memory, torch.arange(STEPS)) for q in (query, query.flatten(0, 1)))
    assert_close(in_a_row, side_by_side.flatten(0, 1))


@pytest.mark.parametrize("rotary", [False, True])
def test_only_rotary_positions_tell_one_order_from_another(rotary):
    module, states, order = heads(rotary=rotary), random(1, 6), torch.tensor([3, 0, 5, 1, 2, 4])
    straight, shuffled = module.over_itself(states, None), module.over_itself(states[:, order], None)
    assert torch.allclose(shuffled, straight[:, order]) is not rotary


def test_rotary_heads_look_the_same_wherever_the_sequence_stands():
    module, states = heads(rotary=True), random(1, 6)
    found = []
    for positions in (torch.arange(6), torch.arange(6) + 40):
        queries, keys, values = module.parts(states, 1, positions)
        found.append(module.attention(queries, Memory(keys, values, None), positions).context)
    assert_close(found[0], found[1], rtol=0, atol=1e-5)


def test_dropout_is_of_the_weights_that_make_the_context_and_not_of_those_shown():
    module, query, states = heads(dropout=0.5), random(3, STEPS), random(3, 6)
    memory, steps = module.prepare(states, VALID.unsqueeze(1)), torch.arange(STEPS)
    still, still_attended = module(query, memory, steps)
    moved, moved_attended = module.train()(query, memory, steps)
    assert_close(moved_attended.weights, still_attended.weights)
    assert not torch.allclose(moved, still)
