import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from enface.cli.app import app
from enface.presets.choosing import presets

ROOT = Path(__file__).parents[3]


def said(*words: str) -> str:
    done = CliRunner().invoke(app, ["preset", *words])
    assert done.exit_code == 0, done.output
    return done.output


def test_without_a_name_they_are_listed():
    assert [line.split("  ", 1)[0] for line in said().splitlines()] == list(presets())


@pytest.mark.parametrize("name", presets())
def test_the_help_names_each(name):
    assert name in " ".join(said("--help").split())


def test_it_writes_the_settings_and_tells_what_changed(tmp_path):
    params = shutil.copy(ROOT / "params.yaml", tmp_path)
    lines = said("multi30k-transformer", "--source", "de", "--target", "fr", "--params", str(params)).splitlines()
    assert {"corpus.name: 'multi30k'", "corpus.target_language: 'fr'", "train.learning_rate: 0.005"} <= set(lines)
    assert lines[-1] == f"{params}: {len(lines) - 1} settings changed. `dvc repro` trains with them."
