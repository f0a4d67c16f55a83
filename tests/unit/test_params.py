from typing import Annotated, Literal

import pytest
from pydantic import Field

from enface.errors import ParamsError
from enface.params import Section, changed_settings, load_section, parse_section


class Warmup(Section):
    steps: Annotated[int, Field(ge=0)]


class Train(Section):
    batch_tokens: Annotated[int, Field(ge=1)]
    dropout: Annotated[float, Field(ge=0, lt=1)]
    rate: Annotated[float, Field(gt=0, le=1)]
    cell: Literal["gru", "lstm"]
    warmup: Warmup
    scores: dict[str, int]


GOOD = {
    "batch_tokens": 4096,
    "dropout": 0.1,
    "rate": 1,
    "cell": "gru",
    "warmup": {"steps": 10},
    "scores": {},
}


def refused(**changed):
    with pytest.raises(ParamsError) as caught:
        parse_section({**GOOD, **changed}, "params.yaml train", Train)
    return str(caught.value)


def test_a_good_section_becomes_a_frozen_object():
    section = parse_section(GOOD, "params.yaml train", Train)
    assert section.warmup.steps == 10
    with pytest.raises(Exception, match="frozen"):
        section.batch_tokens = 1


def test_a_section_is_loaded_from_a_file(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("other: {}\nwarmup: {steps: 3}\n")
    assert load_section(path, "warmup", Warmup) == Warmup(steps=3)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"batch_tokens": 0}, "params.yaml train.batch_tokens: got 0, need >= 1"),
        ({"dropout": 1.0}, "params.yaml train.dropout: got 1.0, need < 1.0"),
        ({"rate": 0.0}, "params.yaml train.rate: got 0.0, need > 0.0"),
        ({"rate": 2.0}, "params.yaml train.rate: got 2.0, need <= 1.0"),
        ({"cell": "rnn"}, "params.yaml train.cell: got 'rnn', need one of 'gru' or 'lstm'"),
        ({"batch_tokens": "many"}, "params.yaml train.batch_tokens: got 'many', input should be a valid integer"),
        ({"batch_tokens": 2.0}, "params.yaml train.batch_tokens: got 2.0, input should be a valid integer"),
        ({"batch_tokens": True}, "params.yaml train.batch_tokens: got True, input should be a valid integer"),
        ({"batch_token": 5}, "params.yaml train.batch_token: unknown setting; did you mean 'batch_tokens'?"),
        (
            {"zzz": 5},
            "params.yaml train.zzz: unknown setting; known are batch_tokens, dropout, rate, cell, warmup, scores",
        ),
        ({"warmup": {}}, "params.yaml train.warmup.steps: missing"),
        (
            {"warmup": {"steps": 1, "step": 2}},
            "params.yaml train.warmup.step: unknown setting; did you mean 'steps'?",
        ),
        ({"scores": {"a": "x"}}, "params.yaml train.scores.a: got 'x', input should be a valid integer"),
    ],
)
def test_each_problem_names_place_found_and_need(changed, message):
    assert refused(**changed) == message


def test_all_problems_are_told_together():
    message = refused(batch_tokens=0, cell="rnn", extra=1).splitlines()
    assert len(message) == 3
    assert all(line.startswith("params.yaml train.") for line in message)


def test_long_values_are_cut_short():
    message = refused(cell="x" * 10_000)
    assert len(message) < 200
    assert "…" in message


def test_a_section_that_is_no_mapping():
    with pytest.raises(ParamsError, match=r"^params.yaml train: got 3, input should be a valid dictionary"):
        parse_section(3, "params.yaml train", Train)


def test_an_unknown_key_where_the_neighbours_are_not_known():
    class Outer(Section):
        inner: dict[str, Warmup]

    with pytest.raises(ParamsError, match=r"^p\.inner\.a\.steps_: unknown setting$"):
        parse_section({"inner": {"a": {"steps": 1, "steps_": 1}}}, "p", Outer)


def test_a_missing_file(tmp_path):
    with pytest.raises(ParamsError, match=r"params.yaml: no such file; run in the project's root$"):
        load_section(tmp_path / "params.yaml", "train", Train)


def test_a_missing_section_suggests_the_nearest(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("train: {}\nexport: {}\n")
    with pytest.raises(ParamsError, match=r"params.yaml trian: no such section; did you mean 'train'\?$"):
        load_section(path, "trian", Train)
    with pytest.raises(ParamsError, match=r"params.yaml q: no such section; known are train, export$"):
        load_section(path, "q", Train)


def test_a_file_that_is_not_yaml(tmp_path):
    path = tmp_path / "params.yaml"
    path.write_text("train: {\n")
    with pytest.raises(ParamsError, match=r"params.yaml: not YAML: "):
        load_section(path, "train", Train)


@pytest.mark.parametrize(("text", "kind"), [("", "NoneType"), ("- 1\n", "list"), ("word", "str")])
def test_a_file_without_sections(tmp_path, text, kind):
    path = tmp_path / "params.yaml"
    path.write_text(text)
    with pytest.raises(ParamsError, match=rf"params.yaml: got {kind}, need sections of settings$"):
        load_section(path, "train", Train)


def test_changes_go_deep_and_leave_the_settings_as_they_were():
    settings = {"a": {"b": {"c": 1, "d": [1, 2]}}, "e": "kept"}
    assert changed_settings(settings, {"a": {"b": {"d": [3]}}}, "file") == {"a": {"b": {"c": 1, "d": [3]}}, "e": "kept"}
    assert settings == {"a": {"b": {"c": 1, "d": [1, 2]}}, "e": "kept"}


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"bath": 1}, "file.bath: got 'bath', which is not there; did you mean 'batch'?"),
        ({"batch": 1}, "file.batch: got 1, need settings, as size, kind"),
        ({"batch": {"size": {"x": 1}}}, "file.batch.size: got {'x': 1}, need a value, as 8"),
    ],
)
def test_changes_of_another_shape_are_refused(changes, problem):
    with pytest.raises(ParamsError) as error:
        changed_settings({"batch": {"size": 8, "kind": "a"}}, changes, "file")
    assert str(error.value) == problem
