"""One contestant, one process: the same surroundings for everyone, its trace read."""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from benchmarks.peer_environments import make_environment
from benchmarks.training.contestants import Contestant
from benchmarks.training.peer_files import Workspace
from benchmarks.training.report import Run

_DRIVERS = Path(__file__).parent / "drivers"
_PROJECT = Path(__file__).parents[2]


def run_contestant(
    contestant: Contestant, workspace: Workspace, asked: argparse.Namespace, *, epoch: int | None = None
) -> Run:
    """What its training was like; with `epoch`, the target tokens of one, what making its batches alone is like.

    Raises:
        SystemExit: it failed, or took longer than it may; the end of what it printed is shown.
    """
    with tempfile.TemporaryDirectory(dir=workspace.folder) as folder:
        run = Path(folder)
        job: dict[str, object] = {
            "trace": {
                "warm_up_steps": 0 if epoch else asked.warm_up_steps,
                "target_tokens": epoch or asked.target_tokens,
                "loading_alone": epoch is not None,
            }
        }
        job |= (
            _ours(contestant, workspace, asked) if contestant.tool == "enface" else _theirs(contestant, workspace, run)
        )
        (run / "job.json").write_text(json.dumps(job), encoding="utf-8")
        command = [*_command(contestant, asked), str(run / "job.json"), str(run / "trace.jsonl")]
        _run(command, run, contestant, asked)
        rows = [json.loads(line) for line in (run / "trace.jsonl").read_text(encoding="utf-8").splitlines()]
    return Run.of(rows)


def _ours(contestant: Contestant, workspace: Workspace, asked: argparse.Namespace) -> dict[str, object]:
    return {
        "corpus": str(workspace.prepared.path),
        "scratch": tempfile.mkdtemp(dir=workspace.folder),
        "params": str(asked.params),
        "architecture": contestant.architecture,
        "precision": contestant.precision,
        "batch_tokens": workspace.batch_tokens,
    }


def _theirs(contestant: Contestant, workspace: Workspace, run: Path) -> dict[str, object]:
    return {"config": str(workspace.settings(contestant.tool, contestant.architecture, run))}


def _command(contestant: Contestant, asked: argparse.Namespace) -> list[str]:
    if contestant.tool == "enface":
        return [sys.executable, "-W", "ignore", "-m", "benchmarks.training.drivers.train_enface"]
    python = make_environment(asked.environments, contestant.tool)
    driver = {"joeynmt": "train_joeynmt.py", "onmt": "train_opennmt.py"}[contestant.tool]
    return [str(python), "-W", "ignore", str(_DRIVERS / driver)]


def _run(command: list[str], run: Path, contestant: Contestant, asked: argparse.Namespace) -> None:
    surroundings = os.environ | {
        "OMP_NUM_THREADS": str(asked.threads),
        "MALLOC_MMAP_MAX_": "0",
        "MALLOC_TRIM_THRESHOLD_": "16000000000",
        "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1",
        "CUDA_VISIBLE_DEVICES": "",
        "PYTHONPATH": str(_PROJECT if contestant.tool == "enface" else Path(__file__).parent),
    }
    log = run / "log.txt"
    with log.open("w", encoding="utf-8") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=surroundings, cwd=_PROJECT)
        clock = threading.Timer(asked.limit_s, process.kill)
        clock.start()
        process.wait()
        clock.cancel()
    if process.returncode:
        tail = log.read_text(encoding="utf-8", errors="replace")[-3000:]
        sys.exit(f"{contestant.name}: ended with {process.returncode} (limit {asked.limit_s:.0f} s):\n{tail}")
