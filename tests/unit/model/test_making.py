import pytest

from enface.model.attention.windows import CausalWindow, GlobalWindow, LocalMonotonicWindow
from enface.model.decoder import BahdanauDecoder, InputFeedingDecoder, LuongDecoder
from enface.model.making import make_network
from tests.unit.model import tiny


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"decoder": "bahdanau"}, BahdanauDecoder),
        ({"decoder": "luong"}, LuongDecoder),
        ({"decoder": "luong", "input_feeding": True}, InputFeedingDecoder),
    ],
)
def test_the_decoder_is_the_one_asked_for(changes, expected):
    _, decoder = make_network(tiny.section(**changes))
    assert type(decoder) is expected


def test_encoder_and_decoder_are_as_large_as_asked():
    encoder, decoder = make_network(tiny.section(encoder_size=5, decoder_size=7, encoder_layers=3, cell="lstm"))
    assert len(encoder.layers) == 3
    assert encoder.state_size == 10
    assert decoder.cell.layer.hidden_size == 7
    assert encoder.layers[0].forwards.layer.mode == decoder.cell.layer.mode == "LSTM"


@pytest.mark.parametrize(("name", "expected"), [("global", GlobalWindow), ("local", LocalMonotonicWindow)])
def test_the_encoders_states_look_at_each_other_where_asked(name, expected):
    encoder, _ = make_network(tiny.section(encoder_self_attention=name, self_attention_radius=6))
    window = encoder.self_attention.attention.window
    assert type(window) is expected
    assert name == "global" or window.radius == 6
    assert make_network(tiny.section())[0].self_attention is None


@pytest.mark.parametrize(("name", "radius"), [("global", None), ("local", 3)])
def test_a_transformer_is_as_deep_and_looks_as_far_as_asked(name, radius):
    changes = {"self_attention": name, "self_attention_radius": 3, "encoder_layers": 1, "decoder_layers": 3}
    encoder, decoder = make_network(tiny.section(network="transformer", **changes))
    assert (len(encoder.layers), len(decoder.layers)) == (1, 3)
    windows = [layer.self_attention.attention.window for layer in decoder.layers]
    assert [(type(window), window.radius) for window in windows] == [(CausalWindow, radius)] * 3
    window = encoder.layers[0].attention.attention.window
    assert isinstance(window, GlobalWindow) if radius is None else window.radius == radius


@pytest.mark.parametrize("positions", ["sinusoidal", "rotary"])
def test_positions_are_added_or_turned_and_never_both(positions):
    encoder, decoder = make_network(tiny.section(network="transformer", positions=positions))
    attentions = [encoder.layers[0].attention, decoder.layers[0].self_attention]
    turned = positions == "rotary"
    assert [attention.rotary is not None for attention in attentions] == [turned] * 2
    assert [part.positions is None for part in (encoder, decoder)] == [turned] * 2
    assert decoder.layers[0].source_attention.rotary is None
