"""A training that was stopped never passes for done, and SIGTERM stays what it was before."""

import os
import signal
from typing import Any

import pytest
import pytorch_lightning as lightning

from enface.errors import TrainingError
from enface.training.interruption import fit_or_stop
from tests.unit.training.made import Seen, trained


class Stop(KeyboardInterrupt):
    """What the handler of these tests raises."""


@pytest.fixture
def _stopped_by_sigterm():
    def stop(number: int, frame: Any) -> None:
        raise Stop

    before = signal.signal(signal.SIGTERM, stop)
    interrupt = signal.getsignal(signal.SIGINT)
    yield
    signal.signal(signal.SIGTERM, before)
    signal.signal(signal.SIGINT, interrupt)


class Send(lightning.Callback):
    """Sends this process a signal in one hook of a training that has come to step 5."""

    def __init__(self, hook: str, number: signal.Signals) -> None:
        self._number = number
        setattr(self, hook, self._send)

    def _send(self, trainer: Any, *_: Any) -> None:
        if trainer.global_step >= 5:
            os.kill(os.getpid(), self._number)


@pytest.mark.usefixtures("_stopped_by_sigterm")
@pytest.mark.parametrize("hook", ["on_train_batch_start", "on_validation_batch_start", "on_train_epoch_end"])
def test_sigterm_ends_it_by_the_exception_of_the_handler_from_before(prepared, tmp_path, hook):
    with pytest.raises(Stop):
        trained(prepared, tmp_path, Send(hook, signal.SIGTERM))
    rest = Seen()
    trained(prepared, tmp_path, rest)
    assert 0 < len(rest.pairs) < 16


@pytest.mark.usefixtures("_stopped_by_sigterm")
def test_control_c_stays_an_interruption(prepared, tmp_path):
    with pytest.raises(KeyboardInterrupt):
        trained(prepared, tmp_path, Send("on_train_batch_start", signal.SIGINT))


class Trainer(lightning.Trainer):
    """A trainer whose `fit` does what it is told."""

    def __init__(self, ending: BaseException | None, status: str) -> None:
        super().__init__(logger=False, enable_checkpointing=False, enable_progress_bar=False, accelerator="cpu")
        self._ending = ending
        self.state.status = status

    def fit(self) -> None:
        if self._ending:
            raise self._ending


def test_an_end_that_is_none_is_an_error():
    with pytest.raises(TrainingError) as error:
        fit_or_stop(Trainer(None, "interrupted"))
    assert str(error.value) == (
        "train: stopped at step 0 before its end (status interrupted); nothing was written as done, and the same "
        "command goes on from the last checkpoint"
    )


def test_an_exit_of_another_reason_stays_one():
    with pytest.raises(SystemExit, match="3"):
        fit_or_stop(Trainer(SystemExit(3), "running"))


def test_a_bug_stays_one():
    with pytest.raises(RuntimeError, match="shapes"):
        fit_or_stop(Trainer(RuntimeError("shapes cannot be multiplied"), "running"))


def test_a_broken_disk_is_no_bug_of_ours():
    with pytest.raises(TrainingError) as error:
        fit_or_stop(Trainer(OSError(28, "No space left on device"), "running"))
    assert str(error.value) == (
        "train: [Errno 28] No space left on device; the same command goes on from the last checkpoint"
    )
