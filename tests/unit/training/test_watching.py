"""What is told while training goes on, and what is kept of it."""

import logging
from types import SimpleNamespace

import pytest
import torch

from enface.training import watching
from enface.training.watching import Clock, History, Progress


def validated(history, epoch, **metrics):
    trainer = SimpleNamespace(
        sanity_checking=False,
        current_epoch=epoch,
        global_step=10 * (epoch + 1),
        optimizers=[SimpleNamespace(param_groups=[{"lr": 0.5}])],
        callback_metrics={name.replace("_", "/", 1): torch.tensor(value) for name, value in metrics.items()},
    )
    history.on_validation_end(trainer, None)


def test_the_history_is_a_row_for_each_validation_and_goes_on_after_a_resume(tmp_path, caplog):
    caplog.set_level(logging.INFO, "enface")
    before, after = History(), History()
    validated(before, 0, train_loss=2.0, validation_loss=1.5, validation_accuracy=25.0, other=1.0)
    after.load_state_dict(before.state_dict())
    validated(after, 1, train_loss=1.0, validation_loss=0.5, validation_accuracy=50.0, validation_bleu=12.5)
    after.write(tmp_path / "history.csv")
    assert (tmp_path / "history.csv").read_text().splitlines() == [
        "epoch,step,train/loss,validation/loss,validation/accuracy,validation/bleu,learning_rate",
        "1,10,2.0,1.5,25.0,,0.5",
        "2,20,1.0,0.5,50.0,12.5,0.5",
    ]
    assert caplog.messages == [
        "validation: loss 1.500  accuracy 25.0 %  BLEU not measured",
        "validation: loss 0.500  accuracy 50.0 %  BLEU 12.5",
    ]


def test_the_last_of_each_measure_counts():
    history = History()
    validated(history, 0, validation_loss=1.5, validation_accuracy=25.0, validation_bleu=12.5)
    validated(history, 1, validation_loss=0.5, validation_accuracy=50.0)
    last = history.last()
    assert (last["validation_loss"], last["validation_bleu"], last["epoch"]) == (0.5, 12.5, 2)


def test_a_sanity_check_is_not_history():
    history = History()
    history.on_validation_end(SimpleNamespace(sanity_checking=True), None)
    assert history.rows == []


def test_progress_is_a_line_every_ten_seconds_with_the_speed_since_the_last(monkeypatch, caplog):
    caplog.set_level(logging.INFO, "enface")
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=lambda: clock.now))
    logged = []
    task = SimpleNamespace(log=lambda name, value: logged.append((name, value)))
    trainer = SimpleNamespace(world_size=2, current_epoch=1, max_epochs=3, global_step=0, estimated_stepping_batches=60)
    trainer.callback_metrics = {"train/loss": torch.tensor(0.25)}
    batch = SimpleNamespace(target_valid=torch.tensor([[True, True], [True, False]]))
    progress = Progress()
    clock.now += 3600.0  # the time before training is no training
    progress.on_train_start(trainer, task)
    for number in range(5, 15):  # in the middle of an epoch, as after a resume
        clock.now += 2.5
        trainer.global_step = 20 + number + 1
        progress.on_train_batch_end(trainer, task, {"loss": torch.tensor(0.0)}, batch, number)
    assert logged == [("train/target_tokens_per_second", pytest.approx(3 * 2 / 2.5))] * 2
    assert caplog.messages == [
        "epoch 2/3  step 29/60  loss 0.250  2 target tokens/s  at most 1.3 minutes of steps left",
        "epoch 2/3  step 33/60  loss 0.250  2 target tokens/s  at most 1.1 minutes of steps left",
    ]


def test_the_clock_counts_over_resumptions_and_leaves_validations_out_of_the_speed(monkeypatch):
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(watching, "time", SimpleNamespace(monotonic=lambda: clock.now))
    trainer = SimpleNamespace(world_size=2)
    batch = SimpleNamespace(target_valid=torch.tensor([[True, True], [True, False]]))
    before, after = Clock(), Clock()
    for part in (before, after):
        clock.now += 3600.0  # the time before training is no training
        if part is after:
            after.load_state_dict(before.state_dict())
        part.on_train_start(trainer, None)
        for number in range(3):
            clock.now += 20.0
            part.on_train_batch_end(trainer, None, {}, batch, number)
        part.on_validation_start(trainer, None)
        clock.now += 30.0
        part.on_validation_end(trainer, None)
    assert after.told() == {"minutes": 3.0, "target_tokens_per_second": pytest.approx(2 * 3 * 2 * 3 / 120, abs=0.5)}
