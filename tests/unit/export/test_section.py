from pathlib import Path

import pytest
import yaml

from enface.errors import ParamsError
from enface.export.section import ExportSection
from enface.params import parse_section


def test_all_wrong_settings_are_named_together():
    values = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))["export"]
    values |= {"name": "", "parity_sentences": 0, "parity_tolerance": 0.0, "int4": True}
    values["search"]["beam_size"] = 0
    with pytest.raises(ParamsError) as caught:
        parse_section(values, "params.yaml export", ExportSection)
    assert str(caught.value).splitlines() == [
        "params.yaml export.name: got '', string should have at least 1 character",
        "params.yaml export.search.beam_size: got 0, need >= 1",
        "params.yaml export.parity_sentences: got 0, need >= 1",
        "params.yaml export.parity_tolerance: got 0.0, need > 0.0",
        "params.yaml export.int4: unknown setting; did you mean 'int8'?",
    ]
