"""The stage train as a script, with one callback more that does what the environment says.

KILL_AT: the process kills itself as with `kill -9` at the beginning of that step. LOSSES: a file that gets the loss of
every step. FILES_UP_TO: so many bytes a file may have from step 6 on, which is a full disk to the one that writes.
NAN_ON_LAST_AT: the last of all processes, and no other, has a weight that is no number from that step on.
"""

import os
import resource
import signal
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning

import pipeline.train
from pipeline.stage import run_stage


class Acting(lightning.Callback):
    """What is done in the hooks."""

    def on_train_batch_start(self, trainer: Any, task: Any, batch: Any, number: int) -> None:
        if str(trainer.global_step) == os.environ.get("KILL_AT"):
            os.kill(os.getpid(), signal.SIGKILL)
        if (
            str(trainer.global_step) == os.environ.get("NAN_ON_LAST_AT")
            and trainer.global_rank == trainer.world_size - 1
        ):
            task.model.output_bias.data.fill_(float("nan"))
        if trainer.global_step == 6 and "FILES_UP_TO" in os.environ:
            _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
            resource.setrlimit(resource.RLIMIT_FSIZE, (int(os.environ["FILES_UP_TO"]), hard))

    def on_train_batch_end(self, trainer: Any, task: Any, outputs: Any, batch: Any, number: int) -> None:
        if "LOSSES" in os.environ and trainer.is_global_zero:
            with Path(os.environ["LOSSES"]).open("a") as file:
                file.write(f"{float(trainer.callback_metrics['train/loss'])!r}\n")


fit = pipeline.train.fit
pipeline.train.fit = lambda *given, callbacks, **others: fit(*given, callbacks=[*callbacks, Acting()], **others)
run_stage(pipeline.train.main)
