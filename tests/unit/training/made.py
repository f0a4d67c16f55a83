"""A prepared folder of short made pairs and the settings of a training of seconds, for the tests of training."""

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytorch_lightning as lightning
import torch
import yaml
from torch import Tensor

from enface.data.prepared import PreparedFolder, PreparedMeta
from enface.data.tokenizer import Tokenizer
from enface.data.writing import TextWriter, sample_sentences, write_encoded
from enface.model.seq2seq import Seq2Seq
from enface.outputs import write_json
from enface.training.fit import fit
from enface.training.section import TrainSection
from enface.training.task import TranslationTask
from enface.training.watching import History
from tests.unit.model import tiny

WORDS = {"red": "rot", "dog": "Hund", "cat": "Katze", "house": "Haus", "sees": "sieht", "old": "alt", "tree": "Baum"}
_SETTINGS = yaml.safe_load((Path(__file__).parents[3] / "params.yaml").read_text(encoding="utf-8"))
MODEL: dict[str, Any] = tiny.section().model_dump()
TRAIN: dict[str, Any] = {
    **_SETTINGS["train"],
    "seed": 1,
    "devices": 1,
    "num_nodes": 1,
    "accelerator": "cpu",
    "precision": "32-true",
    "batch_tokens": 256,
    "max_epochs": 4,
    "max_minutes": 60.0,
    "learning_rate": 0.01,
    "warmup_steps": 4,
    "decay": "linear",
    "label_smoothing": 0.1,
    "clip_norm": 1.0,
    "patience_epochs": 5,
    "averaging": {"kind": "last", "count": 2},
    "checkpoint_minutes": 1e-6,
    "coverage_weight": 0.5,
    "bleu_every_epochs": 1,
    "bleu_sentences": 5,
    "map_sentences": 1,
}


def write_prepared(folder: Path, *, train: int = 100, validation: int = 20) -> Path:
    """A prepared folder in which the target is the source word by word, backwards."""
    chance = random.Random(1)
    folder.mkdir(parents=True, exist_ok=True)
    counts = {"train": train, "validation": validation, "test": 2}
    for split, count in counts.items():
        with TextWriter(folder, split) as writer:
            for _ in range(count):
                words = chance.choices(list(WORDS), k=chance.randint(2, 7))
                writer.write(" ".join(words), " ".join(WORDS[word] for word in reversed(words)), None)
    tokenizer = Tokenizer.train(sample_sentences(folder, "train", every=1), vocabulary_size=320)
    tokenizer.save(folder / "tokenizer.json")
    tokens = {split: write_encoded(folder, split, tokenizer) for split in counts}
    meta = PreparedMeta(
        corpus="toy",
        source_language="en",
        target_language="de",
        sha256="0" * 64,
        vocabulary_size=tokenizer.vocabulary_size,
        pairs=counts,
        source_tokens={split: count["source"] for split, count in tokens.items()},
        target_tokens={split: count["target"] for split, count in tokens.items()},
        test_splits=["test"],
    )
    write_json(folder / "meta.json", meta.model_dump())
    return folder


def section(**changes: Any) -> TrainSection:
    return TrainSection(**{**TRAIN, **changes})


def model(prepared: PreparedFolder, **changes: Any) -> Seq2Seq:
    torch.manual_seed(1)
    return Seq2Seq(tiny.section(**changes), prepared.meta.vocabulary_size)


def trained(
    prepared: PreparedFolder,
    scratch: Path,
    *callbacks: lightning.Callback,
    kind: Mapping[str, Any] | None = None,
    **changes: Any,
) -> tuple[dict[str, Tensor], History]:
    """The weights and the history of a training in this process, which goes on where `scratch` says."""
    task = TranslationTask(model(prepared, **(kind or {})), section(**changes))
    history = fit(
        task,
        prepared,
        scratch=scratch,
        callbacks=callbacks,
        log_to=None,
    )
    return task.model.state_dict(), history


def equal(left: dict[str, Tensor], right: dict[str, Tensor]) -> bool:
    return left.keys() == right.keys() and all(torch.equal(left[name], right[name]) for name in left)


class Killed(BaseException):
    """The end of a process in the middle, as far as one can have it without a process."""


class KillAt(lightning.Callback):
    """Raises in a hook of the trainer's when it is called for the `number`-th time."""

    def __init__(self, hook: str, number: int) -> None:
        self._left = number
        setattr(self, hook, self._kill)

    def _kill(self, *_: Any) -> None:
        self._left -= 1
        if self._left == 0:
            raise Killed


class Seen(lightning.Callback):
    """The pairs of every batch, step by step."""

    def __init__(self) -> None:
        self.pairs: list[Sequence[int]] = []

    def on_train_batch_start(self, trainer: Any, task: Any, batch: Any, number: int) -> None:
        self.pairs.append(batch.indices.tolist())
