"""The stage train in real processes: killed, terminated, started again, on one device and on two."""

import contextlib
import csv
import json
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
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
ACTING = Path(__file__).with_name("acting.py")
TRACKING = {"enabled": False, "uri": "", "experiment": "toy", "run_name": "", "model_name": "toy", "alias": "champion"}
OUTPUTS = ["history.csv", "meta.json", "metrics.json", "model.json", "model.safetensors", "tokenizer.json"]
linux = pytest.mark.skipif(sys.platform != "linux", reason="Linux alone tells a process that its parent died")


class Stage:
    """The stage on the made corpus, in a folder of its own."""

    def __init__(
        self,
        folder: Path,
        corpus: Path,
        *,
        tracking: dict[str, Any] | None = None,
        model: dict[str, Any] = MODEL,
        **train: Any,
    ) -> None:
        folder.mkdir()
        self.folder, self.out, self.scratch = folder, folder / "out", folder / "scratch"
        settings = {"model": model, "train": {**TRAIN, **train}, "tracking": {**TRACKING, **(tracking or {})}}
        (folder / "params.yaml").write_text(yaml.safe_dump(settings))
        self.command = [sys.executable, str(ACTING), "--corpus", str(corpus)]
        self.command += ["--scratch", str(self.scratch), "--out", str(self.out)]
        self.command += ["--report", str(folder / "train.json")]

    def start(self, before: Sequence[str] = (), **does: Any) -> "Process":
        """Starts the stage, by the command `before` if there is one; what it does besides: tests/pipeline/acting.py."""
        ours = ("RANK", "LOCAL_RANK", "WORLD_SIZE", "MASTER_PORT", "DVC_STAGE")
        kept = {name: value for name, value in os.environ.items() if name not in ours and not name.startswith("MLFLOW")}
        environment = {**kept, "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)]), "OMP_NUM_THREADS": "1"}
        environment |= {name.upper(): str(value) for name, value in does.items()}
        return Process([*before, *self.command[1 if before else 0 :]], cwd=self.folder, env=environment)

    def run(self, before: Sequence[str] = (), **does: Any) -> "Process":
        process = self.start(before, **does)
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


EPOCHS, STEPS = 12, 48
LONG = {"max_epochs": EPOCHS, "patience_epochs": EPOCHS, "averaging": {"kind": "best", "count": 3}}


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
    assert undisturbed.files()["history.csv"].count(b"\n") == 1 + EPOCHS
    assert metrics["weights_sha256"] == weights_sha256(undisturbed.out)


def test_killed_at_random_steps_it_goes_on_to_the_very_same_end(undisturbed, corpus, tmp_path):
    seed = random.randrange(1_000_000)
    steps = sorted(random.Random(seed).sample(range(1, STEPS), 3))
    print(f"seed {seed}: killed at steps {steps}")
    stage = Stage(tmp_path / "stage", corpus, **LONG)
    for step in steps:
        process = stage.start(kill_at=step)
        assert process.wait() == -signal.SIGKILL, process.said()
        assert not stage.out.exists()
        assert (stage.scratch / "resume.ckpt").exists()
    said = stage.run().said()
    assert "going on from the last checkpoint" in said
    assert stage.files() == undisturbed.files()
    assert f"the weights: SHA-256 {weights_sha256(undisturbed.out)}" in said
    assert not stage.scratch.exists()


def test_terminated_it_says_so_and_leaves_what_it_needs(corpus, tmp_path):
    stage = Stage(tmp_path / "stage", corpus, max_epochs=100_000, patience_epochs=100_000)
    process = stage.start()
    process.until("validation: loss", 2)
    process.send(signal.SIGTERM)
    assert process.wait() == 143, process.said()
    assert "Terminated: the stage is not done." in process.said()
    assert not stage.out.exists()
    assert (stage.scratch / "resume.ckpt").exists()


@linux
def test_a_full_disk_ends_it_with_the_last_good_checkpoint_to_go_on_from(corpus, tmp_path):
    stage = Stage(tmp_path / "stage", corpus, max_epochs=2)
    process = stage.start(files_up_to=20_000)
    assert process.wait() == 1
    assert process.said().splitlines()[-1] == (
        f"{stage.scratch}/resume.ckpt: the checkpoint of step 7 could not be written (File too large); the one before "
        "is whole. Make room, and the same command goes on from there"
    )
    checkpoint = torch.load(stage.scratch / "resume.ckpt", weights_only=True)
    assert checkpoint["global_step"] == 6
    assert not [path for path in stage.scratch.iterdir() if path.name.startswith(".")]


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


BY_TWO = {"devices": 2, "max_epochs": 3, "averaging": {"kind": "last", "count": 1}}


@pytest.fixture(scope="module")
def on_two(corpus, tmp_path_factory):
    """A training by two processes, tracked, whose weights are those of its last validation."""
    folder = tmp_path_factory.mktemp("two")
    tracking = {"enabled": True, "uri": f"sqlite:///{folder}/mlflow.db"}
    stage = Stage(folder / "stage", corpus, tracking=tracking, **BY_TWO)
    return stage, stage.run()


def test_two_processes_killed_go_on_to_the_very_same_end(on_two, corpus, tmp_path):
    stage = Stage(tmp_path / "stage", corpus, **BY_TWO)
    process = stage.start(kill_at=4)
    assert process.wait() == -signal.SIGKILL, process.said()
    assert "going on from the last checkpoint" in stage.run().said()
    assert stage.files() == on_two[0].files()


def test_a_loss_that_is_no_number_on_the_second_of_two_processes_ends_both_with_its_error(corpus, tmp_path):
    stage = Stage(tmp_path / "stage", corpus, devices=2, max_epochs=100_000, patience_epochs=100_000)
    process = stage.start(nan_on_last_at=4)
    assert process.wait(60) == 1, process.said()
    assert "train: the loss is nan at step 4, on lines " in process.said()
    assert "Traceback" not in process.said()
    assert torch.load(stage.scratch / "resume.ckpt", weights_only=True)["global_step"] <= 4
    assert not stage.out.exists()


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


WITHOUT_DROPOUT = {**MODEL, "recurrent": {**MODEL["recurrent"], "dropout": 0.0}}
FIFTY = {"max_epochs": 17, "patience_epochs": 17, "bleu_every_epochs": 17}  # of three steps each


@pytest.fixture(scope="module")
def by_one(corpus, tmp_path_factory):
    """The loss of each of 51 steps, and the history, of one process with the batches of two."""
    stage = Stage(tmp_path_factory.mktemp("one") / "stage", corpus, model=WITHOUT_DROPOUT, batch_tokens=512, **FIFTY)
    stage.run(losses="losses")
    return curves(stage)


def test_two_processes_learn_what_one_does_from_the_same_batches(by_one, corpus, tmp_path):
    stage = Stage(tmp_path / "stage", corpus, model=WITHOUT_DROPOUT, batch_tokens=256, devices=2, **FIFTY)
    stage.run(losses="losses")
    losses, history = curves(stage)
    assert len(losses) == 51
    assert losses == pytest.approx(by_one[0], abs=1e-5)
    assert history == pytest.approx(by_one[1], abs=1e-5)


def test_a_process_without_a_pair_takes_each_step_and_changes_nothing(corpus, tmp_path):
    """Every batch is a single pair, so the second process never has one."""
    one = Stage(tmp_path / "one", corpus, model=WITHOUT_DROPOUT, batch_tokens=2, max_epochs=1)
    two = Stage(tmp_path / "two", corpus, model=WITHOUT_DROPOUT, batch_tokens=1, max_epochs=1, devices=2)
    for stage in (one, two):
        stage.run(losses="losses")
    assert len(curves(two)[0]) == 100
    assert curves(two)[0] == pytest.approx(curves(one)[0], abs=1e-5)


def curves(stage: Stage) -> tuple[list[float], list[float]]:
    rows = list(csv.DictReader((stage.out / "history.csv").open()))
    return [float(line) for line in (stage.folder / "losses").open()], [float(row["validation/loss"]) for row in rows]


TORCHRUN = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]


