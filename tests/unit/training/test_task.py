"""What is optimised and measured, and what happens when it explodes."""

from typing import Any

import pytest
import pytorch_lightning as lightning
import torch
from torch.nn.functional import cross_entropy

from enface.data.batches import collate
from enface.errors import TrainingError
from tests.unit.training.made import Seen, equal, model, trained

REMEDY = "try a lower train.learning_rate, more train.warmup_steps, a lower train.clip_norm or train.precision 32-true"
LAST_ALONE: dict[str, Any] = {"averaging": {"kind": "last", "count": 1}}


class Explode(lightning.Callback):
    """Makes a weight, or its gradient, NaN in one hook of step 5."""

    def __init__(self, hook: str) -> None:
        setattr(self, hook, self._explode_gradient if hook == "on_after_backward" else self._explode)

    def _explode(self, trainer: Any, task: Any, *_: Any) -> None:
        if trainer.global_step >= 5:
            task.model.output_bias.data[0] = float("nan")

    def _explode_gradient(self, trainer: Any, task: Any) -> None:
        if trainer.global_step == 5:
            task.model.output_bias.grad[0] = float("nan")


def failure(prepared, scratch, *callbacks) -> str:
    with pytest.raises(TrainingError) as error:
        trained(prepared, scratch, *callbacks)
    return str(error.value)


def test_an_exploded_loss_names_the_step_and_the_pairs_and_leaves_what_was_good(prepared, tmp_path):
    seen = Seen()
    said = failure(prepared, tmp_path / "exploded", seen, Explode("on_train_batch_start"))
    lines = ", ".join(str(pair + 1) for pair in seen.pairs[5])
    assert said == (
        f"train: the loss is nan at step 5, on lines {lines} of train.source and train.target in the prepared corpus; "
        f"look at them, or {REMEDY}"
    )
    resumed, _ = trained(prepared, tmp_path / "exploded")
    whole, _ = trained(prepared, tmp_path / "whole")
    assert equal(resumed, whole)


def test_an_exploded_gradient_never_becomes_a_step(prepared, tmp_path):
    seen = Seen()
    said = failure(prepared, tmp_path, seen, Explode("on_after_backward"))
    lines = ", ".join(str(pair + 1) for pair in seen.pairs[5])
    assert said.startswith(f"train: the gradient's norm is nan at step 5, on lines {lines} of train.source")
    assert said.endswith(REMEDY)


def test_an_exploded_validation_is_no_good_end(prepared, tmp_path):
    said = failure(prepared, tmp_path, Explode("on_validation_start"))
    assert said == f"train: the validation loss is nan after step 8; {REMEDY}"


def test_validation_is_per_token_of_the_whole_split_however_it_is_batched(prepared, tmp_path):
    weights, history = trained(prepared, tmp_path, max_epochs=1, **LAST_ALONE)
    network = model(prepared).eval()
    network.load_state_dict(weights)
    pairs = prepared.split("validation")
    losses, right = [], []
    with torch.no_grad():
        for index in range(len(pairs)):
            batch = collate(pairs, [index])
            logits = network.logits(network(batch.source, batch.source_valid, batch.target_input).readout)[0]
            losses.append(cross_entropy(logits, batch.target_output[0], reduction="none"))
            right.append(logits.argmax(-1) == batch.target_output[0])
    (row,) = history.rows
    assert row["validation/loss"] == pytest.approx(float(torch.cat(losses).mean()), rel=1e-5)
    assert row["validation/accuracy"] == pytest.approx(100 * float(torch.cat(right).float().mean()), rel=1e-5)


def test_the_learning_rate_follows_the_schedule_to_the_end(prepared, tmp_path):
    _, history = trained(prepared, tmp_path)
    assert [row["learning_rate"] for row in history.rows] == pytest.approx([0.01, 0.01 * 2 / 3, 0.01 / 3, 0.0])


def test_the_same_seed_gives_the_same_weights_and_another_seed_others(prepared, tmp_path):
    one, _ = trained(prepared, tmp_path / "one", max_epochs=1)
    same, _ = trained(prepared, tmp_path / "same", max_epochs=1)
    other, _ = trained(prepared, tmp_path / "other", max_epochs=1, seed=2)
    assert equal(one, same)
    assert not equal(one, other)


@pytest.mark.parametrize(("kind", "count", "expected"), [("last", 2, [8, 12]), ("best", 2, [8, 12]), ("none", 3, [12])])
def test_the_weights_are_the_mean_of_the_checkpoints_asked_for(prepared, tmp_path, kind, count, expected):
    weights, _ = trained(prepared, tmp_path, max_epochs=3, averaging={"kind": kind, "count": count})
    kept = sorted(tmp_path.glob("checkpoints/*"), key=lambda path: int(path.stem.removeprefix("step=")))
    assert [path.name for path in kept] == [f"step={step}.ckpt" for step in expected]
    states = [torch.load(path, weights_only=True)["state_dict"] for path in kept]
    for name, tensor in weights.items():
        mean = torch.stack([state[f"model.{name}"] for state in states]).mean(0)
        torch.testing.assert_close(tensor, mean)


@pytest.mark.parametrize("setting", [{"bpe_dropout": 0.3}, {"r_drop_weight": 5.0}, {"label_smoothing": 0.0}])
def test_what_changes_training_changes_the_weights(prepared, tmp_path, setting):
    plain, _ = trained(prepared, tmp_path / "plain", max_epochs=1)
    other, _ = trained(prepared, tmp_path / "other", max_epochs=1, **setting)
    assert not equal(plain, other)
