import pytest

from enface.explaining.describing import described
from tests.unit.model import tiny


@pytest.mark.parametrize(
    ("changes", "attention", "network"),
    [
        ({}, "additive score (Bahdanau) · global · soft", "GRU encoder · Luong decoder"),
        (
            {"score": "none", "decoder": "bahdanau", "cell": "lstm"},
            "no attention: every step is given the encoder's last state",
            "LSTM encoder · Bahdanau decoder",
        ),
        (
            {"score": "general", "window": "local_predictive", "input_feeding": True},
            "general score (Luong) · local, predictive, D\u00a0=\u00a02 · soft",
            "GRU encoder · Luong decoder with input feeding",
        ),
        (
            {"score": "scaled_dot", "selection": "gumbel", "encoder_self_attention": "local"},
            "scaled dot score · global · hard (Gumbel)",
            "GRU encoder, local self-attention · Luong decoder",
        ),
        (
            {"network": "transformer", "positions": "rotary", "heads": 2},
            "scaled dot score · global · soft · 2 layers of 2 heads",
            "Transformer · rotary positions · global self-attention",
        ),
    ],
)
def test_a_model_is_told_in_a_line(changes, attention, network):
    assert described(tiny.section(**changes)) == (attention, network)


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_every_kind_is_told(kind):
    assert all(described(tiny.section(**tiny.KINDS[kind])))
