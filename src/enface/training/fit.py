"""Training from beginning or checkpoint to the end: the Lightning trainer and everything that is hung on it."""

import json
import logging
import os
import shutil
import warnings
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
from pytorch_lightning.callbacks import EarlyStopping, LearningRateMonitor, ModelCheckpoint, Timer
from pytorch_lightning.loggers import Logger

from enface.data.batches import TrainingBatches, ValidationBatches
from enface.data.prepared import EncodedSplit
from enface.outputs import write_json
from enface.training.averaging import averaged_weights
from enface.training.interruption import Interruptible, ResumePoint, refuse_unfinished
from enface.training.machine import on_gpu, precision_of, prepare_machine
from enface.training.section import TrainSection
from enface.training.task import TranslationTask
from enface.training.watching import History, Progress

logger = logging.getLogger(__name__)


def open_scratch(scratch: Path, fingerprint: Mapping[str, Any]) -> str | None:
    """Makes `scratch` ready for the training that `fingerprint` describes; the id of its run if it was begun before.

    What another training left there is removed.
    """
    described = scratch / "fingerprint.json"
    wanted = json.loads(json.dumps(fingerprint))
    if described.exists() and json.loads(described.read_text(encoding="utf-8")) == wanted:
        run = scratch / "run.json"
        return json.loads(run.read_text(encoding="utf-8"))["run_id"] if run.exists() else None
    if is_first_process():
        shutil.rmtree(scratch, ignore_errors=True)
        write_json(described, wanted)
    return None


def remember_run(scratch: Path, run_id: str | None) -> None:
    """Keeps the id of the run that this training is recorded in, so that it is continued and not begun anew."""
    if run_id and is_first_process():
        write_json(scratch / "run.json", {"run_id": run_id})


def is_first_process() -> bool:
    """True in a training of one process, and in the first of several."""
    return os.environ.get("RANK", os.environ.get("LOCAL_RANK", os.environ.get("SLURM_PROCID", "0"))) == "0"


def fit(
    task: TranslationTask,
    *,
    training: EncodedSplit,
    validation: EncodedSplit,
    scratch: Path,
    callbacks: Sequence[lightning.Callback],
    log_to: Logger | None,
) -> History:
    """Trains `task.model` in place, from a checkpoint in `scratch` if there is one, up to its averaged weights.

    Raises:
        TrainingError: training was interrupted or its loss exploded.
    """
    section = task.section
    prepare_machine(section)
    history = History()
    checkpoints = _checkpoints(section, scratch)
    hung = [
        Interruptible(),
        Timer(timedelta(minutes=section.max_minutes), interval="step", verbose=False),
        Progress(),
        *callbacks,
        history,
        EarlyStopping("validation/loss", patience=section.patience_epochs, check_finite=True),
        checkpoints,
        ResumePoint(_resume_path(scratch), minutes=section.checkpoint_minutes),
        *([LearningRateMonitor("step")] if log_to else []),
    ]
    trainer = _trainer(section, hung, log_to)
    parts, rank = trainer.world_size, trainer.global_rank
    train = TrainingBatches(training, batch_tokens=section.batch_tokens, seed=section.seed, rank=rank, parts=parts)
    check = ValidationBatches(validation, batch_tokens=2 * section.batch_tokens, rank=rank, parts=parts)
    resume = _resume_path(scratch) if _resume_path(scratch).exists() else None
    if resume:
        logger.info("going on from the last checkpoint, %s", resume)
    trainer.fit(task, train, check, ckpt_path=resume, weights_only=True)
    refuse_unfinished(trainer)
    task.model.load_state_dict(averaged_weights(_chosen(section, checkpoints), prefix="model."))
    return history


def _trainer(section: TrainSection, callbacks: list[lightning.Callback], log_to: Logger | None) -> lightning.Trainer:
    """The trainer, quiet: what is worth saying is said by the callbacks."""
    logging.getLogger("pytorch_lightning").setLevel(logging.WARNING)
    warnings.filterwarnings("ignore", module="pytorch_lightning")
    return lightning.Trainer(
        accelerator="gpu" if on_gpu(section) else "cpu",
        devices=section.devices,
        num_nodes=section.num_nodes,
        strategy="ddp" if section.devices * section.num_nodes > 1 else "auto",
        precision=precision_of(section),
        max_epochs=section.max_epochs,
        callbacks=callbacks,
        logger=log_to or False,
        use_distributed_sampler=False,
        num_sanity_val_steps=0,
        enable_progress_bar=False,
        enable_model_summary=False,
        log_every_n_steps=20,
    )


def _checkpoints(section: TrainSection, scratch: Path) -> ModelCheckpoint:
    """The k checkpoints that are averaged in the end."""
    best = section.averaging.kind != "last"
    return ModelCheckpoint(
        dirpath=scratch / "checkpoints",
        filename="{step}",
        monitor="validation/loss" if best else "step",
        mode="min" if best else "max",
        save_top_k=1 if section.averaging.kind == "none" else section.averaging.count,
        auto_insert_metric_name=True,
    )


def _chosen(section: TrainSection, checkpoints: ModelCheckpoint) -> list[Path]:
    return sorted(Path(path) for path in checkpoints.best_k_models)


def _resume_path(scratch: Path) -> Path:
    return scratch / "resume.ckpt"
