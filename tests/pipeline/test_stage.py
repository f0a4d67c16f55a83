"""The stages' edge, in real processes: exit codes, messages, signals, and no orphan when the parent is killed."""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

STAGE = """
import logging, os, time, warnings
from pathlib import Path
from typing import Annotated
import typer
from enface.errors import DataError
from enface.outputs import whole_folder
from pipeline.stage import run_stage

def main(out: Annotated[Path, typer.Option(help="Where it goes.")], mode: Annotated[str, typer.Option()]) -> None:
    \"\"\"A stage.\"\"\"
    if mode == "data":
        raise DataError("corpus.tsv line 3: got 1 column, need 2")
    if mode == "bug":
        raise ZeroDivisionError("an oversight")
    if mode == "noise":
        warnings.warn("a library's", FutureWarning)
        logging.getLogger("enface.data").info("%d pairs", 7)
        logging.getLogger("elsewhere").info("chatter")
        return
    with whole_folder(out) as draft:
        (draft / "half").write_text("")
        print(os.getpid(), flush=True)
        time.sleep(60)

run_stage(main)
"""

PARENT = """
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE)
print(child.stdout.readline().decode(), flush=True)
child.wait()
"""


def command(folder: Path, mode: str) -> list[str]:
    script = folder / "stage.py"
    script.write_text(STAGE)
    return [sys.executable, str(script), "--out", str(folder / "out"), "--mode", mode]


def environment(**extra: str) -> dict[str, str]:
    quiet = {name: value for name, value in os.environ.items() if name not in ("DVC_STAGE", "LOCAL_RANK")}
    return {**quiet, "PYTHONPATH": str(ROOT), **extra}


def ended(tmp_path: Path, mode: str, **extra: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(tmp_path, mode), env=environment(**extra), capture_output=True, text=True, timeout=60)


def test_an_error_of_ours_is_its_message_alone(tmp_path):
    done = ended(tmp_path, "data")
    assert (done.returncode, done.stdout, done.stderr) == (1, "", "corpus.tsv line 3: got 1 column, need 2\n")


def test_a_bug_keeps_its_traceback(tmp_path):
    done = ended(tmp_path, "bug")
    assert done.returncode == 1
    assert "The stage failed on a bug of ours" in done.stderr
    assert 'raise ZeroDivisionError("an oversight")' in done.stderr


def test_wrong_options_exit_with_two(tmp_path):
    script = command(tmp_path, "data")[:2]
    done = subprocess.run(script, env=environment(), capture_output=True, text=True, timeout=60)
    assert done.returncode == 2
    assert "Missing option" in done.stderr


def test_progress_is_shown_and_the_noise_of_libraries_is_not(tmp_path):
    done = ended(tmp_path, "noise")
    assert done.returncode == 0
    assert done.stderr.count("\n") == 1
    assert done.stderr.endswith(" 7 pairs\n")


def test_the_other_training_processes_are_quiet(tmp_path):
    assert ended(tmp_path, "noise", LOCAL_RANK="1").stderr == ""


@pytest.mark.parametrize(("number", "code", "word"), [(signal.SIGTERM, 143, "Terminated"), (signal.SIGINT, 130, "Int")])
def test_a_signal_ends_the_stage_with_one_line_and_no_output(tmp_path, number, code, word):
    process = subprocess.Popen(
        command(tmp_path, "sleep"), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert int(process.stdout.readline()) == process.pid
    process.send_signal(number)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == code
    assert errors.startswith(word)
    assert errors.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["stage.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a process that its parent died")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_dvc_leaves_no_orphan(tmp_path, number):
    parent, child = started_below_a_parent(tmp_path, DVC_STAGE="train")
    parent.send_signal(number)
    parent.wait(timeout=20)
    assert gone(child)
    assert [path.name for path in tmp_path.iterdir()] == ["stage.py"]


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a process that its parent died")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("shell", ["/bin/sh", "/bin/bash"])
def test_the_real_dvc_killed_leaves_no_orphan(tmp_path, number, shell):
    stage = {"cmd": "exec " + shlex.join(command(tmp_path, "sleep")), "outs": ["out"]}  # as in our dvc.yaml
    (tmp_path / "dvc.yaml").write_text(json.dumps({"stages": {"sleep": stage}}))
    (tmp_path / ".dvc").mkdir()
    (tmp_path / ".dvc" / "config").write_text("[core]\n    no_scm = true\n    analytics = false\n")
    dvc = subprocess.Popen(
        [sys.executable, "-m", "dvc", "repro"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env=environment(SHELL=shell, DVC_SITE_CACHE_DIR=str(tmp_path / "site")), text=True,
    )  # fmt: skip
    child = next(int(line) for line in dvc.stdout if line.strip().isdigit())
    dvc.send_signal(number)
    dvc.wait(timeout=20)
    assert gone(child)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="the other half of the tests above")
def test_a_stage_started_by_hand_outlives_its_shell(tmp_path):
    parent, child = started_below_a_parent(tmp_path)
    parent.kill()
    parent.wait(timeout=20)
    time.sleep(0.3)
    os.kill(child, signal.SIGTERM)
    assert gone(child)


def started_below_a_parent(tmp_path: Path, **extra: str) -> tuple[subprocess.Popen, int]:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, *command(tmp_path, "sleep")],
        env=environment(**extra), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    return parent, int(parent.stdout.readline())


def gone(process: int, *, within_s: float = 20) -> bool:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        with contextlib.suppress(FileNotFoundError):
            if Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2].startswith("Z"):
                return True
            time.sleep(0.05)
            continue
        return True
    return False
