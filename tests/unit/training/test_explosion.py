"""When an explosion is looked for, and what is said of it; that a training ends by it stands in test_task.py."""

import pytest
import torch

from enface.errors import TrainingError
from enface.training.explosion import REMEDY, Explosion

PAIRS = torch.tensor([6, 0, 41])
LINES = "on lines 7, 1, 42 of train.source and train.target in the prepared corpus; look at them, or"


class OnGpu(torch.Tensor):
    """A number that says it is on a GPU."""

    device = torch.device("cuda")


def on_gpu(value):
    return torch.tensor(value).as_subclass(OnGpu)


@pytest.mark.parametrize(("loss", "shown"), [(float("nan"), "nan"), (float("inf"), "inf"), (691.0, "691")])
def test_a_loss_that_is_none_or_a_hundred_times_that_of_guessing_names_step_pairs_and_remedies(loss, shown):
    explosion = Explosion(vocabulary_size=1000)
    explosion.see_loss(1, torch.tensor(690.0), PAIRS)
    with pytest.raises(TrainingError) as error:
        explosion.see_loss(2, torch.tensor(loss), PAIRS)
    assert str(error.value) == f"train: the loss is {shown} at step 2, {LINES} {REMEDY}"


def test_the_remedies_are_settings():
    assert REMEDY == (
        "try a lower train.learning_rate, more train.warmup_steps, a lower train.clip_norm or train.precision 32-true"
    )


def test_a_gradient_may_be_large_but_not_infinite():
    explosion = Explosion(vocabulary_size=1000)
    explosion.see_loss(1, torch.tensor(1.0), PAIRS[:1])
    explosion.see_gradient(1, torch.tensor(1e30))
    explosion.see_loss(2, torch.tensor(1.0), PAIRS)
    with pytest.raises(TrainingError) as error:
        explosion.see_gradient(2, torch.tensor(float("inf")))
    assert str(error.value) == f"train: the gradient's norm is inf at step 2, {LINES} {REMEDY}"


def test_on_a_gpu_it_is_looked_for_every_twenty_steps_and_the_first_is_told():
    explosion = Explosion(vocabulary_size=1000)
    for step in range(19):
        explosion.see_loss(step, on_gpu(float("nan") if step > 3 else 1.0), PAIRS)
        explosion.see_gradient(step, on_gpu(float("nan") if step >= 3 else 1.0))
    explosion.see_loss(19, on_gpu(float("nan")), PAIRS)
    with pytest.raises(TrainingError, match="the gradient's norm is nan at step 3, on lines 7, 1, 42 of"):
        explosion.see_gradient(19, on_gpu(float("nan")))


def test_and_whenever_it_is_asked_for():
    explosion = Explosion(vocabulary_size=1000)
    explosion.look()
    explosion.see_loss(5, on_gpu(float("nan")), PAIRS)
    with pytest.raises(TrainingError, match="the loss is nan at step 5"):
        explosion.look()
    explosion.look()


@pytest.mark.parametrize(
    ("pairs", "where"),
    [
        (PAIRS, f"{LINES.partition(';')[0]}, or on those of another device;"),
        (PAIRS[:0], "on the lines of another device;"),
    ],
)
def test_a_gradient_is_that_of_all_devices(monkeypatch, pairs, where):
    monkeypatch.setattr(torch.distributed, "is_initialized", lambda: True)
    explosion = Explosion(vocabulary_size=1000)
    explosion.see_loss(1, torch.tensor(0.0), pairs)
    with pytest.raises(TrainingError) as error:
        explosion.see_gradient(1, torch.tensor(float("inf")))
    assert f"at step 1, {where} look at them, or" in str(error.value)
