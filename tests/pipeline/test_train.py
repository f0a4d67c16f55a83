"""The stage train in real processes: killed, terminated, started again, on one device and on two."""

import contextlib
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from torch.nn.functional import cross_entropy

from enface.data.batches import collate
from enface.data.prepared import PreparedFolder
from enface.model.folder import weights_sha256
from enface.model.weights import load_model
from enface.tracking.run import MODEL_TAG
from enface.tracking.store import open_store
from tests.unit.training.made import MODEL, TRAIN, write_prepared

ROOT = Path(__file__).parents[2]
TRACKING = {"enabled": False, "uri": "", "experiment": "toy", "model_name": "toy", "alias": "champion"}
OUTPUTS = ["history.csv", "metrics.json", "model.json", "model.safetensors"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a process that its parent died")


class Stage:
    """The stage on the made corpus, in a folder of its own."""

    def __init__(self, folder: Path, corpus: Path, *, tracking: dict[str, Any] | None = None, **train: Any) -> None:
        folder.mkdir()
        self.folder, self.out, self.scratch = folder, folder / "out", folder / "scratch"
        settings = {"model": MODEL, "train": {**TRAIN, **train}, "tracking": {**TRACKING, **(tracking or {})}}
        (folder / "params.yaml").write_text(yaml.safe_dump(settings))
        self.command = [sys.executable, "-m", "pipeline.train", "--corpus", str(corpus)]
        self.command += ["--scratch", str(self.scratch), "--out", str(self.out)]
        self.command += ["--report", str(folder / "train.json")]

    def start(self) -> "Process":
        ours = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "MASTER_PORT", "DVC_STAGE")
        kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("MLFLOW")}
        environment = {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "OMP_NUM_THREADS": "1"}
        return Process(self.command, cwd=self.folder, env=environment)

    def run(self) -> "Process":
        process = self.start()
        assert process.wait() == 0, process.said()
        return process

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.out.iterdir()}


class Process:
    """A running stage, and what it says."""

    def __init__(self, command: list[str], **options: Any) -> None:
        self._lines: list[str] = []
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, **options)
        self.id = self._process.pid
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stderr
        self._lines.extend(self._process.stderr)

    def said(self) -> str:
        return "".join(self._lines)

    def until(self, text: str, count: int = 1, *, within_s: float = 90) -> None:
        """Waits until it has said `text` `count` times."""
        end = time.monotonic() + within_s
        while self.said().count(text) < count:
            assert time.monotonic() < end, self.said()
            assert self._process.poll() is None, self.said()
            time.sleep(0.005)

    def send(self, number: int) -> None:
        self._process.send_signal(number)

    def wait(self, timeout_s: float = 120) -> int:
        code = self._process.wait(timeout_s)
        self._reader.join(20)
        assert not self._reader.is_alive(), "a child that has its stderr too is left behind"
        return code

    def children(self) -> list[int]:
        return [int(child) for child in Path(f"/proc/{self.id}/task/{self.id}/children").read_text().split()]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_prepared(tmp_path_factory.mktemp("corpus") / "prepared")


LONG = {"max_epochs": 40, "patience_epochs": 40, "averaging": {"kind": "best", "count": 3}}


@pytest.fixture(scope="module")
def undisturbed(corpus, tmp_path_factory):
    stage = Stage(tmp_path_factory.mktemp("undisturbed") / "stage", corpus, **LONG)
    stage.run()
    return stage


def test_it_writes_its_outputs_and_leaves_nothing_to_go_on_with(undisturbed):
    assert sorted(undisturbed.files()) == OUTPUTS
    assert sorted(path.name for path in undisturbed.folder.iterdir()) == ["out", "params.yaml", "train.json"]
    metrics = json.loads(undisturbed.files()["metrics.json"])
    assert {"parameters", "epoch", "step", "train_loss", "validation_loss", "validation_bleu"} <= metrics.keys()
    assert undisturbed.files()["history.csv"].count(b"\n") == 1 + 40