def test_processes_of_torchrun_train_together_and_start_no_others(by_one, corpus, tmp_path):
    stage = Stage(tmp_path / "stage", corpus, model=WITHOUT_DROPOUT, devices=2, **FIFTY)
    said = stage.run(TORCHRUN, losses="losses").said()
    assert said.count("validation: loss") == 17
    assert curves(stage)[0] == pytest.approx(by_one[0], abs=1e-5)
    assert sorted(stage.files()) == OUTPUTS


@linux
def test_a_killed_process_of_torchrun_ends_the_other_and_the_same_command_goes_on(corpus, tmp_path):
    stage = Stage(tmp_path / "stage", corpus, devices=2, max_epochs=100_000, patience_epochs=100_000)
    process = stage.start(TORCHRUN)
    process.until("validation: loss", 2)
    workers = process.children()
    os.kill(workers[-1], signal.SIGKILL)
    killed_s = time.monotonic()
    assert process.wait(30) != 0
    assert all(gone(worker, before_s=killed_s + 30) for worker in workers)
    assert (stage.scratch / "resume.ckpt").exists()
    again = stage.start(TORCHRUN)
    again.until("going on from the last checkpoint")
    again.send(signal.SIGTERM)
    assert again.wait() != 0


def test_tasks_of_slurm_train_together_and_start_no_others(by_one, corpus, tmp_path):
    """Srun gives each of its tasks this environment."""
    stage = Stage(tmp_path / "stage", corpus, model=WITHOUT_DROPOUT, devices=2, **FIFTY)
    job = {"slurm_job_name": "train", "slurm_job_id": 1000 + random.randrange(8000), "slurm_nodelist": "127.0.0.1"}
    job |= {"slurm_ntasks": 2, "slurm_ntasks_per_node": 2, "slurm_nnodes": 1, "slurm_nodeid": 0}
    tasks = [stage.start(**job, slurm_procid=rank, slurm_localid=rank, losses="losses") for rank in range(2)]
    assert [task.wait() for task in tasks] == [0, 0], [task.said() for task in tasks]
    assert [task.said().count("validation: loss") for task in tasks] == [17, 0]
    assert curves(stage)[0] == pytest.approx(by_one[0], abs=1e-5)
    assert sorted(stage.files()) == OUTPUTS


