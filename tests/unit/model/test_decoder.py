import pytest
import torch
from torch.testing import assert_close

from enface.model.attention import make_attention
from enface.model.decoder import BahdanauDecoder
from enface.model.encoder import SourceStates

EMBEDDING, HIDDEN, STATE, BATCH, STEPS = 5, 4, 6, 3, 4


@pytest.fixture(params=[("gru", "additive"), ("lstm", "additive"), ("gru", "none"), ("lstm", "none")], ids=str)
def decoder(request):
    cell, name = request.param
    attention = make_attention(name, query_size=HIDDEN, state_size=STATE, size=7)
    return BahdanauDecoder(
        cell, attention, embedding_size=EMBEDDING, hidden_size=HIDDEN, state_size=STATE, dropout=0.5
    ).eval()


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
    assert len(state) == len(decoder.bridge)
    for part, linear in zip(state, decoder.bridge, strict=True):
        assert_close(part, torch.tanh(source.final @ linear.weight.T + linear.bias).unsqueeze(1))


def test_a_step_attends_with_the_previous_state_then_recurs_and_reads_out():
    attention = make_attention("additive", query_size=HIDDEN, state_size=STATE, size=7)
    decoder = BahdanauDecoder(
        "gru", attention, embedding_size=EMBEDDING, hidden_size=HIDDEN, state_size=STATE, dropout=0.0
    )
    _, memory, (before,) = prepared(decoder)
    embedded = torch.randn(BATCH, 1, EMBEDDING)
    decoded, (after,) = decoder.step(embedded, (before,), memory)

    context, weights = attention(before, memory)
    state = decoder.cell(torch.cat([embedded, context], -1)[:, 0], before[:, 0])
    by_input = torch.split(decoder.readout.weight, [HIDDEN, EMBEDDING, STATE], dim=1)
    summed = sum(part @ weight.T for part, weight in zip((state, embedded[:, 0], context[:, 0]), by_input, strict=True))
    assert_close(after[:, 0], state)
    assert_close(decoded.weights, weights)
    assert_close(decoded.readout[:, 0], torch.tanh(summed + decoder.readout.bias))
