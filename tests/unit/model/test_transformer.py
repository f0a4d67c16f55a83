import pytest
import torch
from torch import nn
from torch.testing import assert_close

from enface.model.attention.memory import SourceStates
from enface.model.transformer import (
    DecoderLayer,
    EncoderLayer,
    TransformerDecoder,
    TransformerEncoder,
    TransformerSizes,
)

SIZE, HEADS, FEEDFORWARD, STEPS = 12, 3, 16, 6
LENGTHS = [4, 1, 5]
VALID = torch.arange(5) < torch.tensor(LENGTHS).unsqueeze(1)


def sizes(positions="sinusoidal", radius=None):
    return TransformerSizes(
        size=SIZE, heads=HEADS, feedforward=FEEDFORWARD, dropout=0.0, positions=positions, radius=radius
    )


def random(*shape):
    return torch.randn(*shape, SIZE, dtype=torch.float64)


def copy_heads(theirs, ours):
    """Our weights of several heads into PyTorch's."""
    with torch.no_grad():
        theirs.in_proj_weight.copy_(torch.cat([ours.query.weight, ours.key_value.weight]))
        theirs.in_proj_bias.copy_(torch.cat([ours.query.bias, ours.key_value.bias]))
    theirs.out_proj.load_state_dict(ours.output.state_dict())


def pytorchs(kind, layer):
    """PyTorch's own pre-norm layer with the weights of `layer`, but for its norms and attentions."""
    theirs = kind(SIZE, HEADS, FEEDFORWARD, dropout=0.0, batch_first=True, norm_first=True, dtype=torch.float64)
    theirs.linear1.load_state_dict(layer.feedforward.wide.state_dict())
    theirs.linear2.load_state_dict(layer.feedforward.narrow.state_dict())
    return theirs


def scattered(layer):
    """`layer` in float64, its norms no longer those that change nothing."""
    for values in layer.double().parameters():
        nn.init.normal_(values, std=0.5)
    return layer


def test_an_encoder_layer_is_pytorchs_pre_norm_layer():
    layer, states = scattered(EncoderLayer(sizes())), random(3, 5)
    theirs = pytorchs(nn.TransformerEncoderLayer, layer)
    copy_heads(theirs.self_attn, layer.attention)
    theirs.norm1.load_state_dict(layer.attention_norm.state_dict())
    theirs.norm2.load_state_dict(layer.feedforward.norm.state_dict())
    expected = theirs(states, src_key_padding_mask=~VALID)
    assert_close(layer(states, VALID)[VALID], expected[VALID], rtol=0, atol=1e-6)


