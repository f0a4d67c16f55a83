import json
import threading

import pytest

from enface.errors import TrainingError
from enface.outputs import write_json
from enface.training.scratch import close_scratch, open_scratch, remember_run, resume_path

DESCRIBED = {"train": {"seed": 1}, "corpus": {"sha256": "0"}}


@pytest.fixture
def begun(tmp_path):
    scratch = tmp_path / "scratch" / "train"
    assert open_scratch(scratch, DESCRIBED) is None
    remember_run(scratch, "run-1")
    resume_path(scratch).write_text("a checkpoint")
    return scratch


def test_the_same_training_goes_on_in_its_run(begun):
    assert open_scratch(begun, DESCRIBED) == "run-1"
    assert resume_path(begun).read_text() == "a checkpoint"


def test_another_training_begins_anew(begun):
    assert open_scratch(begun, {**DESCRIBED, "train": {"seed": 2}}) is None
    assert [path.name for path in begun.iterdir()] == ["fingerprint.json"]
    assert open_scratch(begun, DESCRIBED) is None


def test_other_code_begins_anew(begun, monkeypatch):
    monkeypatch.setattr("enface.training.scratch._code_sha256", lambda: "another")
    assert open_scratch(begun, DESCRIBED) is None
    assert not resume_path(begun).exists()


def test_a_folder_that_was_moved_begins_anew_as_its_checkpoints_are_known_by_their_paths(begun, tmp_path):
    moved = begun.rename(tmp_path / "moved")
    assert open_scratch(moved, DESCRIBED) is None
    assert not resume_path(moved).exists()


def test_a_folder_of_something_else_is_cleared(tmp_path):
    resume_path(tmp_path).write_text("of whom?")
    assert open_scratch(tmp_path, DESCRIBED) is None
    assert not resume_path(tmp_path).exists()


def test_a_closed_one_is_gone(begun):
    close_scratch(begun)
    close_scratch(begun)
    assert not begun.exists()
    assert open_scratch(begun, DESCRIBED) is None


def test_no_run_is_remembered_where_nothing_is_tracked(tmp_path):
    open_scratch(tmp_path, DESCRIBED)
    remember_run(tmp_path, None)
    assert open_scratch(tmp_path, DESCRIBED) is None


@pytest.mark.parametrize("name", ["RANK", "LOCAL_RANK", "NODE_RANK", "SLURM_PROCID"])
def test_the_other_processes_of_a_training_wait_for_the_first(begun, monkeypatch, name):
    monkeypatch.setenv(name, "1")
    other = {**DESCRIBED, "train": {"seed": 2}}
    with pytest.raises(TrainingError) as error:
        open_scratch(begun, other, wait_s=0.1)
    assert str(error.value) == (
        f"{begun}: the first training process did not make it ready in 0.1 s; it has to be a folder that all "
        "processes share, with the same settings, corpus and code"
    )
    assert resume_path(begun).exists()
    written = json.loads((begun / "fingerprint.json").read_text()) | other
    first = threading.Timer(0.2, write_json, [begun / "fingerprint.json", written])
    first.start()
    assert open_scratch(begun, other) == "run-1"
    first.join()
    remember_run(begun, "run-2")
    assert open_scratch(begun, other) == "run-1"
