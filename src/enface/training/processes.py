"""Several processes that train together: who started them, and what is said when one of them is lost.

By itself the stage starts one process a device on its machine. Under torchrun and under SLURM's srun they are there
already; Lightning knows both by their environment, and here is made sure that the settings say the same.
"""

import logging
import os
import re
import subprocess
import threading

import pytorch_lightning as lightning
from lightning_fabric.plugins.environments.cluster_environment import ClusterEnvironment
from lightning_fabric.plugins.environments.slurm import SLURMEnvironment
from torch import distributed
from torch.distributed import DistError

from enface.errors import TrainingError
from enface.training.section import TrainSection

logger = logging.getLogger(__name__)

_TORCHRUN, _SRUN = "torchrun", "srun"


class Siblings(lightning.Callback):
    """Says which of the processes that this one started has died: Lightning then ends all of them without a word."""

    def __init__(self) -> None:
        self._over = threading.Event()

    def on_fit_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Begins to look after them."""
        processes: list[subprocess.Popen[bytes]] = getattr(trainer.strategy.launcher, "procs", [])
        for number, process in enumerate(processes, start=1):
            named = f"process {number} of {len(processes) + 1}"
            threading.Thread(target=self._watch, args=[process, named], daemon=True).start()

    def on_fit_end(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Lets them go."""
        self._over.set()

    def on_exception(self, trainer: lightning.Trainer, task: lightning.LightningModule, error: BaseException) -> None:
        """Lets them go where this process ends them itself; one that was lost is told of after its exchange broke."""
        if not isinstance(error, RuntimeError):
            self._over.set()

    def _watch(self, process: "subprocess.Popen[bytes]", named: str) -> None:
        """Tells at once: Lightning looks every few seconds, and its next look may be the last of this process."""
        status = process.wait()
        if status and not self._over.is_set():
            self._over.set()
            how = f"was ended by signal {-status}" if status < 0 else f"ended with status {status}"
            logger.error("train: %s %s, so all end", named, how)


def check_processes(section: TrainSection) -> None:
    """Passes where nobody but the stage starts processes, or as many were started as `section` asks for.

    Raises:
        TrainingError: they are more or fewer; each would train by itself, or wait for others that never come.
    """
    starter = _starter()
    if starter is None:
        return
    here, everywhere = section.devices, section.devices * section.num_nodes
    names = {_TORCHRUN: ("LOCAL_WORLD_SIZE", "WORLD_SIZE"), _SRUN: ("SLURM_NTASKS_PER_NODE", "SLURM_NTASKS")}[starter]
    found = [os.environ.get(name) for name in names]
    if starter == _SRUN and found == [None, "1"]:
        found[0] = "1"
    if found != [str(here), str(everywhere)]:
        option = {_TORCHRUN: "--nproc-per-node", _SRUN: "--ntasks-per-node"}[starter]
        raise TrainingError(
            f"params.yaml train.devices, train.num_nodes: got {here}, {section.num_nodes}, but {starter} started "
            f"{found[0] or 'an unknown number of'} processes on this machine and {found[1]} in all; start {here} on "
            f"each of {section.num_nodes} machines ({option}={here}), or change the settings"
        )


def started_by_others() -> bool:
    """Whether torchrun or srun started the processes."""
    return _starter() is not None


def leave_together() -> None:
    """Ends the exchange between the processes once all of them have come so far.

    One that just went away would break off what threads of the others still hold open, which may abort them.
    """
    if distributed.is_initialized():
        distributed.barrier()
        distributed.destroy_process_group()


def environment_plugins() -> list[ClusterEnvironment]:
    """For SLURM, that Lightning leaves signals and requeueing alone: a job that runs again goes on by itself."""
    return [SLURMEnvironment(auto_requeue=False)] if _starter() == _SRUN else []


def lost_process(error: RuntimeError, trainer: lightning.Trainer) -> TrainingError | None:
    """What to say of an error in which another process broke off the exchange; none where it is another one."""
    text = str(error).strip().splitlines()[0] if str(error).strip() else ""
    if trainer.world_size == 1 or not (isinstance(error, DistError) or "gloo" in text):
        return None
    reason = re.sub(r"^\[.*?\] *", "", text).partition(". ")[0]
    return TrainingError(
        f"train: process {trainer.global_rank} of {trainer.world_size} lost another one ({reason}): that one was "
        "killed, or ended with an error of its own; nothing was written as done, and the same command goes on from the "
        "last checkpoint"
    )


def _starter() -> str | None:
    if "TORCHELASTIC_RUN_ID" in os.environ:
        return _TORCHRUN
    return _SRUN if SLURMEnvironment.detect() else None
