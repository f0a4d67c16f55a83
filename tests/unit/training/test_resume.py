"""A training that is killed at any point and started again ends with the very weights of one that never was."""

import sys
from typing import Any

import pytest
import pytorch_lightning as lightning

from enface.errors import TrainingError
from enface.training.averaging import averaged_weights
from enface.training.scratch import checkpoint_folder
from tests.unit.training.made import KillAt, Killed, Seen, equal, trained

PER_EPOCH = 4  # batches, in four epochs


@pytest.fixture(scope="module")
def whole(prepared, tmp_path_factory):
    """Weights, history and the batches of a training that nothing disturbed."""
    seen = Seen()
    weights, history = trained(prepared, tmp_path_factory.mktemp("whole"), seen)
    return weights, history, seen.pairs


def test_an_epoch_has_every_pair_once_and_each_epoch_another_order(whole):
    _, history, pairs = whole
    assert [row["step"] for row in history.rows] == [4, 8, 12, 16]
    epochs = [
        [pair for batch in pairs[start : start + PER_EPOCH] for pair in batch]
        for start in range(0, len(pairs), PER_EPOCH)
    ]
    assert [sorted(epoch) for epoch in epochs] == [list(range(100))] * 4
    assert len({tuple(epoch) for epoch in epochs}) == 4


@pytest.mark.parametrize(
    ("hook", "number", "goes_on_at"),
    [
        ("on_train_batch_start", 2, 1),
        ("on_validation_start", 1, 3),  # before an epoch's validation: its last batch is trained again
        ("on_train_epoch_end", 1, 4),  # after it: the validation is not done again
        ("on_train_batch_start", 5, 4),
        ("on_train_batch_start", 7, 6),
        ("on_validation_epoch_end", 2, 7),
        ("on_train_epoch_end", 4, 16),
    ],
)
def test_the_end_is_bit_equal_wherever_it_was_killed(prepared, whole, tmp_path, hook, number, goes_on_at):
    weights, history, pairs = whole
    with pytest.raises(Killed):
        trained(prepared, tmp_path, KillAt(hook, number))
    seen = Seen()
    resumed, resumed_history = trained(prepared, tmp_path, seen)
    assert seen.pairs == pairs[goes_on_at:]
    assert equal(resumed, weights)
    assert resumed_history.rows == history.rows


@pytest.mark.parametrize(
    ("kind", "settings"),
    [
        ({"score": "scaled_dot", "selection": "gumbel"}, {}),
        ({"score": "general", "selection": "reinforce"}, {}),
        ({"network": "transformer"}, {"bpe_dropout": 0.3, "r_drop_weight": 5.0}),
        ({"cell": "lstm", "decoder": "bahdanau"}, {"precision": "bf16-mixed"}),
        ({}, {"bpe_dropout": 0.3}),
    ],
    ids=["gumbel", "reinforce", "transformer", "bfloat16", "bpe_dropout"],
)
def test_so_is_that_of_models_that_draw_more_and_of_fewer_bits(prepared, tmp_path, kind, settings):
    changes: dict[str, Any] = {"kind": kind, "max_epochs": 2, "bleu_every_epochs": 9, **settings}
    weights, history = trained(prepared, tmp_path / "whole", **changes)
    with pytest.raises(Killed):
        trained(prepared, tmp_path / "killed", KillAt("on_train_batch_start", 6), **changes)
    resumed, resumed_history = trained(prepared, tmp_path / "killed", **changes)
    assert equal(resumed, weights)
    assert resumed_history.rows == history.rows


def test_it_may_be_killed_again_and_again(prepared, whole, tmp_path):
    weights, history, _ = whole
    for _ in range(3):
        with pytest.raises(Killed):
            trained(prepared, tmp_path, KillAt("on_train_batch_start", 4))
    resumed, resumed_history = trained(prepared, tmp_path)
    assert equal(resumed, weights)
    assert resumed_history.rows == history.rows


def test_the_best_checkpoints_and_the_patience_survive(prepared, tmp_path):
    """The learning rate is so high that the loss rises: the best is the first, and patience ends the training."""
    changes: dict[str, Any] = {
        "learning_rate": 5.0,
        "warmup_steps": 0,
        "patience_epochs": 2,
        "max_epochs": 9,
        "averaging": {"kind": "best", "count": 2},
    }
    seen = Seen()
    weights, history = trained(prepared, tmp_path / "whole", seen, **changes)
    epochs = len(history.rows)
    assert epochs < 9
    for killed_at in (epochs - 1, epochs):
        scratch = tmp_path / str(killed_at)
        with pytest.raises(Killed):
            trained(prepared, scratch, KillAt("on_train_epoch_end", killed_at), **changes)
        rest = Seen()
        resumed, resumed_history = trained(prepared, scratch, rest, **changes)
        assert rest.pairs == seen.pairs[killed_at * PER_EPOCH :]
        assert equal(resumed, weights)
        assert resumed_history.rows == history.rows


def test_the_time_allowed_ends_it_with_a_validation_and_is_not_given_again(prepared, tmp_path):
    _, history = trained(prepared, tmp_path / "at once", max_minutes=1e-6)
    assert [row["step"] for row in history.rows] == [1]
    scratch = tmp_path / "later"
    with pytest.raises(Killed):
        trained(prepared, scratch, KillAt("on_train_batch_start", 7))
    seen = Seen()
    resumed, history = trained(prepared, scratch, seen, max_minutes=1e-6)  # less than it took already
    assert seen.pairs == []
    assert [row["step"] for row in history.rows] == [4]
    assert equal(resumed, averaged_weights([checkpoint_folder(scratch) / "step=4.ckpt"], prefix="model."))


@pytest.mark.skipif(sys.platform != "linux", reason="limits the size of files as Linux does")
def test_a_full_disk_leaves_the_last_checkpoint_to_go_on_from(prepared, whole, tmp_path):
    import resource

    limits = resource.getrlimit(resource.RLIMIT_FSIZE)

    class FullDisk(lightning.Callback):
        def on_train_batch_start(self, trainer: Any, task: Any, batch: Any, number: int) -> None:
            if trainer.global_step == 6:
                resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, limits[1]))

    try:
        with pytest.raises(TrainingError) as error:
            trained(prepared, tmp_path, FullDisk())
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert str(error.value) == (
        f"{tmp_path / 'resume.ckpt'}: the checkpoint of step 7 could not be written (File too large); the one before "
        "is whole. Make room, and the same command goes on from there"
    )
    seen = Seen()
    resumed, _ = trained(prepared, tmp_path, seen)
    assert seen.pairs == whole[2][6:]
    assert equal(resumed, whole[0])
