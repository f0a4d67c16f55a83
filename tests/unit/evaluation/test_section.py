"""The settings of evaluation."""

import pytest

from enface.errors import ParamsError
from enface.evaluation.section import EvaluateSection
from enface.params import parse_section
from tests.unit.evaluation.made import SECTION


@pytest.mark.parametrize("ends", [[], [0, 5], [5, 5], [9, 6]])
def test_bucket_ends_must_rise_from_one(ends):
    with pytest.raises(ParamsError) as error:
        parse_section(SECTION.model_dump() | {"length_bucket_ends": ends}, "params.yaml evaluate", EvaluateSection)
    assert str(error.value) == (
        f"params.yaml evaluate.length_bucket_ends: got {ends}, "
        "need word counts from 1 on, each greater than the one before"
    )


def test_settings_are_read_as_they_stand():
    assert parse_section(SECTION.model_dump(), "params.yaml evaluate", EvaluateSection) == SECTION