def test_killed_and_terminated_at_random_it_goes_on_to_the_very_same_end(undisturbed, corpus, tmp_path):
    stage = Stage(tmp_path / "stage", corpus, **LONG)
    for number, code, epochs in ((signal.SIGKILL, -signal.SIGKILL, 3), (signal.SIGTERM, 143, 4)):
        process = stage.start()
        process.until("validation: loss", epochs)
        time.sleep(random.uniform(0, 0.1))
        process.send(number)
        assert process.wait() == code, process.said()
        assert not stage.out.exists()
        assert (stage.scratch / "resume.ckpt").exists()
    assert "going on from the last checkpoint" in process.said()
    assert "Terminated: the stage is not done." in process.said()
    assert "going on from the last checkpoint" in stage.run().said()
    assert stage.files() == undisturbed.files()
    assert not stage.scratch.exists()


def test_it_starts_from_word_vectors(corpus, tmp_path):
    vectors = tmp_path / "en.vec"
    numbers = " ".join(map(str, range(MODEL["recurrent"]["embedding_size"])))
    vectors.write_text(f"old {numbers}\ncat {numbers}\n", encoding="utf-8")
    stage = Stage(tmp_path / "stage", corpus, max_epochs=1, vectors={"source": str(vectors), "target": ""})
    assert f"{vectors}: vectors for 2 of the 5 source words that are one subword" in stage.run().said()
    vectors.unlink()
    process = stage.start()
    assert process.wait() == 1
    assert process.said().startswith(f"params.yaml train.vectors.source: got {vectors}, which cannot be read")


@pytest.fixture(scope="module")
def on_two(corpus, tmp_path_factory):
    """A training by two processes, tracked, whose weights are those of its last validation."""
    folder = tmp_path_factory.mktemp("two")
    tracking = {"enabled": True, "uri": f"sqlite:///{folder}/mlflow.db"}
    stage = Stage(
        folder / "stage", corpus, tracking=tracking, devices=2, max_epochs=3, averaging={"kind": "last", "count": 1}
    )
    return stage, stage.run()


def test_two_processes_write_one_output_and_one_run(on_two):
    stage, process = on_two
    assert sorted(stage.files()) == OUTPUTS
    assert not stage.scratch.exists()
    assert process.said().count("validation: loss") == 3
    client = open_store(f"sqlite:///{stage.folder.parent}/mlflow.db")
    experiment = client.get_experiment_by_name("toy")
    (run,) = client.search_runs([experiment.experiment_id])
    assert run.info.status == "FINISHED"
    assert run.data.tags[MODEL_TAG] == weights_sha256(stage.out)
    assert run.data.params["train.devices"] == "2"
    assert len(client.get_metric_history(run.info.run_id, "validation/loss")) == 3


def test_two_processes_measure_what_one_does(on_two, corpus):
    """The two validate different sentences, and each its own but once, or the mean would not be that of all."""
    stage, _ = on_two
    model, _ = load_model(stage.out)
    pairs = PreparedFolder(corpus).split("validation")
    with torch.no_grad():
        batch = collate(pairs, range(len(pairs)))
        logits = model.logits(model(batch.source, batch.source_valid, batch.target_input).readout[batch.target_valid])
        expected = batch.target_output[batch.target_valid]
    metrics = json.loads((stage.out / "metrics.json").read_text())
    assert metrics["validation_loss"] == pytest.approx(float(cross_entropy(logits, expected)), rel=1e-5)
    right = (logits.argmax(-1) == expected).float().mean()
    assert metrics["validation_accuracy"] == pytest.approx(100 * float(right), rel=1e-5)


@linux
@pytest.mark.parametrize("victim", ["first", "other"])
def test_a_killed_process_of_two_ends_both_without_an_output(corpus, tmp_path, victim):
    stage = Stage(tmp_path / "stage", corpus, devices=2, max_epochs=100_000, patience_epochs=100_000)
    process = stage.start()
    process.until("validation: loss", 2)
    (other,) = process.children()
    os.kill(process.id if victim == "first" else other, signal.SIGKILL)
    killed_s = time.monotonic()
    assert process.wait(30) != 0
    assert gone(other, before_s=killed_s + 30), "an orphan is left"
    assert not stage.out.exists()


def gone(process: int, *, before_s: float) -> bool:
    while time.monotonic() < before_s:
        with contextlib.suppress(FileNotFoundError):
            state = re.sub(r".*\) ", "", Path(f"/proc/{process}/stat").read_text())
            if not state.startswith("Z"):
                time.sleep(0.05)
                continue
        return True
    return False
