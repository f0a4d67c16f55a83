"""A trained model's folder without the network: its files, its hash, and its embedding as an array.

Free of torch, so that commands which look at the vectors alone start fast. `weights.py` writes the folder, and reads
the whole network.
"""

import hashlib
from pathlib import Path

import numpy as np
from jaxtyping import Float
from safetensors import SafetensorError, safe_open

from enface.errors import TrainingError

WEIGHTS = "model.safetensors"
ARCHITECTURE = "model.json"

_EMBEDDING = "embedding.weight"


def load_embedding(folder: Path) -> Float[np.ndarray, "V E"]:
    """The embedding of the model in `folder`: a vector for each subword, those of source, target and output in one.

    Raises:
        TrainingError: no trained model stands there, or it is none of ours.
    """
    path = folder / WEIGHTS
    try:
        with safe_open(path, framework="numpy") as file:
            embedding: Float[np.ndarray, "V E"] = file.get_tensor(_EMBEDDING)
    except FileNotFoundError:
        raise TrainingError(f"{path}: no trained model; run `dvc repro train`") from None
    except SafetensorError:
        raise TrainingError(f"{path}: broken, or without an {_EMBEDDING}; run `dvc repro -f train`") from None
    return embedding


def weights_sha256(folder: Path) -> str:
    """The SHA-256 of the weights in `folder`: what names this model in tracking and in bundles."""
    with (folder / WEIGHTS).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
