import pytest
import torch
from torch import nn
from torch.testing import assert_close

from enface.model.attention.making import make_attention
from enface.model.attention.memory import SourceStates
from enface.model.decoder import BahdanauDecoder, DecoderSizes, InputFeedingDecoder, LuongDecoder
from enface.model.recurrent import RecurrentStep
from enface.model.state import State
from tests.unit.model import tiny

EMBEDDING, HIDDEN, STATE, BATCH, STEPS = 5, 4, 6, 3, 4
DECODERS = {"bahdanau": BahdanauDecoder, "luong": LuongDecoder, "input_feeding": InputFeedingDecoder}
CELLS = {"gru": 1, "lstm": 2}  # and how many tensors their state has
ATTENTIONS = [{}, {"score": "none"}, {"score": "general", "window": "local_monotonic", "window_radius": 1}]


def made(name, cell="gru", **attention):
    section = tiny.section(**attention).recurrent.attention
    attention = make_attention(section, query_size=HIDDEN, state_size=STATE)
    return DECODERS[name](cell, attention, DecoderSizes(EMBEDDING, HIDDEN, STATE), dropout=0.5).eval()


@pytest.fixture(params=[(name, cell, attention) for name in DECODERS for cell in CELLS for attention in ATTENTIONS])
def decoder(request):
    name, cell, attention = request.param
    return made(name, cell, **attention)


def prepared(decoder, width=5):
    valid = torch.arange(width) < torch.tensor([4, 1, 5]).unsqueeze(1)
    source = SourceStates(torch.randn(BATCH, width, STATE), torch.randn(BATCH, STATE), valid)
    return source, decoder.prepare(source), decoder.start(source)


def test_step_by_step_equals_teacher_forcing(decoder):
    _, memories, state = prepared(decoder)
    embedded = torch.randn(BATCH, STEPS, EMBEDDING)
    forced = decoder(embedded, state, memories)
    for time in range(STEPS):
        decoded, state = decoder.step(embedded[:, time : time + 1], state, memories, torch.tensor(time))
        for part, forced_part in zip(decoded, forced, strict=True):
            assert_close(part, forced_part[:, time : time + 1])


def test_hypotheses_advance_side_by_side_without_seeing_one_another(decoder):
    _, memories, state = prepared(decoder)
    embedded, time = torch.randn(BATCH, 3, EMBEDDING), torch.tensor(2)
    wide = state.of(torch.zeros(BATCH, 3, dtype=torch.int64))
    states = State(tuple(part + torch.randn_like(part) for part in wide.own))
    together, moved = decoder.step(embedded, states, memories, time)
    middle = torch.ones(BATCH, 1, dtype=torch.int64)
    alone, moved_alone = decoder.step(embedded[:, 1:2], states.of(middle), memories, time)
    for part, part_alone in zip(together, alone, strict=True):
        assert_close(part[:, 1:2], part_alone)
    for part, part_alone in zip(moved.of(middle).own, moved_alone.own, strict=True):
        assert_close(part, part_alone)


def test_the_first_state_is_made_from_the_encoders_final_one_and_what_is_fed_begins_with_nothing(decoder):
    source, _, state = prepared(decoder)
    bridges = decoder.first_state.bridges
    for part, bridge in zip(state.own, bridges, strict=False):
        assert_close(part[:, 0], torch.tanh(source.final @ bridge.weight.T + bridge.bias))
    fed = [torch.zeros(BATCH, 1, EMBEDDING)] if isinstance(decoder, InputFeedingDecoder) else []
    assert_close(list(state.own[len(bridges) :]), fed)


@pytest.mark.parametrize(("cell", "layer"), [("gru", nn.GRU), ("lstm", nn.LSTM)])
def test_a_recurrent_step_after_another_equals_pytorchs_layer(cell, layer):
    recurrent, reference = RecurrentStep(cell, EMBEDDING, HIDDEN), layer(EMBEDDING, HIDDEN, batch_first=True)
    reference.load_state_dict(recurrent.layer.state_dict())
    inputs, state = torch.randn(BATCH, STEPS, EMBEDDING), tuple(torch.randn(CELLS[cell], BATCH, 1, HIDDEN))
    first = [part.transpose(0, 1) for part in state]
    expected, _ = reference(inputs, first[0] if cell == "gru" else tuple(first))
    assert_close(recurrent.over(inputs, state), expected)
    for time in range(STEPS):
        state = recurrent(inputs[:, time : time + 1], state)
        assert_close(state[0], expected[:, time : time + 1])


@pytest.mark.parametrize("cell", CELLS)
def test_bahdanaus_decoder_attends_with_the_previous_state_then_steps_and_reads_out(cell):
    decoder = made("bahdanau", cell)
    embedded, memories, before, time = torch.randn(BATCH, 1, EMBEDDING), *prepared(decoder)[1:], torch.tensor(1)
    decoded, after = decoder.step(embedded, before, memories, time)
    context, weights, scores = decoder.attention(before.own[0], memories[0], time.reshape(1))
    assert_close(after.own, decoder.cell(torch.cat([embedded, context], -1), before.own))
    assert_close(decoded[1:], (weights, scores))
    assert_close(decoded.readout, read_out(decoder, after.own[0], embedded, context))


@pytest.mark.parametrize("cell", CELLS)
def test_luongs_decoder_steps_then_attends_with_the_new_state_and_reads_out(cell):
    decoder = made("luong", cell)
    embedded, memories, before, time = torch.randn(BATCH, 1, EMBEDDING), *prepared(decoder)[1:], torch.tensor(1)
    decoded, after = decoder.step(embedded, before, memories, time)
    context, weights, scores = decoder.attention(after.own[0], memories[0], time.reshape(1))
    assert_close(after.own, decoder.cell(embedded, before.own))
    assert_close(decoded[1:], (weights, scores))
    assert_close(decoded.readout, read_out(decoder, after.own[0], context))


@pytest.mark.parametrize("cell", CELLS)
def test_input_feeding_tells_the_next_step_what_was_read_out_before(cell):
    decoder = made("input_feeding", cell)
    _, memories, before = prepared(decoder)
    *recurrent, fed = (*before.own[:-1], torch.randn(BATCH, 1, EMBEDDING))
    embedded, time = torch.randn(BATCH, 1, EMBEDDING), torch.tensor(1)
    decoded, ((*after, fed_next), _) = decoder.step(embedded, State((*recurrent, fed)), memories, time)
    assert_close(tuple(after), decoder.cell(torch.cat([embedded, fed], -1), tuple(recurrent)))
    context, weights, scores = decoder.attention(after[0], memories[0], time.reshape(1))
    assert_close(decoded[1:], (weights, scores))
    assert_close(decoded.readout, read_out(decoder, after[0], context))
    assert_close(fed_next, decoded.readout)


def read_out(decoder, *parts):
    """tanh(W_1 part_1 + W_2 part_2 + ... + b)."""
    linear = decoder.readout.linear
    columns = torch.split(linear.weight, [part.shape[-1] for part in parts], dim=1)
    return torch.tanh(sum(part @ weight.T for part, weight in zip(parts, columns, strict=True)) + linear.bias)
