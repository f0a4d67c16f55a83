"""Trains with OpenNMT-py, in its own environment; nothing of Enface but `tracing` is imported.

    python drivers/train_opennmt.py JOB TRACE

JOB is a JSON file: config (the path of OpenNMT-py's own YAML file), and what `Trace` wants. `tracing` is on the path.
"""

import json
import sys
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any

from tracing import Counts, Trace


def main(job: dict[str, Any], trace: Trace) -> None:
    """Trains until the trace ends the process."""
    for absent in ("spacy", "fasttext"):  # a transform that is not used here imports them
        sys.modules.setdefault(absent, ModuleType(absent))
    from onmt.bin.train import main as train
    from onmt.trainer import Trainer

    ordinary = Trainer.train

    def watched(self: Any, train_iter: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
        trace.tell_parameters(sum(parameter.numel() for parameter in self.model.parameters()))
        count = partial(_counts, padding=self.train_loss.padding_idx)
        return ordinary(self, trace.watch(train_iter, count), *args, **kwargs)

    Trainer.train = watched
    sys.argv = ["onmt_train", "-config", job["config"]]
    train()


def _counts(numbered: Any, *, padding: int) -> Counts:
    batch, _ = numbered
    target = batch["tgt"][:, 1:, 0]  # without the token that begins a sentence
    source = batch["src"][:, :, 0]
    return Counts(int(batch["srclen"].sum()), source.numel(), int(target.ne(padding).sum()), target.numel())


if __name__ == "__main__":
    asked = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    main(asked, Trace(Path(sys.argv[2]), **asked["trace"]))
