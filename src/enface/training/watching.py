"""Callbacks that tell how training goes: progress lines, speed, and the history of its measures."""

import csv
import logging
import time
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
from torch import Tensor

from enface.data.batches import Batch
from enface.outputs import whole_file

logger = logging.getLogger(__name__)

_SECONDS_BETWEEN_LINES = 10.0


class Progress(lightning.Callback):
    """Every ten seconds a line: epoch, step, loss, target tokens a second, minutes of steps left. Logs the speed."""

    def __init__(self) -> None:
        self._tokens: Tensor | int = 0
        self._steps, self._since = 0, time.monotonic()

    def on_train_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Begins to count, in a training that goes on in the middle of an epoch too."""
        self._begin()

    def on_train_epoch_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Begins to count, so that the validation before is not in the speed."""
        self._begin()

    def on_train_batch_end(
        self, trainer: lightning.Trainer, task: lightning.LightningModule, outputs: Any, batch: Batch, number: int
    ) -> None:
        """Counts the real target tokens of this device, and writes the line when it is time."""
        self._tokens = self._tokens + batch.target_valid.sum()  # read when the line is written: reading waits for a GPU
        self._steps += 1
        seconds = time.monotonic() - self._since
        if seconds < _SECONDS_BETWEEN_LINES:
            return
        speed = int(self._tokens) * trainer.world_size / seconds
        task.log("train/target_tokens_per_second", speed)
        steps = int(trainer.estimated_stepping_batches)
        minutes = (steps - trainer.global_step) * seconds / self._steps / 60
        logger.info(
            "epoch %d/%s  step %d/%d  loss %.3f  %.0f target tokens/s  at most %.1f minutes of steps left",
            trainer.current_epoch + 1,
            trainer.max_epochs,
            trainer.global_step,
            steps,
            float(trainer.callback_metrics["train/loss"]),  # over all devices; this one's may have no word in it
            speed,
            minutes,
        )
        self._begin()

    def _begin(self) -> None:
        self._tokens, self._steps, self._since = 0, 0, time.monotonic()


class Clock(lightning.Callback):
    """How long training takes, over all resumptions, and how fast it is without its validations."""

    def __init__(self) -> None:
        self._tokens: Tensor | int = 0
        self._seconds, self._validating = 0.0, 0.0
        self._since = self._validation_since = time.monotonic()

    def on_train_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Begins to count."""
        self._since = time.monotonic()

    def on_train_batch_end(
        self, trainer: lightning.Trainer, task: lightning.LightningModule, outputs: Any, batch: Batch, number: int
    ) -> None:
        """Counts the real target tokens of all devices, as if they had equal batches."""
        self._tokens = self._tokens + batch.target_valid.sum() * trainer.world_size
        self._count()

    def on_validation_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Begins to count the time of a validation."""
        self._validation_since = time.monotonic()

    def on_validation_end(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Counts a validation."""
        self._validating += time.monotonic() - self._validation_since
        self._count()

    def state_dict(self) -> dict[str, Any]:
        """What was counted so far."""
        return {"tokens": int(self._tokens), "seconds": self._seconds, "validating": self._validating}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Goes on behind what a checkpoint had counted."""
        self._tokens, self._seconds = state_dict["tokens"], state_dict["seconds"]
        self._validating = state_dict["validating"]

    def told(self) -> dict[str, float]:
        """Minutes of training with its validations, and target tokens per second of training without them."""
        seconds = max(self._seconds - self._validating, 1e-9)
        return {"minutes": round(self._seconds / 60, 2), "target_tokens_per_second": round(int(self._tokens) / seconds)}

    def _count(self) -> None:
        now = time.monotonic()
        self._seconds += now - self._since
        self._since = now


class History(lightning.Callback):
    """The measures of every validation, one row each; they are kept in checkpoints, so a resumed history is whole."""

    COLUMNS = (
        "epoch",
        "step",
        "train/loss",
        "validation/loss",
        "validation/accuracy",
        "validation/bleu",
        "learning_rate",
    )

    def __init__(self) -> None:
        self.rows: list[dict[str, float]] = []

    def on_validation_start(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Forgets the BLEU of an earlier validation, which Lightning would show again where none is measured."""
        trainer.callback_metrics.pop("validation/bleu", None)

    def on_validation_end(self, trainer: lightning.Trainer, task: lightning.LightningModule) -> None:
        """Adds a row and tells of it."""
        if trainer.sanity_checking:
            return
        measured = {name: float(value) for name, value in trainer.callback_metrics.items() if name in self.COLUMNS}
        rate = float(trainer.optimizers[0].param_groups[0]["lr"])
        row = {"epoch": trainer.current_epoch + 1, "step": trainer.global_step, "learning_rate": rate, **measured}
        self.rows.append(row)
        logger.info(
            "validation: loss %.3f  accuracy %.1f %%  BLEU %s",
            row["validation/loss"],
            row["validation/accuracy"],
            f"{row['validation/bleu']:.1f}" if "validation/bleu" in row else "not measured",
        )

    def state_dict(self) -> dict[str, Any]:
        """The rows so far."""
        return {"rows": self.rows}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Goes on behind the rows of a checkpoint."""
        self.rows = list(state_dict["rows"])

    def last(self) -> dict[str, float]:
        """The newest value of every measure, with underscores in its name."""
        newest: dict[str, float] = {}
        for row in self.rows:
            newest |= row
        return {name.replace("/", "_"): value for name, value in newest.items()}

    def write(self, path: Path) -> None:
        """The rows as CSV; a measure that was not taken at a row is an empty cell."""
        with whole_file(path) as draft, draft.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, self.COLUMNS, lineterminator="\n")
            writer.writeheader()
            writer.writerows(self.rows)
