import errno
from pathlib import Path

import pytest
import torch

from enface.errors import TrainingError
from enface.training.checkpoints import WholeCheckpoints


def test_what_is_saved_is_read_again_and_nothing_is_left_beside_it(tmp_path):
    path = tmp_path / "folder" / "step=1.ckpt"
    for step in (1, 2):
        WholeCheckpoints().save_checkpoint({"global_step": step, "weights": torch.ones(3)}, path)
    assert [file.name for file in path.parent.iterdir()] == [path.name]
    assert WholeCheckpoints().load_checkpoint(path, weights_only=True)["global_step"] == 2


def test_a_full_disk_leaves_the_one_before_and_nothing_of_the_attempt(tmp_path, monkeypatch):
    path = tmp_path / "resume.ckpt"
    WholeCheckpoints().save_checkpoint({"global_step": 1}, path)
    before = path.read_bytes()

    def full(draft: Path, content: bytes) -> None:
        draft.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(TrainingError) as error:
        WholeCheckpoints().save_checkpoint({"global_step": 2}, path)
    assert str(error.value) == (
        f"{path}: the checkpoint of step 2 could not be written (No space left on device); the one before is whole. "
        "Make room, and the same command goes on from there"
    )
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == [path.name]