@pytest.mark.parametrize("radius", [None, 2])
def test_a_decoder_layer_is_pytorchs_pre_norm_layer(radius):
    layer, states, source = scattered(DecoderLayer(sizes(radius=radius))), random(3, STEPS), random(3, 5)
    theirs = pytorchs(nn.TransformerDecoderLayer, layer)
    copy_heads(theirs.self_attn, layer.self_attention)
    copy_heads(theirs.multihead_attn, layer.source_attention)
    for norm, ours in enumerate([layer.self_norm, layer.source_norm, layer.feedforward.norm], start=1):
        getattr(theirs, f"norm{norm}").load_state_dict(ours.state_dict())
    back = torch.arange(STEPS).unsqueeze(1) - torch.arange(STEPS)
    hidden = (back < 0) | (back > (STEPS if radius is None else radius))
    expected = theirs(states, source, tgt_mask=hidden, memory_key_padding_mask=~VALID)
    memory = layer.source_attention.prepare(source, VALID.unsqueeze(1))
    found, _ = layer(states, memory, torch.arange(STEPS))
    assert_close(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary"])
def test_the_encoder_knows_the_order_and_the_last_real_state_is_the_sentences(positions):
    encoder, states = TransformerEncoder(sizes(positions), 2).eval(), torch.randn(3, 5, SIZE)
    encoded = encoder(states, VALID)
    for b, length in enumerate(LENGTHS):
        assert torch.equal(encoded.final[b], encoded.states[b, length - 1])
    backwards = encoder(states[2:].flip(1), VALID[2:])
    assert not torch.allclose(backwards.states.flip(1), encoded.states[2:], atol=1e-3)


def decoder(positions="sinusoidal", radius=None, layers=2):
    made = TransformerDecoder(sizes(positions, radius), layers).eval()
    source = SourceStates(torch.randn(3, 5, SIZE), torch.randn(3, SIZE), VALID)
    return made, made.prepare(source), made.start(source)


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary"])
@pytest.mark.parametrize("radius", [None, 1, 3])
def test_step_by_step_with_what_is_remembered_equals_teacher_forcing(positions, radius):
    made, memories, state = decoder(positions, radius)
    embedded = torch.randn(3, STEPS, SIZE)
    forced = made(embedded, state, memories)
    for time in range(STEPS):
        decoded, state = made.step(embedded[:, time : time + 1], state, memories, torch.tensor(time))
        for part, forced_part in zip(decoded, forced, strict=True):
            assert_close(part, forced_part[:, time : time + 1])
        remembered = time + 1 if radius is None else min(time, radius) + 1
        assert [part.shape for part in state.shared] == [(3, HEADS, remembered, SIZE // HEADS)] * 4
        assert [part.shape for part in state.own] == [(3, 1, remembered)]


@pytest.mark.parametrize("radius", [None, 2])
def test_hypotheses_advance_side_by_side_without_seeing_one_another(radius):
    made, memories, state = decoder(radius=radius)
    wide = state.of(torch.zeros(3, 2, dtype=torch.int64))
    for time in range(5):
        embedded = torch.randn(3, 2, SIZE)
        together, wide = made.step(embedded, wide, memories, torch.tensor(time))
        alone, state = made.step(embedded[:, 1:], state, memories, torch.tensor(time))
        for part, alone_part in zip(together, alone, strict=True):
            assert_close(part[:, 1:], alone_part)


@pytest.mark.parametrize("radius", [None, 2])
def test_a_hypothesis_goes_on_from_the_past_of_the_one_it_continues(radius):
    made, memories, start = decoder(radius=radius)
    wide, parents = start.of(torch.zeros(3, 2, dtype=torch.int64)), torch.tensor([[1, 1], [1, 0], [0, 0]])
    pasts = torch.empty(3, 2, 0, SIZE)
    for time in range(5):
        embedded = torch.randn(3, 2, SIZE)
        decoded, wide = made.step(embedded, wide, memories, torch.tensor(time))
        pasts = torch.cat([pasts, embedded.unsqueeze(2)], 2)
        for place in range(2):
            forced = made(pasts[:, place], start, memories)
            assert_close(decoded.readout[:, place], forced.readout[:, -1])
        wide, pasts = wide.of(parents), pasts[torch.arange(3).unsqueeze(1), parents]


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary"])
def test_one_layer_of_local_self_attention_sees_no_further_than_its_radius(positions):
    made, memories, state = decoder(positions, radius=2, layers=1)
    embedded = torch.randn(3, STEPS, SIZE)
    other = torch.cat([torch.randn(3, 1, SIZE), embedded[:, 1:]], 1)
    before, after = made(embedded, state, memories).readout, made(other, state, memories).readout
    assert_close(after[:, 3:], before[:, 3:])
    assert not any(torch.allclose(after[:, time], before[:, time], atol=1e-4) for time in range(3))
    encoder = TransformerEncoder(sizes(positions, radius=1), 1).eval()
    states = torch.randn(1, 5, SIZE)
    other = torch.cat([states[:, :4], torch.randn(1, 1, SIZE)], 1)
    before, after = encoder(states, VALID[2:]).states, encoder(other, VALID[2:]).states
    assert_close(after[:, :3], before[:, :3])
    assert not torch.allclose(after[:, 3], before[:, 3], atol=1e-4)
