"""Where runs are kept."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from enface.tracking.store import experiment_id, new_run, open_store, project_root, reopened, tagged_run, tracking_uri


@pytest.mark.parametrize(
    ("folder", "root"),
    [
        ("/home/me/enface", "/home/me/enface"),
        ("/home/me/enface/.dvc/tmp/exps/standalone/tmp1", "/home/me/enface"),
        ("/home/me/enface/.dvc/tmp/exps/tmp2/.dvc/tmp", "/home/me/enface"),
        ("/home/me/.dvc/enface", "/home/me/.dvc/enface"),
    ],
)
def test_queued_experiments_belong_to_the_project_that_queued_them(folder, root):
    assert project_root(Path(folder)) == Path(root)


def test_the_store_is_the_setting_else_the_environment_else_a_database_in_the_root(monkeypatch):
    root = Path("/project")
    assert tracking_uri("", root) == "sqlite:////project/mlflow.db"
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://tracker:5000")
    assert tracking_uri("", root) == "http://tracker:5000"
    assert tracking_uri("sqlite:///runs/all.db", root) == "sqlite:////project/runs/all.db"
    assert tracking_uri("sqlite:////srv/all.db", root) == "sqlite:////srv/all.db"
    assert tracking_uri("postgresql://me@host/runs", root) == "postgresql://me@host/runs"


def test_two_processes_create_one_store(tmp_path):
    script = (
        "import sys; from enface.tracking.store import *\n"
        "uri = sys.argv[1]; client = open_store(uri); print(new_run(client, uri, 'enface', name=None))"
    )
    uri = f"sqlite:///{tmp_path}/new/mlflow.db"
    command = [sys.executable, "-c", script, uri]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(2)]
    runs = [process.communicate(timeout=120)[0].strip() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    client = open_store(uri)
    assert {client.get_run(run).info.experiment_id for run in runs} == {experiment_id(client, uri, "enface")}
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["mlflow.db"]


def test_files_of_a_local_store_go_beside_its_database(client, tmp_path):
    found = client.get_experiment(experiment_id(client, f"sqlite:///{tmp_path}/mlflow.db", "enface"))
    assert found.artifact_location == (tmp_path / "mlartifacts").as_uri()


def test_a_run_is_found_by_its_newest_tag_and_reopened_unless_deleted(client, tmp_path):
    uri = f"sqlite:///{tmp_path}/mlflow.db"
    tag = ("enface.model_sha256", "abc")
    assert tagged_run(client, uri, "enface", tag) is None
    new_run(client, uri, "enface", name=None, tag=tag)
    newest = new_run(client, uri, "enface", name=None, tag=tag)
    assert tagged_run(client, uri, "enface", tag) == newest
    assert tagged_run(client, uri, "another", tag) is None
    client.set_terminated(newest, "FAILED")
    assert reopened(client, newest) == newest
    assert client.get_run(newest).info.status == "RUNNING"
    client.delete_run(newest)
    assert [reopened(client, run) for run in (newest, "0" * 32, None)] == [None, None, None]


def test_a_new_run_knows_who_made_it(client, tmp_path):
    tags = client.get_run(new_run(client, f"sqlite:///{tmp_path}/mlflow.db", "enface", name=None)).data.tags
    assert {"mlflow.user", "mlflow.source.name"} <= tags.keys()


def test_without_hard_links_the_store_is_created_all_the_same(empty_database, tmp_path, monkeypatch):
    from enface.tracking import store

    def refuse(*_):
        raise PermissionError("Operation not permitted")

    monkeypatch.setattr(store.os, "link", refuse)
    draft, database = tmp_path / "draft.db", tmp_path / "there.db"
    shutil.copy(empty_database, draft)
    store._link(draft, database)
    assert database.exists()
