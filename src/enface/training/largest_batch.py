"""`batch_tokens: auto`: the largest batch that the memory of a GPU holds, found by trying it.

Steps are taken with a copy of the task on ever larger batches of the longest pair, until memory runs out: no other
pairs need as much. Of what is found a tenth is left for what a long training scatters about. It is found once and kept
where the training works, as another size would be another training.
"""

import copy
import logging
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch

from enface.data.batches import Batch, collate
from enface.data.prepared import EncodedSplit
from enface.errors import ParamsError
from enface.outputs import is_first_process
from enface.training.machine import on_gpu, precision_of
from enface.training.processes import started_by_others
from enface.training.scratch import remember_batch_tokens, remembered_batch_tokens
from enface.training.section import TrainSection
from enface.training.task import TranslationTask
from enface.training.together import joined

logger = logging.getLogger(__name__)

_FIRST = 1024
_STEPS_OF_EPOCH = 100
"""No batch is larger than leaves an epoch so many steps, however much memory there is."""


def find_batch_tokens(task: TranslationTask, training: EncodedSplit, scratch: Path) -> int:
    """`batch_tokens` of the section; where it is `auto`, what the first GPU holds, of this training's beginning.

    Raises:
        ParamsError: it is `auto`, and training is on the CPU, or its processes are there already.
    """
    asked = task.section.batch_tokens
    if asked != "auto":
        return asked
    _refuse(task.section)
    found = remembered_batch_tokens(scratch)
    if found is None:
        assert is_first_process(), "it starts the others, once it has found it"
        found = _found(task, training)
        logger.info("batches of %d tokens, as many as fit", found)
        remember_batch_tokens(scratch, found)
    return found


def largest(fits: Callable[[int], bool], *, first: int, most: int) -> int:
    """The largest number up to `most` that fits, to an eighth of it; `first` is taken to fit.

    It is doubled until it does not, and then looked for between the last two.
    """
    good, bad = first, most + 1
    while good < most and bad > most:
        tried = min(2 * good, most)
        good, bad = (tried, bad) if fits(tried) else (good, tried)
    while bad <= most and 8 * (bad - good) > good:
        tried = (good + bad) // 2
        good, bad = (tried, bad) if fits(tried) else (good, tried)
    return good


def _found(task: TranslationTask, training: EncodedSplit) -> int:
    longer = np.maximum(training.source_lengths, training.target_lengths) + 1
    longest, width = int(longer.argmax()), int(longer.max())
    links = training.links if task.section.guided_weight else None
    trial = _Trial(task, lambda tokens: collate(training, [longest] * max(tokens // width, 1), links))
    most = max(int(longer.sum()) // (_STEPS_OF_EPOCH * task.section.devices), _FIRST)
    return largest(trial.fits, first=_FIRST, most=most) * 9 // 10


def _refuse(section: TrainSection) -> None:
    if not on_gpu(section):
        raise ParamsError(
            "params.yaml train.batch_tokens: got auto, which asks what a GPU's memory holds, but training is on the "
            "CPU; need a number, such as 2048"
        )
    if section.num_nodes > 1 or started_by_others():
        raise ParamsError(
            "params.yaml train.batch_tokens: got auto, which one process finds before it starts the others, but they "
            "were started already; need a number: that which a training on one machine tells of"
        )


class _Trial:
    """Steps of a copy of the task, which keeps what its optimiser keeps."""

    def __init__(self, task: TranslationTask, batch: Callable[[int], Batch]) -> None:
        self._device = torch.device("cuda" if on_gpu(task.section) else "cpu")
        self._half = precision_of(task.section) == "bf16-mixed"
        self._task = copy.deepcopy(task).to(self._device).train()
        self._batch = batch
        self._optimizer = self._task.configure_optimizers()["optimizer"]

    def fits(self, tokens: int) -> bool:
        """Whether memory holds a step on so many tokens."""
        try:
            self._step(tokens)
        except torch.OutOfMemoryError:
            return False
        finally:
            self._optimizer.zero_grad()
            torch.cuda.empty_cache()
        return True

    def _step(self, tokens: int) -> None:
        batch = self._batch(tokens)
        on_device = Batch(**{name: part.to(self._device) for name, part in batch._asdict().items() if part is not None})
        with torch.autocast(self._device.type, torch.bfloat16, enabled=self._half):
            loss = joined(self._task.terms(on_device), devices=1).loss
        torch.autograd.backward(loss)
        self._optimizer.step()
