from typing import get_args

import pytest

from enface.explaining.describing import _SCORES, _SELECTIONS, _WINDOWS, described
from enface.model.attention.making import ScoreName, SelectionName, WindowName
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


@pytest.mark.parametrize(
    ("names", "descriptions"),
    [(ScoreName, _SCORES | {"none": ""}), (WindowName, _WINDOWS), (SelectionName, _SELECTIONS)],
    ids=["score", "window", "selection"],
)
def test_every_name_that_there_is_has_a_description_of_its_own(names, descriptions):
    assert set(get_args(names)) == descriptions.keys()
    assert len(set(descriptions.values())) == len(descriptions)


def test_a_name_without_a_description_stands_for_itself():
    section = tiny.section()
    new = {name: f"new {name}" for name in ("score", "window", "selection")}
    attention = section.recurrent.attention.model_copy(update=new)
    section = section.model_copy(update={"recurrent": section.recurrent.model_copy(update={"attention": attention})})
    assert described(section)[0] == "new score · new window, D\u00a0=\u00a02 · new selection"
