"""Trains with JoeyNMT, in JoeyNMT's environment; nothing of Enface but `tracing` is imported.

    python drivers/train_joeynmt.py JOB TRACE

JOB is a JSON file: config (the path of JoeyNMT's own YAML file), and what `Trace` wants. `tracing` is on the path.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from joeynmt.config import load_config
from joeynmt.datasets import BaseDataset
from joeynmt.helpers import make_model_dir
from joeynmt.training import TrainManager, train
from tracing import Counts, Trace


class Watched:
    """The loader of batches, seen by the trace; all else of it as it was."""

    def __init__(self, loader: Any, trace: Trace) -> None:
        self._loader, self._trace = loader, trace

    def __iter__(self) -> Iterator[Any]:
        return self._trace.watch(self._loader, _counts)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


def main(job: dict[str, Any], trace: Trace) -> None:
    """Trains until the trace ends the process."""
    make_iter, train_and_validate = BaseDataset.make_iter, TrainManager.train_and_validate

    def watched(self: Any, *args: Any, **kwargs: Any) -> Any:
        loader = make_iter(self, *args, **kwargs)
        return Watched(loader, trace) if self.split == "train" else loader

    def counted(self: Any, *args: Any, **kwargs: Any) -> None:
        trace.tell_parameters(sum(parameter.numel() for parameter in self.model.parameters()))
        train_and_validate(self, *args, **kwargs)

    BaseDataset.make_iter, TrainManager.train_and_validate = watched, counted
    config = load_config(Path(job["config"]))
    make_model_dir(Path(config["model_dir"]), overwrite=True)
    train(0, 1, config, skip_test=True)


def _counts(batch: Any) -> Counts:
    return Counts(int(batch.src_length.sum()), batch.src.numel(), int(batch.ntokens), batch.trg.numel())


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    main(asked, Trace(Path(sys.argv[2]), **asked["trace"]))
