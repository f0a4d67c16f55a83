"""The sweep on a toy corpus: two tiny variants from their settings to the table, stage by stage as in sweep/dvc.yaml.

One process runs them all, with the commands of the file and no DVC between; one of its own, as torch.export does not
go with the checks of shapes that the tests have here.
"""

import csv
import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from enface.bundle import open_bundle
from enface.params import changed_settings
from tests.pipeline.test_repro import TINY

ROOT = Path(__file__).parents[2]
STAGES = yaml.safe_load((ROOT / "sweep/dvc.yaml").read_text())["stages"]
SWEEP = {
    "shared": {"tracking": {"enabled": False}},
    "sets": {"toy": {"corpus": {"name": "builtin", "path": "src/enface/data/grammar"}, "train": {"max_epochs": 1}}},
    "variants": {
        "none": {"model": {"recurrent": {"attention": {"score": "none"}}}},
        "local-p": {"model": {"recurrent": {"attention": {"score": "general", "window": "local_predictive"}}}},
    },
    "runs": {
        "toy-none": {"set": "toy", "variant": "none"},
        "toy-local-p": {"set": "toy", "variant": "local-p"},
    },
    "drawn": ["none", "local-p"],
}


RUN_EACH = """
import importlib, json, sys, typer
for module, *arguments in json.load(sys.stdin):
    stage = typer.Typer(add_completion=False)
    stage.command()(importlib.import_module(module).main)
    stage(arguments, standalone_mode=False)
"""


def command(stage: str, key: str = "", item: dict | None = None) -> list[str]:
    """The stage's module and its arguments, filled in as DVC would."""
    described = STAGES[stage].get("do", STAGES[stage])
    words = shlex.split(re.sub(r"\$\{(.+?)\}", lambda found: filled(found[1], key, item), described["cmd"]))
    assert words[:3] == ["exec", "python", "-m"]
    return words[3:]


def filled(name: str, key: str, item: dict | None) -> str:
    if name == "key":
        return key
    for part in name.split(".")[1:]:
        item = item[part]
    return item


@pytest.fixture(scope="module")
def swept(tmp_path_factory):
    """A folder with tiny settings after all runs, and what the stages printed."""
    folder = tmp_path_factory.mktemp("sweep")
    settings = yaml.safe_load((ROOT / "params.yaml").read_text())
    (folder / "params.yaml").write_text(yaml.safe_dump(changed_settings(settings, TINY, "TINY")))
    (folder / "sweep").mkdir()
    (folder / "sweep/variants.yaml").write_text(yaml.safe_dump(SWEEP, sort_keys=False))
    commands = [command("vary"), command("prepare", "toy", SWEEP["sets"]["toy"])]
    for name, run in SWEEP["runs"].items():
        commands += [command(stage, name, run) for stage in ("train", "export", "evaluate")]
    commands.append(command("tabulate", "toy"))
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", RUN_EACH],
        cwd=folder, env=environment, input=json.dumps(commands), capture_output=True, text=True, timeout=280,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder, done.stdout


def test_each_run_has_the_settings_of_its_variant(swept):
    folder, _ = swept
    settings = yaml.safe_load((folder / "artifacts/sweep/params/toy/local-p.yaml").read_text())
    assert settings["model"]["recurrent"]["attention"]["window"] == "local_predictive"
    assert settings["train"]["max_epochs"] == 1
    assert settings["tracking"]["enabled"] is False
    bundles = [open_bundle(folder / f"artifacts/sweep/toy/{name}/export") for name in SWEEP["variants"]]
    models = {bundle.manifest.lineage.model_sha256 for bundle in bundles}
    assert len(models) == 2


def test_the_table_has_a_row_for_each_variant_and_is_shown(swept):
    folder, said = swept
    tables = folder / "artifacts/sweep/tables/toy"
    rows = {row["variant"]: row for row in csv.DictReader((tables / "table.csv").read_text().splitlines())}
    assert rows.keys() == {"none", "local-p"}
    assert float(rows["none"]["aer"]) == 100
    for row in rows.values():
        for column in ("bleu", "chrf", "parameters", "minutes", "target_tokens_per_second", "latency_ms"):
            assert float(row[column]) >= 0, column
    assert said.strip().endswith((tables / "table.md").read_text().strip())
    assert (tables / "lengths.png").stat().st_size > 1000
    assert json.loads((tables / "metrics.json").read_text())["none"]["bleu"] == pytest.approx(
        float(rows["none"]["bleu"]), abs=0.01
    )
