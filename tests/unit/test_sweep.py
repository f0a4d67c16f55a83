"""variants.yaml, and the settings that it makes of params.yaml."""

import pytest
import yaml

from enface.errors import ParamsError
from enface.sweep import Sweep
from tests.contract.imports import ROOT

BASE = {
    "model": {"attention": {"score": "additive", "size": 8}, "dropout": 0.2},
    "train": {"max_epochs": 12},
    "tracking": {"run_name": ""},
}
SWEEP = {
    "shared": {"train": {"max_epochs": 4}},
    "sets": {"small": {"model": {"dropout": 0.1}}, "large": {"train": {"max_epochs": 5}}},
    "variants": {"none": {"model": {"attention": {"score": "none"}}}, "additive": {}},
    "runs": {
        "small-none": {"set": "small", "variant": "none"},
        "small-additive": {"set": "small", "variant": "additive"},
        "large-none": {"set": "large", "variant": "none"},
    },
    "drawn": ["none"],
}


@pytest.fixture
def opened(tmp_path):
    def write(**changes) -> Sweep:
        path = tmp_path / "variants.yaml"
        path.write_text(yaml.safe_dump({**SWEEP, **changes}, sort_keys=False))
        return Sweep(path)

    return write


def test_changes_of_all_of_the_set_and_of_the_variant_come_one_after_the_other(opened):
    sweep = opened()
    assert sweep.settings(BASE, "small", "none") == {
        "model": {"attention": {"score": "none", "size": 8}, "dropout": 0.1},
        "train": {"max_epochs": 4},
        "tracking": {"run_name": "small-none"},
    }
    assert sweep.settings(BASE, "large", "none")["train"] == {"max_epochs": 5}
    assert sweep.settings(BASE, "small")["model"]["attention"]["score"] == "additive"
    assert BASE["train"] == {"max_epochs": 12}


def test_the_runs_say_which_variants_a_set_has(opened):
    sweep = opened()
    assert sweep.sets == ["small", "large"]
    assert (sweep.variants("small"), sweep.variants("large")) == (["none", "additive"], ["none"])
    assert sweep.drawn == ["none"]


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        (
            {"runs": {"a": {"set": "smal", "variant": "none"}}},
            "runs.a.set: got 'smal', which is not there; did you mean 'small'?",
        ),
        (
            {"runs": {"a": {"set": "small", "variant": "x"}}},
            "runs.a.variant: got 'x', which is not there; known are none, additive",
        ),
        ({"drawn": ["nonne"]}, "drawn: got 'nonne', which is not there; did you mean 'none'?"),
        ({"run": {}}, "run: unknown setting; did you mean 'runs'?"),
    ],
)
def test_what_does_not_fit_together_is_refused(opened, tmp_path, changes, problem):
    with pytest.raises(ParamsError) as error:
        opened(**changes)
    assert str(error.value) == f"{tmp_path}/variants.yaml {problem}"


def test_a_change_of_what_is_not_there_is_refused(opened, tmp_path):
    sweep = opened(variants={"none": {"model": {"attention": {"scor": "none"}}}, "additive": {}})
    with pytest.raises(ParamsError) as error:
        sweep.settings(BASE, "small", "none")
    assert str(error.value) == (
        f"{tmp_path}/variants.yaml variants.none.model.attention.scor: got 'scor', which is not there; "
        "did you mean 'score'?"
    )


def test_the_variants_of_an_unknown_set_are_refused(opened, tmp_path):
    with pytest.raises(ParamsError) as error:
        opened().variants("huge")
    assert str(error.value) == f"{tmp_path}/variants.yaml sets: got 'huge', which is not there; known are small, large"


def test_the_projects_own_variants_fit_its_settings():
    """Every variant is trained on at least one set, and its model is one that can be made."""
    from enface.model.section import ModelSection
    from enface.params import parse_section, read_settings

    sweep, base = Sweep(ROOT / "sweep/variants.yaml"), read_settings(ROOT / "params.yaml")
    written = read_settings(ROOT / "sweep/variants.yaml")
    assert {variant for name in sweep.sets for variant in sweep.variants(name)} == set(written["variants"])
    for name in sweep.sets:
        for variant in sweep.variants(name):
            parse_section(sweep.settings(base, name, variant)["model"], f"{name} {variant} model", ModelSection)
