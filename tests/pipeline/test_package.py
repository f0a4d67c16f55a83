"""The package stage on the toy bundle, tracked in a store of its own."""

import json
import shutil
import subprocess

import pytest

from enface.bundle import open_bundle
from enface.errors import BundleError, DataError
from pipeline import package
from tests.toy import DESCRIPTION

TRACKING = """
tracking:
  {{enabled: {enabled}, uri: "sqlite:///{folder}/mlflow.db", experiment: toy, run_name: "",
    model_name: toy, alias: champion}}
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A folder with params.yaml, tracking off, and an evaluation; the current one."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "params.yaml").write_text(TRACKING.format(enabled="false", folder=tmp_path))
    (tmp_path / "evaluate").mkdir()
    (tmp_path / "evaluate" / "metrics.json").write_text('{"test": {"bleu": 93.5}}\n')
    return tmp_path


def _package(project, bundle):
    package.main(
        bundle=bundle, evaluation=project / "evaluate", out=project / "package", params=project / "params.yaml"
    )
    return project / "package"


def test_the_package_holds_bundle_archive_and_scores(project, toy_bundle):
    out = _package(project, toy_bundle)
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file()) == [
        "bundle/graph.int8.onnx",
        "bundle/graph.onnx",
        "bundle/manifest.json",
        "bundle/tokenizer.json",
        "metrics.json",
        "store/enface.mar",
    ]
    manifest = open_bundle(out / "bundle").manifest
    assert manifest.lineage.commit is None
    assert manifest.lineage.run_id is None
    assert json.loads((out / "metrics.json").read_text()) == {"test": {"bleu": 93.5}}


def test_packaging_again_gives_the_same_bytes(project, toy_bundle):
    first = (_package(project, toy_bundle) / "store" / "enface.mar").read_bytes()
    assert (_package(project, toy_bundle) / "store" / "enface.mar").read_bytes() == first


def test_the_commit_is_written_into_the_bundle(project, toy_bundle):
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x"]
    subprocess.run([*git, "init", "-q"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "x"], check=True)
    head = subprocess.run(["git", "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    assert open_bundle(_package(project, toy_bundle) / "bundle").manifest.lineage.commit == head


def test_nothing_is_packaged_without_an_evaluation(project, toy_bundle):
    (project / "evaluate" / "metrics.json").unlink()
    with pytest.raises(DataError, match=r"metrics\.json: missing, and only what was evaluated is packaged; run: dvc"):
        _package(project, toy_bundle)
    assert not (project / "package").exists()


def test_an_altered_bundle_leaves_the_old_package_as_it_was(project, toy_bundle):
    out = _package(project, toy_bundle)
    before = (out / "bundle" / "manifest.json").read_bytes()
    bundle = shutil.copytree(toy_bundle, project / "bundle")
    (bundle / "tokenizer.json").write_text("{}")
    with pytest.raises(BundleError, match=r"tokenizer\.json: altered"):
        _package(project, bundle)
    assert (out / "bundle" / "manifest.json").read_bytes() == before
    assert sorted(path.name for path in project.iterdir() if path.name.startswith(".package")) == []


def test_the_model_is_registered_in_the_run_that_trained_it(project, toy_bundle):
    from enface.tracking.run import MODEL_TAG, TrackingSection, start_run

    (project / "params.yaml").write_text(TRACKING.format(enabled="true", folder=project))
    section = TrackingSection(
        enabled=True,
        uri=f"sqlite:///{project}/mlflow.db",
        experiment="toy",
        run_name="",
        model_name="toy",
        alias="champion",
    )
    with start_run(section, resume_id=None) as run:
        run.set_tags({MODEL_TAG: DESCRIPTION.lineage.model_sha256})
    out = _package(project, toy_bundle)
    assert open_bundle(out / "bundle").manifest.lineage.run_id == run.run_id

    from mlflow.tracking import MlflowClient

    client = MlflowClient(tracking_uri=section.uri, registry_uri=section.uri)
    assert client.get_model_version_by_alias("toy", "champion").run_id == run.run_id
