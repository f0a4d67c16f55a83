"""Losses and gradients that are not finite, or far too large: who caused it, and what to try.

Looking at a number waits for the GPU that works on it. So what is to be looked at is kept, and looked at together: on a
CPU at every step, on a GPU every few steps and always before a validation and before a checkpoint is written.
"""

import math
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from enface.errors import TrainingError

_STEPS_AT_ONCE = 20  # on a GPU
_GUESSES = 100  # a loss so many times that of guessing among all subwords has left everything behind

REMEDY = "try a lower train.learning_rate, more train.warmup_steps, a lower train.clip_norm or train.precision 32-true"


class _Seen(NamedTuple):
    step: int
    what: Literal["loss", "gradient"]
    value: Tensor
    pairs: Tensor


class Explosion:
    """The losses and gradients of the last steps, until they were looked at."""

    def __init__(self, vocabulary_size: int) -> None:
        """Takes a loss above a hundred times that of guessing, the logarithm of `vocabulary_size`, for exploded."""
        self._limit = _GUESSES * math.log(vocabulary_size)
        self._seen: list[_Seen] = []
        self._pairs = torch.zeros(0, dtype=torch.int64)

    def see_loss(self, step: int, loss: Tensor, pairs: Tensor) -> None:
        """Keeps the loss of a step and the numbers of its pairs, counted from 0.

        Raises:
            TrainingError: as `look`, where it is time to look.
        """
        self._pairs = pairs
        self._see(_Seen(step, "loss", loss.detach(), pairs))

    def see_gradient(self, step: int, norm: Tensor) -> None:
        """Keeps the norm of the gradient of a step, whose loss was the last that was seen.

        Raises:
            TrainingError: as `look`, where it is time to look.
        """
        self._see(_Seen(step, "gradient", norm.detach(), self._pairs))

    def look(self) -> None:
        """Forgets all that was kept.

        Raises:
            TrainingError: some of it was not finite, or a loss too large; the message is about the first.
        """
        seen, self._seen = self._seen, []
        values = torch.stack([each.value.float() for each in seen]).tolist() if seen else []
        for each, value in zip(seen, values, strict=True):
            limit = self._limit if each.what == "loss" else math.inf
            if not math.isfinite(value) or value > limit:
                raise TrainingError(_said(each, value))

    def _see(self, seen: _Seen) -> None:
        self._seen.append(seen)
        if seen.value.device.type == "cpu" or len(self._seen) >= 2 * _STEPS_AT_ONCE:
            self.look()


def _said(seen: _Seen, value: float) -> str:
    what = {"loss": "the loss", "gradient": "the gradient's norm"}[seen.what]
    lines = ", ".join(str(pair + 1) for pair in seen.pairs.tolist())
    where = f"on lines {lines} of train.source and train.target in the prepared corpus"
    if seen.what == "gradient" and _is_of_several():
        where = f"{where}, or on those of another device" if lines else "on the lines of another device"
    return f"train: {what} is {value:.6g} at step {seen.step}, {where}; look at them, or {REMEDY}"


def _is_of_several() -> bool:
    """Whether the gradient is that of several devices."""
    return torch.distributed.is_available() and torch.distributed.is_initialized()
