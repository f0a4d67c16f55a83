"""Training that is stopped from outside: it never passes for done, and goes on where it stopped.

Lightning answers SIGTERM by ending `fit` as if all were well. Here it stays what it was before, and `fit` that did not
finish is an error. What is needed to go on stands in one checkpoint, replaced in place every few minutes and after each
validation.
"""

import signal
import time
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
from pytorch_lightning.callbacks import Checkpoint, EarlyStopping

from enface.data.batches import Batch
from enface.errors import TrainingError
from enface.training.processes import leave_together, lost_process

_STEPS_BETWEEN_QUESTIONS = 10  # of several devices, as each question makes all of them wait


class Interruptible(lightning.Callback):
    """Puts back the handler of SIGTERM that Lightning replaced by its own."""

    def __init__(self) -> None:
        self._handler = signal.getsignal(signal.SIGTERM) or signal.SIG_DFL

    def on_train_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Lightning has installed its handler by now."""
        signal.signal(signal.SIGTERM, self._handler)


class Patience(EarlyStopping):
    """Early stopping, after each validation, that a resumed training does not forget."""

    def __init__(self, monitor: str, *, epochs: int) -> None:
        super().__init__(monitor, patience=epochs, check_on_train_epoch_end=False)

    def on_fit_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Stops at once where it was killed between its last validation and its end."""
        trainer.should_stop = trainer.should_stop or self.wait_count >= self.patience


class ResumePoint(Checkpoint):
    """Keeps one checkpoint to go on from, at most `minutes` of training old.

    Lightning calls checkpoint callbacks last, in their order: behind the other, this one knows what it has kept.
    """

    def __init__(self, path: Path, *, minutes: float) -> None:
        self._path = path
        self._seconds = 60 * minutes
        self._saved = time.monotonic()

    def on_train_batch_end(
        self, trainer: lightning.Trainer, task: lightning.LightningModule, outputs: Any, batch: Batch, number: int
    ) -> None:
        """Saves when the last checkpoint is old; the first device decides for all, asked every few steps.

        Not where a validation comes next, as training would go on behind it and leave it out.
        """
        if trainer.should_stop or number + 1 >= trainer.num_training_batches:
            return
        if trainer.world_size > 1 and trainer.global_step % _STEPS_BETWEEN_QUESTIONS:
            return
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


def fit_or_stop(trainer: lightning.Trainer, *arguments: Any, **options: Any) -> None:
    """Runs `trainer.fit` to its own end.

    Raises:
        KeyboardInterrupt: it was interrupted; Lightning makes an exit of it, which says nothing of why.
        TrainingError: a disk failed, another process was lost, or it ended otherwise before its end; it says how to go
            on.
    """
    try:
        trainer.fit(*arguments, **options)
        leave_together()
    except SystemExit as ending:
        if isinstance(ending.__context__, KeyboardInterrupt):
            raise ending.__context__ from None
        raise
    except RuntimeError as error:
        lost = lost_process(error, trainer)
        if lost is None:
            raise
        raise lost from None
    except OSError as error:
        raise TrainingError(f"train: {error}; the same command goes on from the last checkpoint") from error
    if trainer.interrupted or trainer.state.status != "finished":
        raise TrainingError(
            f"train: stopped at step {trainer.global_step} before its end (status {trainer.state.status}); nothing was "
            "written as done, and the same command goes on from the last checkpoint"
        )
