"""A training that is killed at any point and started again ends with the very weights of one that never was."""

import signal
import time

import pytest
import torch

from enface.data.prepared import PreparedFolder
from tests.unit.training.made import Killed, KillAt, Seen, equal, trained, write_prepared

PER_EPOCH = 4  # batches, in four epochs


@pytest.fixture(scope="module", autouse=True)
def _one_thread():
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory):
    return PreparedFolder(write_prepared(tmp_path_factory.mktemp("prepared")))


@pytest.fixture(scope="module")
def whole(prepared, tmp_path_factory):
    """Weights, history and the batches of a training that nothing disturbed."""
    seen = Seen()
    weights, history = trained(prepared, tmp_path_factory.mktemp("whole"), seen)
    return weights, history, seen.pairs


def test_an_epoch_has_every_pair_once_and_each_epoch_another_order(whole):
    _, history, pairs = whole
    assert [row["step"] for row in history.rows] == [4, 8, 12, 16]
    epochs = [sum(pairs[start : start + PER_EPOCH], []) for start in range(0, len(pairs), PER_EPOCH)]
    assert len(epochs) == 4
    assert [sorted(epoch) for epoch in epochs] == [list(range(100))] * 4
    assert len({tuple(epoch) for epoch in epochs}) == 4


@pytest.mark.parametrize(
    ("hook", "time", "goes_on_at"),
    [
        ("on_train_batch_start", 2, 1),
        ("on_train_batch_start", 4, 3),
        ("on_train_batch_start", 7, 6),
        ("on_validation_start", 1, 3),
        ("on_validation_batch_end", 2, 7),
        ("on_train_epoch_end", 1, 4),
        ("on_train_epoch_end", 4, 16),
        ("on_train_batch_start", 13, 12),
    ],
)
def test_the_end_is_bit_equal_wherever_it_was_killed(prepared, whole, tmp_path, hook, time, goes_on_at):
    weights, history, pairs = whole
    with pytest.raises(Killed):
        trained(prepared, tmp_path, KillAt(hook, time))
    seen = Seen()
    resumed, resumed_history = trained(prepared, tmp_path, seen)
    assert seen.pairs == pairs[goes_on_at:]
    assert equal(resumed, weights)
    assert resumed_history.rows == history.rows


def test_it_may_be_killed_again_and_again(prepared, whole, tmp_path):
    weights, history, _ = whole
    for _ in range(3):
        with pytest.raises(Killed):
            trained(prepared, tmp_path, KillAt("on_train_batch_start", 5))
    resumed, resumed_history = trained(prepared, tmp_path)
    assert equal(resumed, weights)
    assert resumed_history.rows == history.rows
