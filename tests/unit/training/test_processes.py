"""Who started the processes, as their environment tells, and what is said of a lost one."""

import subprocess
import sys
import time
from types import SimpleNamespace

import pytest
import pytorch_lightning as lightning
from torch.distributed import DistBackendError

from enface.errors import TrainingError
from enface.training.processes import Siblings, check_processes, environment_plugins, lost_process
from tests.unit.training.made import section

TORCHRUN = {"TORCHELASTIC_RUN_ID": "1", "LOCAL_WORLD_SIZE": "8", "WORLD_SIZE": "16"}
SRUN = {"SLURM_JOB_NAME": "train", "SLURM_NTASKS_PER_NODE": "8", "SLURM_NTASKS": "16"}


@pytest.fixture
def started(monkeypatch):
    def by(environment):
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    return by


@pytest.mark.parametrize(
    ("environment", "devices", "num_nodes"),
    [
        ({}, 8, 1),
        ({"LOCAL_RANK": "1", "WORLD_SIZE": "8"}, 8, 1),  # one of those that the stage started by itself
        (TORCHRUN, 8, 2),
        (SRUN, 8, 2),
        ({"SLURM_NTASKS": "1"}, 1, 1),
        ({**SRUN, "SLURM_JOB_NAME": "bash"}, 1, 1),  # in a shell of SLURM's, where nobody started anything
    ],
)
def test_as_many_as_the_settings_say_pass(started, environment, devices, num_nodes):
    started(environment)
    check_processes(section(devices=devices, num_nodes=num_nodes))


@pytest.mark.parametrize(
    ("environment", "who", "here", "option"),
    [
        (TORCHRUN, "torchrun", "8", "--nproc-per-node"),
        (SRUN, "srun", "8", "--ntasks-per-node"),
        ({"SLURM_NTASKS": "16"}, "srun", "an unknown number of", "--ntasks-per-node"),
    ],
)
def test_others_are_refused(started, environment, who, here, option):
    started(environment)
    with pytest.raises(TrainingError) as error:
        check_processes(section(devices=4, num_nodes=2))
    assert str(error.value) == (
        f"params.yaml train.devices, train.num_nodes: got 4, 2, but {who} started {here} processes on this machine and "
        f"16 in all; start 4 on each of 2 machines ({option}=4), or change the settings"
    )


@pytest.mark.parametrize(("environment", "world_size"), [(TORCHRUN, 16), (SRUN, 16)])
def test_lightning_takes_the_processes_that_are_there_and_starts_none(started, environment, world_size):
    ranks = {"RANK": "9", "LOCAL_RANK": "1", "GROUP_RANK": "1"} if environment is TORCHRUN else {
        "SLURM_PROCID": "9", "SLURM_LOCALID": "1", "SLURM_NODEID": "1"
    }  # fmt: skip
    started({**environment, **ranks})
    trainer = lightning.Trainer(
        accelerator="cpu", devices=8, num_nodes=2, strategy="ddp", logger=False, enable_checkpointing=False,
        plugins=environment_plugins(),
    )  # fmt: skip
    assert trainer.strategy.cluster_environment.creates_processes_externally
    assert (trainer.world_size, trainer.global_rank, trainer.local_rank, trainer.node_rank) == (world_size, 9, 1, 1)


def test_slurm_requeues_by_itself(started):
    assert environment_plugins() == []
    started(SRUN)
    assert [plugin.auto_requeue for plugin in environment_plugins()] == [False]


@pytest.mark.parametrize(
    ("ending", "how"), [("sys.exit(3)", "ended with status 3"), ("os.kill(os.getpid(), 9)", "was ended by signal 9")]
)
def test_a_process_that_died_is_named(caplog, ending, how):
    processes = [
        subprocess.Popen([sys.executable, "-S", "-c", f"import os, sys, time; {does}"])
        for does in ("time.sleep(60)", ending)
    ]
    trainer = SimpleNamespace(strategy=SimpleNamespace(launcher=SimpleNamespace(procs=processes)))
    siblings = Siblings()
    siblings.on_fit_start(trainer, None)
    processes[1].wait(30)
    end = time.monotonic() + 30
    while not caplog.messages and time.monotonic() < end:
        time.sleep(0.05)
    processes[0].kill()
    processes[0].wait(30)
    assert caplog.messages == [f"train: process 2 of 3 {how}, so all end"]


def test_processes_that_are_ended_on_purpose_are_let_go(caplog):
    process = subprocess.Popen([sys.executable, "-S", "-c", "import time; time.sleep(60)"])
    siblings = Siblings()
    siblings.on_fit_start(SimpleNamespace(strategy=SimpleNamespace(launcher=SimpleNamespace(procs=[process]))), None)
    siblings.on_exception(None, None, KeyboardInterrupt())
    process.kill()
    process.wait(30)
    time.sleep(0.3)
    assert caplog.messages == []


PAIR = SimpleNamespace(world_size=2, global_rank=0)
GLOO = (
    "[/pytorch/third_party/gloo/gloo/transport/tcp/pair.cc:547] Connection closed by peer [127.0.0.1]:2943. Good luck"
)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (RuntimeError(GLOO), "Connection closed by peer [127.0.0.1]:2943"),
        (DistBackendError("NCCL error\nin:"), "NCCL error"),
    ],
)
def test_a_lost_process_is_no_bug_of_ours(error, reason):
    assert str(lost_process(error, PAIR)) == (
        f"train: process 0 of 2 lost another one ({reason}): that one was killed, or ended with an error of its own; "
        "nothing was written as done, and the same command goes on from the last checkpoint"
    )


def test_what_is_about_something_else_stays_an_error_of_its_own():
    assert lost_process(RuntimeError("mat1 and mat2 shapes cannot be multiplied"), PAIR) is None
    assert lost_process(RuntimeError(""), PAIR) is None
    assert lost_process(RuntimeError(GLOO), SimpleNamespace(world_size=1, global_rank=0)) is None
