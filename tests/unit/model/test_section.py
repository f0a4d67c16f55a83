import pytest

from enface.errors import ParamsError
from enface.model.section import ModelSection
from enface.params import parse_section
from tests.unit.model import tiny


def settings(recurrent=None, transformer=None, attention=None, **changes):
    """What params.yaml would say under `model`."""
    return {
        "network": "recurrent",
        "recurrent": tiny.RECURRENT | {"attention": tiny.ATTENTION | (attention or {})} | (recurrent or {}),
        "transformer": tiny.TRANSFORMER | (transformer or {}),
    } | changes


def refusals(**changes):
    with pytest.raises(ParamsError) as caught:
        parse_section(settings(**changes), "params.yaml model", ModelSection)
    return str(caught.value).splitlines()


@pytest.mark.parametrize("kind", tiny.KINDS.values(), ids=tiny.KINDS)
def test_what_goes_together_is_accepted(kind):
    values = tiny.section(**kind).model_dump()
    assert parse_section(values, "params.yaml model", ModelSection).model_dump() == values


def test_unknown_names_are_refused_with_the_known_ones():
    assert refusals(
        network="rnn",
        recurrent={"cell": "rnn", "encoder_self_attention": "locale", "decoder": "cho"},
        transformer={"positions": "learned", "self_attention": "none"},
    ) == [
        "params.yaml model.network: got 'rnn', need one of 'recurrent' or 'transformer'",
        "params.yaml model.recurrent.cell: got 'rnn', need one of 'gru' or 'lstm'",
        "params.yaml model.recurrent.encoder_self_attention: got 'locale', need one of 'none', 'global' or 'local'",
        "params.yaml model.recurrent.decoder: got 'cho', need one of 'bahdanau' or 'luong'",
        "params.yaml model.transformer.positions: got 'learned', need one of 'sinusoidal' or 'rotary'",
        "params.yaml model.transformer.self_attention: got 'none', need one of 'global' or 'local'",
    ]


def test_all_wrong_settings_are_named_together_in_both_networks():
    assert refusals(
        recurrent={"encoder_size": 0, "dropout": 1.0, "layers": 2},
        transformer={"heads": 0, "dropout": -0.1},
        attention={"size": 0, "radius": 1},
    ) == [
        "params.yaml model.recurrent.encoder_size: got 0, need >= 1",
        "params.yaml model.recurrent.attention.size: got 0, need >= 1",
        "params.yaml model.recurrent.attention.radius: unknown setting; did you mean 'window_radius'?",
        "params.yaml model.recurrent.dropout: got 1.0, need < 1.0",
        "params.yaml model.recurrent.layers: unknown setting; did you mean 'encoder_layers'?",
        "params.yaml model.transformer.heads: got 0, need >= 1",
        "params.yaml model.transformer.dropout: got -0.1, need >= 0.0",
    ]


def test_the_baseline_goes_with_no_window_and_no_selection():
    (said,) = refusals(attention={"score": "none", "window": "local_monotonic"})
    assert said.startswith("params.yaml model.recurrent.attention: got score none with window local_monotonic and ")


def test_dot_needs_sizes_that_fit():
    assert refusals(attention={"score": "dot"}) == [
        "params.yaml model.recurrent: attention.score dot multiplies the decoder's state with the encoder's, so "
        "decoder_size must be 2 * encoder_size: got 8 and 2 * 8; score general, concat, additive and scaled_dot go "
        "with any sizes"
    ]
    assert tiny.section(score="dot", encoder_size=4).recurrent.decoder_size == 8


@pytest.mark.parametrize("self_attention", ["global", "local"])
def test_self_attentions_heads_divide_the_encoders_states(self_attention):
    assert refusals(recurrent={"encoder_self_attention": self_attention, "self_attention_heads": 3}) == [
        "params.yaml model.recurrent: self_attention_heads: got 3, need a divisor of 2 * encoder_size, which is 16"
    ]
    assert tiny.section(encoder_self_attention="none", self_attention_heads=3)


def test_input_feeding_is_luongs():
    assert refusals(recurrent={"decoder": "bahdanau", "input_feeding": True}) == [
        "params.yaml model.recurrent: input_feeding goes with decoder luong alone; decoder bahdanau is told what it "
        "attends to anyway: set input_feeding false or decoder luong"
    ]


@pytest.mark.parametrize("recurrent", [{"decoder": "bahdanau"}, {"input_feeding": True}], ids=str)
def test_reinforce_goes_with_a_decoder_whose_steps_do_not_wait_for_the_attention(recurrent):
    assert refusals(recurrent=recurrent, attention={"selection": "reinforce"}) == [
        "params.yaml model.recurrent: attention.selection reinforce rewards a choice by the one word that it changes, "
        "so it goes with decoder luong and input_feeding false alone; selection soft and gumbel go with every decoder"
    ]


@pytest.mark.parametrize(("size", "heads"), [(12, 4), (12, 5), (10, 2)])
def test_a_transformers_heads_divide_its_size_into_even_parts(size, heads):
    assert refusals(transformer={"size": size, "heads": heads}) == [
        f"params.yaml model.transformer: size: got {size}, need a multiple of 2 * heads, which is {2 * heads}"
    ]
