"""Training that is stopped from outside: it never passes for done, and goes on where it stopped.

Lightning answers SIGTERM by ending `fit` as if all were well. Here SIGTERM is an interruption, and `fit` that did not
finish is an error. What is needed to go on stands in one checkpoint, replaced in place every few minutes and after each
validation.
"""

import signal
import time
from pathlib import Path
from types import FrameType
from typing import Any

import pytorch_lightning as lightning

from enface.data.batches import Batch
from enface.errors import TrainingError


class Interruptible(lightning.Callback):
    """Makes SIGTERM raise KeyboardInterrupt in training and validation, in place of Lightning's own handler."""

    def on_sanity_check_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Lightning has installed its handlers by now."""
        signal.signal(signal.SIGTERM, _interrupt)

    def on_train_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Again, for trainings without a sanity check."""
        signal.signal(signal.SIGTERM, _interrupt)


class ResumePoint(lightning.Callback):
    """Keeps one checkpoint to go on from, at most `minutes` of training old."""

    def __init__(self, path: Path, *, minutes: float) -> None:
        self._path = path
        self._seconds = 60 * minutes
        self._saved = time.monotonic()

    def on_train_batch_end(
        self, trainer: lightning.Trainer, task: lightning.LightningModule, outputs: Any, batch: Batch, number: int
    ) -> None:
        """Saves when the last checkpoint is old; the first device decides for all."""
        old = time.monotonic() - self._saved >= self._seconds
        if trainer.world_size > 1:
            old = trainer.strategy.broadcast(old)
        if old:
            self._save(trainer)

    def on_validation_end(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Saves what the epoch has brought."""
        if not trainer.sanity_checking:
            self._save(trainer)

    def _save(self, trainer: lightning.Trainer) -> None:
        trainer.save_checkpoint(self._path)
        self._saved = time.monotonic()


def refuse_unfinished(trainer: lightning.Trainer) -> None:
    """Raises unless `fit` came to its own end.

    Raises:
        TrainingError: training was interrupted; it says how to go on.
    """
    if trainer.interrupted or trainer.state.status != "finished":
        raise TrainingError(
            f"train: stopped at step {trainer.global_step} before its end (status {trainer.state.status}); nothing was "
            "written as done, and the same command goes on from the last checkpoint"
        )


def _interrupt(number: int, frame: FrameType | None) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise KeyboardInterrupt
