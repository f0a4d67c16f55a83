"""The whole thread on a toy corpus: `dvc repro` in a copy of the project, and what it leaves behind."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from enface import Translator
from enface.bundle import open_bundle
from enface.tracking.run import MODEL_TAG
from enface.tracking.store import open_store

ROOT = Path(__file__).parents[2]
STAGES = ["prepare", "train", "export", "evaluate", "package"]
TINY = {
    "corpus": {"sizes": {"train": 300, "validation": 20, "test": 20}},
    "prepare": {"vocabulary_size": 400},
    "model": {"recurrent": {"embedding_size": 16, "encoder_size": 8, "decoder_size": 16, "attention": {"size": 16}}},
    "train": {"max_epochs": 1, "bleu_every_epochs": 1, "bleu_sentences": 4, "map_sentences": 1, "accelerator": "cpu"},
    "export": {"parity_sentences": 4},
    "evaluate": {"bootstrap_samples": 10, "examples": 1},
}


class Project:
    """A copy of the project with tiny settings, and DVC run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("MLFLOW_", "DVC_"))},
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(folder / "src"),
            "DVC_SITE_CACHE_DIR": str(folder / ".dvc" / "site"),
        }
        ignore = shutil.ignore_patterns("__pycache__", "*.egg-info")
        for name in ("pipeline", "src", "serving"):
            shutil.copytree(ROOT / name, folder / name, ignore=ignore)
        for name in ("dvc.yaml", "params.yaml", ".dvcignore", ".gitignore", ".dvc/config", ".dvc/.gitignore"):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, folder / name)
        self.change_settings(TINY)
        self.git("init", "--quiet")
        self.git("add", ".")
        self.git("-c", "user.name=Test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message", "A copy")

    def change_settings(self, changes: dict) -> None:
        file = self.folder / "params.yaml"
        settings = yaml.safe_load(file.read_text())
        file.write_text(yaml.safe_dump(merged(settings, changes)))

    def git(self, *arguments: str) -> str:
        return subprocess.run(["git", *arguments], cwd=self.folder, check=True, capture_output=True, text=True).stdout

    def dvc(self, *arguments: str) -> str:
        command = [sys.executable, "-m", "dvc", *arguments]
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=280
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def merged(settings: dict, changes: dict) -> dict:
    for name, value in changes.items():
        settings[name] = merged(settings[name], value) if isinstance(value, dict) else value
    return settings


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project(tmp_path_factory.mktemp("project"))


@pytest.fixture(scope="module")
def reproduced(project):
    """The project after its first `dvc repro`, and what that said."""
    return project, project.dvc("repro")


def test_repro_runs_every_stage_once_and_then_nothing(reproduced):
    project, said = reproduced
    for stage in STAGES:
        assert f"Running stage '{stage}'" in said
    again = project.dvc("repro")
    assert "Running stage" not in again
    assert "up to date" in again
    assert "up to date" in project.dvc("status")


def test_the_packaged_bundle_translates_and_knows_its_run(reproduced):
    project, _ = reproduced
    path = project.folder / "artifacts/package/bundle"
    (translation,) = Translator(path).translate(["The king is reading a book."])
    assert translation.matrix is not None
    lineage = open_bundle(path).manifest.lineage
    assert lineage.corpus == "builtin"
    assert lineage.commit == project.git("rev-parse", "HEAD").strip()
    client = open_store(f"sqlite:///{project.folder}/mlflow.db")
    assert client.get_run(lineage.run_id).data.tags[MODEL_TAG] == lineage.model_sha256


def test_all_stages_wrote_one_run_and_registered_the_model(reproduced):
    project, _ = reproduced
    client = open_store(f"sqlite:///{project.folder}/mlflow.db")
    experiment = client.get_experiment_by_name("enface")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FINISHED"
    assert run.data.params["model.recurrent.cell"] == "gru"
    assert {"validation/loss", "test/bleu"} <= run.data.metrics.keys()
    for name in ("enface", "enface-graph"):
        assert client.get_model_version_by_alias(name, "champion").run_id == run.info.run_id


def test_metrics_and_plots_are_shown(reproduced, tmp_path):
    project, _ = reproduced
    (shown,) = (of["data"] for of in json.loads(project.dvc("metrics", "show", "--json")).values())
    for file in yaml.safe_load((ROOT / "dvc.yaml").read_text())["metrics"]:
        assert shown[file]["data"], file
    assert "bleu" in shown["artifacts/evaluate/metrics.json"]["data"]["test"]
    plots = json.loads(project.dvc("plots", "show", "--json", "--out", str(tmp_path)))
    titles = {title for title, drawn in plots["data"].items() if drawn}
    assert len(titles) == len(yaml.safe_load((ROOT / "dvc.yaml").read_text())["plots"])
    assert plots.get("errors", []) == []


@pytest.mark.parametrize(
    ("edited", "stages"),
    [
        ("serving/handler.py", {"package"}),
        ("src/enface/evaluation/report.py", {"evaluate"}),
        ("src/enface/cli/app.py", set()),
        ("pipeline/export.py", {"export"}),
    ],
)
def test_only_the_stages_that_run_the_edited_code_are_changed(reproduced, edited, stages):
    project, _ = reproduced
    file = project.folder / edited
    before = file.read_bytes()
    file.write_bytes(before + b"\n# edited\n")
    try:
        assert set(json.loads(project.dvc("status", "--json"))) == stages
    finally:
        file.write_bytes(before)
