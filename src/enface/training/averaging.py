"""The mean of several checkpoints' weights: mostly a little better than the best of them (Popel and Bojar 2018)."""

from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from enface.errors import TrainingError


def averaged_weights(checkpoints: Sequence[Path], *, prefix: str) -> dict[str, Tensor]:
    """The mean over `checkpoints` of every tensor whose name begins with `prefix`, under the rest of its name.

    Raises:
        TrainingError: there is no checkpoint.
    """
    if not checkpoints:
        raise TrainingError("train: no checkpoint to average; was there any validation before the end?")
    total: dict[str, Tensor] = {}
    for path in checkpoints:
        weights = torch.load(path, map_location="cpu", weights_only=True)["state_dict"]
        for name, tensor in weights.items():
            if name.startswith(prefix):
                key = name.removeprefix(prefix)
                total[key] = total.get(key, 0.0) + tensor.double() / len(checkpoints)
    return {name: tensor.float() for name, tensor in total.items()}
