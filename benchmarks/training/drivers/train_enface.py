"""Trains with Enface as the stage `train` does, without MLflow: the trainer, its callbacks, its checkpoints.

    python -m benchmarks.training.drivers.train_enface JOB TRACE

JOB is a JSON file: corpus, scratch, params, architecture, precision, batch_tokens, and what `Trace` wants.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch

from benchmarks.training.contestants import LABEL_SMOOTHING, Contestant
from benchmarks.training.tracing import Counts, Trace
from enface.data.batches import Batch, TrainingBatches
from enface.data.prepared import PreparedFolder
from enface.model.seq2seq import Seq2Seq
from enface.params import changed_settings, parse_section, read_settings
from enface.training.fit import fit
from enface.training.section import TrainSection
from enface.training.task import TranslationTask


def main(job: dict[str, Any], trace: Trace) -> None:
    """Trains until the trace ends the process."""
    torch.manual_seed(1)
    prepared = PreparedFolder(Path(job["corpus"]))
    contestant = Contestant("", "enface", job["architecture"], job["precision"])
    model = Seq2Seq(contestant.enface_model(Path(job["params"])), prepared.meta.vocabulary_size)
    trace.tell_parameters(sum(parameter.numel() for parameter in model.parameters()))
    _watch(trace)
    fit(
        TranslationTask(model, _section(job)),
        prepared,
        scratch=Path(job["scratch"]),
        callbacks=[],
        log_to=None,
    )


def _section(job: dict[str, Any]) -> TrainSection:
    """The project's settings, without what the other tools do not have."""
    changes = {
        "devices": 1,
        "num_nodes": 1,
        "accelerator": "cpu",
        "precision": job["precision"],
        "batch_tokens": job["batch_tokens"],
        "max_epochs": 1000,
        "label_smoothing": LABEL_SMOOTHING,
        "coverage_weight": 0.0,
        "guided_weight": 0.0,
        "bpe_dropout": 0.0,
        "r_drop_weight": 0.0,
        "vectors": {"source": "", "target": ""},
    }
    values = changed_settings(read_settings(Path(job["params"]))["train"], changes, "the benchmark's train")
    return parse_section(values, "the benchmark's train", TrainSection)


def _watch(trace: Trace) -> None:
    """Has the trace see every batch of every epoch, and nothing of what comes between two, validation above all."""
    ordinary = TrainingBatches.__iter__

    def watched(batches: TrainingBatches) -> Iterator[Batch]:
        return trace.watch(ordinary(batches), _counts)

    TrainingBatches.__iter__ = watched  # type: ignore[method-assign]


def _counts(batch: Batch) -> Counts:
    source, target = batch.source_valid, batch.target_valid
    return Counts(int(source.sum()), source.numel(), int(target.sum()), target.numel())


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    main(asked, Trace(Path(sys.argv[2]), **asked["trace"]))
