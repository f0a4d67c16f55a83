"""A preset goes into params.yaml whole, and nothing else there changes."""

import re
import shutil
from pathlib import Path

import pytest
import yaml

from enface.data.corpus import CorpusSection
from enface.data.prepare import PrepareSection
from enface.errors import ParamsError
from enface.export.section import ExportSection
from enface.model.section import ModelSection
from enface.params import changed_settings, load_section
from enface.presets.choosing import choose, presets
from enface.training.section import TrainSection

ROOT = Path(__file__).parents[3]
NAMES = [
    "builtin",
    "multi30k-rnn-additive",
    "multi30k-rnn-general",
    "multi30k-transformer",
    "multi30k-transformer-taught",
]
LANGUAGES = {"corpus.source_language", "corpus.target_language"}


@pytest.fixture
def params(tmp_path):
    return Path(shutil.copy(ROOT / "params.yaml", tmp_path))


def chosen(params, name, source=None, target=None):
    return choose(params, name, source_language=source, target_language=target)


def names(settings, prefix=""):
    found = set()
    for name, value in settings.items():
        found |= names(value, f"{prefix}{name}.") if isinstance(value, dict) else {f"{prefix}{name}"}
    return found


def comments(text):
    return re.findall(r" *#.*", text)


def test_they_are_these_and_each_says_what_it_is():
    assert list(presets()) == NAMES
    assert all(section.about for section in presets().values())


def test_all_set_the_same_so_that_nothing_of_one_stays_behind():
    assert len({frozenset(names(section.changes) - LANGUAGES) for section in presets().values()}) == 1


def test_builtin_is_what_params_yaml_was_delivered_with(params):
    settings = yaml.safe_load(params.read_text())
    assert changed_settings(settings, presets()["builtin"].changes, "") == settings


@pytest.mark.parametrize("name", NAMES)
def test_its_settings_are_in_the_file_afterwards_and_fit_their_sections(params, name):
    before = params.read_text()
    chosen(params, name)
    after = params.read_text()
    changes = presets()[name].changes
    assert yaml.safe_load(after) == changed_settings(yaml.safe_load(before), changes, "")
    assert [comment.strip() for comment in comments(after)] == [comment.strip() for comment in comments(before)]
    sections = {"corpus": CorpusSection, "prepare": PrepareSection, "model": ModelSection}
    for section, kind in {**sections, "train": TrainSection, "export": ExportSection}.items():
        load_section(params, section, kind)


def test_what_does_not_change_keeps_every_character_and_a_way_back_restores_all(params):
    before = params.read_text()
    assert chosen(params, "builtin") == {}
    assert params.read_text() == before
    chosen(params, "multi30k-transformer", "de", "fr")
    lines = [(old, new) for old, new in zip(before.splitlines(), params.read_text().splitlines(), strict=True)]
    assert all(old.split(":")[0] == new.split(":")[0] for old, new in lines)
    chosen(params, "builtin")
    assert yaml.safe_load(params.read_text()) == yaml.safe_load(before)


def test_languages_are_set_where_named_and_stay_otherwise(params):
    changed = chosen(params, "multi30k-rnn-general", "de", "en")
    assert {changed["corpus.source_language"], changed["model.recurrent.attention.score"]} == {"de", "general"}
    assert not LANGUAGES & chosen(params, "multi30k-transformer").keys()
    assert yaml.safe_load(params.read_text())["corpus"]["target_language"] == "en"


def test_an_unknown_one_is_refused_with_the_nearest_and_the_file_stays(params):
    before = params.read_text()
    with pytest.raises(ParamsError) as error:
        chosen(params, "multi30k-transfomer")
    assert str(error.value) == (
        "preset: got 'multi30k-transfomer', which is not there; did you mean 'multi30k-transformer'?"
    )
    assert params.read_text() == before


def test_a_file_without_one_of_its_settings_is_refused(params):
    params.write_text(params.read_text().replace("warmup_steps: 200", "warm_up_steps: 200", 1))
    with pytest.raises(ParamsError) as error:
        chosen(params, "multi30k-transformer")
    assert str(error.value) == (
        f"{params}: preset multi30k-transformer.train.warmup_steps: got 'warmup_steps', which is not there; "
        "did you mean 'warm_up_steps'?"
    )


def test_a_file_in_which_a_section_stands_twice_is_refused(params):
    params.write_text(params.read_text() + "corpus: {}\n")
    params.write_text(params.read_text().replace("corpus: {}", params.read_text().split("\n\n")[1]))
    with pytest.raises(ParamsError) as error:
        chosen(params, "builtin")
    assert str(error.value).startswith(f"{params}: not YAML that can be rewritten: while constructing a mapping")
