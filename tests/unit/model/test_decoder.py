import itertools

import pytest
import torch
from torch import nn
from torch.testing import assert_close

from enface.model.attention import make_attention
from enface.model.decoder import DecoderSizes, RecurrentStep, make_decoder
from enface.model.encoder import SourceStates

EMBEDDING, HIDDEN, STATE, BATCH, STEPS = 5, 4, 6, 3, 4
KINDS = itertools.product(["bahdanau", "luong"], ["gru", "lstm"], ["additive", "none"])


def made(name, cell="gru", attention="additive"):
    attention = make_attention(attention, query_size=HIDDEN, state_size=STATE, size=7)
    return make_decoder(name, cell, attention, DecoderSizes(EMBEDDING, HIDDEN, STATE), dropout=0.5).eval()


@pytest.fixture(params=KINDS, ids="-".join)
def decoder(request):
    return made(*request.param)


def prepared(decoder, width=5):
    valid = torch.arange(width) < torch.tensor([4, 1, 5]).unsqueeze(1)
    source = SourceStates(torch.randn(BATCH, width, STATE), torch.randn(BATCH, STATE), valid)
    return source, decoder.attention.prepare(source), decoder.start(source)


def test_step_by_step_equals_teacher_forcing(decoder):
    _, memory, state = prepared(decoder)
    embedded = torch.randn(BATCH, STEPS, EMBEDDING)
    forced = decoder(embedded, state, memory)
    for time in range(STEPS):
        decoded, state = decoder.step(embedded[:, time : time + 1], state, memory)
        assert_close(decoded.readout, forced.readout[:, time : time + 1])
        assert_close(decoded.weights, forced.weights[:, time : time + 1])


def test_hypotheses_advance_side_by_side_without_seeing_one_another(decoder):
    _, memory, state = prepared(decoder)
    embedded = torch.randn(BATCH, 3, EMBEDDING)
    states = tuple(part + torch.randn(BATCH, 3, HIDDEN) for part in state)
    together, moved = decoder.step(embedded, states, memory)
    alone, moved_alone = decoder.step(embedded[:, 1:2], tuple(part[:, 1:2] for part in states), memory)
    assert_close(together.readout[:, 1:2], alone.readout)
    assert_close(together.weights[:, 1:2], alone.weights)
    for part, part_alone in zip(moved, moved_alone, strict=True):
        assert_close(part[:, 1:2], part_alone)


def test_the_first_state_is_made_from_the_encoders_final_one(decoder):
    source, _, state = prepared(decoder)
    assert len(state) == len(decoder.start.bridges)
    for part, bridge in zip(state, decoder.start.bridges, strict=True):
        assert_close(part, torch.tanh(source.final @ bridge.weight.T + bridge.bias).unsqueeze(1))


@pytest.mark.parametrize(("cell", "layer", "tensors"), [("gru", nn.GRU, 1), ("lstm", nn.LSTM, 2)])
def test_a_recurrent_step_after_another_equals_pytorchs_layer(cell, layer, tensors):
    recurrent, reference = RecurrentStep(cell, EMBEDDING, HIDDEN), layer(EMBEDDING, HIDDEN, batch_first=True)
    reference.load_state_dict(recurrent.layer.state_dict())
    inputs, state = torch.randn(BATCH, STEPS, EMBEDDING), tuple(torch.randn(tensors, BATCH, 1, HIDDEN))
    first = [part.transpose(0, 1) for part in state]
    expected, _ = reference(inputs, first[0] if tensors == 1 else tuple(first))
    assert_close(recurrent.over(inputs, state), expected)
    for time in range(STEPS):
        state = recurrent(inputs[:, time : time + 1], state)
        assert_close(state[0], expected[:, time : time + 1])


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_bahdanaus_decoder_attends_with_the_previous_state_then_steps_and_reads_out(cell):
    decoder = made("bahdanau", cell)
    _, memory, before = prepared(decoder)
    embedded = torch.randn(BATCH, 1, EMBEDDING)
    decoded, after = decoder.step(embedded, before, memory)
    context, weights = decoder.attention(before[0], memory)
    assert_close(after, decoder.cell(torch.cat([embedded, context], -1), before))
    assert_close(decoded.weights, weights)
    assert_close(decoded.readout, read_out(decoder, after[0], embedded, context))


@pytest.mark.parametrize("cell", ["gru", "lstm"])
def test_luongs_decoder_steps_then_attends_with_the_new_state_and_reads_out(cell):
    decoder = made("luong", cell)
    _, memory, before = prepared(decoder)
    embedded = torch.randn(BATCH, 1, EMBEDDING)
    decoded, after = decoder.step(embedded, before, memory)
    context, weights = decoder.attention(after[0], memory)
    assert_close(after, decoder.cell(embedded, before))
    assert_close(decoded.weights, weights)
    assert_close(decoded.readout, read_out(decoder, after[0], context))


def read_out(decoder, *parts):
    """tanh(W_1 part_1 + W_2 part_2 + ... + b)."""
    linear = decoder.readout.linear
    columns = torch.split(linear.weight, [part.shape[-1] for part in parts], dim=1)
    return torch.tanh(sum(part @ weight.T for part, weight in zip(parts, columns, strict=True)) + linear.bias)
