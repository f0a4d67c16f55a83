"""Each pair is seen twice, and what the two passes say comes nearer together."""

import pytorch_lightning as lightning
import torch

from enface.data.batches import collate
from enface.training.r_drop import divergence_and_gradient, seen_twice
from tests.unit.training.made import trained


def test_two_predictions_lie_as_far_apart_as_worked_by_hand():
    # p = (1/2, 1/2), q = (1/4, 3/4): sum (p - q)(log p - log q) / 2 = (log 2 - log 2/3) / 8 = log 3 / 8.
    predictions = torch.tensor([[[0.5, 0.5]], [[0.25, 0.75]]]).log()
    apart, _ = divergence_and_gradient(predictions)
    torch.testing.assert_close(apart, torch.tensor([3.0]).log() / 8)
    assert divergence_and_gradient(predictions[[0, 0]])[0].item() == 0


def test_a_batch_is_seen_twice_with_its_links(prepared):
    pairs = prepared.split("train")
    batch = collate(pairs, [0, 1], lambda index: torch.tensor([[0, index]]).numpy())
    twice = seen_twice(batch)
    assert twice.links.tolist() == [[0, 0, 0], [1, 1, 0], [2, 0, 0], [3, 1, 0]]  # row, target, source
    for tensor, once in zip(twice[:6], batch[:6], strict=True):
        assert torch.equal(tensor, torch.cat([once, once]))


class Logged(lightning.Callback):
    """Keeps what was logged at the last step."""

    def on_train_batch_end(self, trainer, *_):
        self.measures = dict(trainer.callback_metrics)


def test_the_passes_come_nearer_together_the_more_it_weighs(prepared, tmp_path):
    apart = []
    for weight in (0.001, 5.0):
        logged = Logged()
        trained(prepared, tmp_path / str(weight), logged, r_drop_weight=weight)
        apart.append(float(logged.measures["train/divergence"]))
    assert 0 < apart[1] < apart[0] / 2


def test_without_it_nothing_is_seen_twice(prepared, tmp_path):
    logged = Logged()
    trained(prepared, tmp_path, logged, max_epochs=1)
    assert "train/divergence" not in logged.measures
