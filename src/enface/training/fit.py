"""Training from beginning or checkpoint to the end: the Lightning trainer and everything that is hung on it."""

import logging
import warnings
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytorch_lightning as lightning
from pytorch_lightning.callbacks import LearningRateMonitor, ModelCheckpoint, Timer
from pytorch_lightning.loggers import Logger

from enface.data.batches import TrainingBatches, ValidationBatches
from enface.data.bpe_dropout import BpeDropout
from enface.data.prepared import TRAIN, VALIDATION, EncodedSplit, PreparedFolder
from enface.data.resegmented import Resegmented
from enface.data.tokenizer import Tokenizer
from enface.training.averaging import averaged_weights
from enface.training.checkpoints import WholeCheckpoints
from enface.training.guided import guide
from enface.training.interruption import Interruptible, Patience, ResumePoint, fit_or_stop
from enface.training.largest_batch import find_batch_tokens
from enface.training.machine import on_gpu, precision_of, prepare_machine
from enface.training.processes import Siblings, check_processes, environment_plugins
from enface.training.scratch import checkpoint_folder, resume_path
from enface.training.section import TrainSection
from enface.training.task import TranslationTask
from enface.training.watching import History, Progress

logger = logging.getLogger(__name__)


def fit(
    task: TranslationTask,
    prepared: PreparedFolder,
    *,
    scratch: Path,
    callbacks: Sequence[lightning.Callback],
    log_to: Logger | None,
) -> History:
    """Trains `task.model` in place on a prepared corpus, up to its averaged weights.

    A checkpoint in `scratch` is gone on from. Of several processes, the first alone has the averaged weights.

    Raises:
        DataError: word alignments are to guide it, and there are none.
        ParamsError: they are to guide a model without attention, or the largest batch cannot be found here.
        TrainingError: training ended before its end, its loss exploded, or other processes were started than asked for.
        KeyboardInterrupt: it was interrupted.
    """
    section = task.section
    training = prepared.split(TRAIN)
    if section.guided_weight:
        guide(task.model, training)
    check_processes(section)
    prepare_machine(section)
    history = History()
    checkpoints = _checkpoints(section, scratch)
    hung = [
        Interruptible(),
        Timer(timedelta(minutes=section.max_minutes), interval="step", verbose=False),
        Progress(),
        Siblings(),
        *callbacks,
        history,
        Patience("validation/loss", epochs=section.patience_epochs),
        *([LearningRateMonitor("step")] if log_to else []),
        checkpoints,
        ResumePoint(resume_path(scratch), minutes=section.checkpoint_minutes),
    ]
    batch_tokens = find_batch_tokens(task, training, scratch)
    trainer = _trainer(section, hung, log_to)
    parts, rank = trainer.world_size, trainer.global_rank
    train = TrainingBatches(
        training,
        batch_tokens=batch_tokens,
        seed=section.seed,
        rank=rank,
        parts=parts,
        links=training.links if section.guided_weight else None,
        varied=_varied(section, training, prepared.tokenizer),
    )
    check = ValidationBatches(prepared.split(VALIDATION), batch_tokens=2 * batch_tokens, rank=rank, parts=parts)
    task.total_steps = section.max_epochs * len(train)
    resume = resume_path(scratch) if resume_path(scratch).exists() else None
    if resume:
        logger.info("going on from the last checkpoint, %s", resume)
    fit_or_stop(trainer, task, train, check, ckpt_path=resume, weights_only=True)
    if trainer.is_global_zero:
        task.model.load_state_dict(averaged_weights(_chosen(checkpoints), prefix="model."))
    return history


def _varied(section: TrainSection, training: EncodedSplit, tokenizer: Tokenizer) -> Resegmented | None:
    """The pairs as `bpe_dropout` cuts them; none where it does not."""
    if not section.bpe_dropout:
        return None
    return Resegmented(training, BpeDropout(tokenizer, dropout=section.bpe_dropout, seed=section.seed))


def _trainer(section: TrainSection, callbacks: list[lightning.Callback], log_to: Logger | None) -> lightning.Trainer:
    """The trainer, quiet: what is worth saying is said by the callbacks."""
    for library in ("pytorch_lightning", "lightning_fabric"):
        logging.getLogger(library).setLevel(logging.WARNING)
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
        plugins=[WholeCheckpoints(), *environment_plugins()],
    )


def _checkpoints(section: TrainSection, scratch: Path) -> ModelCheckpoint:
    """The k checkpoints that are averaged in the end, kept after each validation."""
    best = section.averaging.kind != "last"
    return ModelCheckpoint(
        dirpath=checkpoint_folder(scratch),
        filename="{step}",
        monitor="validation/loss" if best else "step",
        mode="min" if best else "max",
        save_top_k=1 if section.averaging.kind == "none" else section.averaging.count,
        save_weights_only=True,
        save_on_train_epoch_end=False,
        enable_version_counter=False,  # a step that is trained again after a kill replaces what it had left
    )


def _chosen(checkpoints: ModelCheckpoint) -> list[Path]:
    """Those that are there: one may be gone that was replaced just before a kill, and not again after it."""
    return sorted(path for path in map(Path, checkpoints.best_k_models) if path.exists())
