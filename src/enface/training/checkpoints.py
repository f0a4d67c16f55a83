"""Checkpoints on disk: each stands there whole, or the former one still does. What is in them is said elsewhere."""

import io
from pathlib import Path
from typing import Any

import torch
from pytorch_lightning.plugins.io import TorchCheckpointIO

from enface.errors import TrainingError


class WholeCheckpoints(TorchCheckpointIO):
    """Writes a checkpoint beside its place and renames it; Lightning would write in /tmp first, wherever that is."""

    def save_checkpoint(self, checkpoint: dict[str, Any], path: Any, storage_options: Any = None) -> None:
        """Replaces the file at `path`.

        Raises:
            TrainingError: the disk is full or failed; of the attempt nothing is left.
        """
        place = Path(path)
        draft = place.with_name(f".{place.name}")  # the same each time, so that a kill leaves one at most
        try:
            place.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(_bytes(checkpoint))
            draft.replace(place)
        except OSError as error:
            draft.unlink(missing_ok=True)
            raise TrainingError(
                f"{place}: the checkpoint of step {checkpoint['global_step']} could not be written ({error.strerror}); "
                "the one before is whole. Make room, and the same command goes on from there"
            ) from error


def _bytes(checkpoint: dict[str, Any]) -> memoryview:
    """The file's content: PyTorch writing into a full disk by itself would end in an error of no meaning."""
    buffer = io.BytesIO()
    torch.save(checkpoint, buffer)
    return buffer.getbuffer()