def test_more_processes_than_devices_are_refused(corpus, tmp_path):
    stage = Stage(tmp_path / "stage", corpus)
    process = stage.start(torchelastic_run_id="1", local_world_size=2, world_size=2)
    assert process.wait() == 1
    assert (
        process.said()
        .splitlines()[-1]
        .startswith(
            "params.yaml train.devices, train.num_nodes: got 1, 1, but torchrun started 2 processes on this machine"
        )
    )


@linux
@pytest.mark.parametrize("victim", ["first", "other"])
def test_a_killed_process_of_two_ends_both_with_an_error_and_the_stage_goes_on(corpus, tmp_path, victim):
    stage = Stage(tmp_path / "stage", corpus, devices=2, max_epochs=100_000, patience_epochs=100_000)
    process = stage.start()
    process.until("validation: loss", 2)
    (other,) = process.children()
    os.kill(process.id if victim == "first" else other, signal.SIGKILL)
    killed_s = time.monotonic()
    assert process.wait(30) in ([-signal.SIGKILL] if victim == "first" else [1, -signal.SIGKILL])  # Lightning's doing
    assert gone(other, before_s=killed_s + 30), "an orphan is left"
    assert not stage.out.exists()
    assert (stage.scratch / "resume.ckpt").exists()
    assert "Traceback" not in process.said()
    if victim == "other":
        known = ("process 1 of 2 was ended by signal 9, so all end", "process 0 of 2 lost another one")
        assert any(message in process.said() for message in known), "which is seen first is chance"
        again = stage.start()
        again.until("going on from the last checkpoint")
        again.send(signal.SIGTERM)
        assert again.wait() == 143


def gone(process: int, *, before_s: float) -> bool:
    while time.monotonic() < before_s:
        with contextlib.suppress(FileNotFoundError):
            state = re.sub(r".*\) ", "", Path(f"/proc/{process}/stat").read_text())
            if not state.startswith("Z"):
                time.sleep(0.05)
                continue
        return True
    return False
