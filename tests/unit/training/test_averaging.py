import pytest
import torch

from enface.errors import TrainingError
from enface.training.averaging import averaged_weights


def test_it_is_the_mean_of_every_tensor_under_the_rest_of_its_name(tmp_path):
    paths = []
    for number, weights in enumerate([[1.0, 2.0], [3.0, 6.0], [5.0, 1.0]]):
        paths.append(tmp_path / f"{number}.ckpt")
        state = {"model.weight": torch.tensor(weights), "model.bias": torch.ones(1), "other": torch.zeros(1)}
        torch.save({"state_dict": state}, paths[-1])
    averaged = averaged_weights(paths, prefix="model.")
    assert averaged.keys() == {"weight", "bias"}
    assert torch.equal(averaged["weight"], torch.tensor([3.0, 3.0]))
    assert torch.equal(averaged["bias"], torch.ones(1))
    assert averaged["weight"].dtype == torch.float32


def test_the_mean_of_one_is_bit_equal_to_it(tmp_path):
    weights = torch.randn(100, generator=torch.Generator().manual_seed(1))
    torch.save({"state_dict": {"model.w": weights}}, tmp_path / "one.ckpt")
    assert torch.equal(averaged_weights([tmp_path / "one.ckpt"], prefix="model.")["w"], weights)


def test_without_a_checkpoint_it_says_so():
    with pytest.raises(TrainingError) as error:
        averaged_weights([], prefix="model.")
    assert str(error.value) == "train: no checkpoint to average; was there any validation before the end?"
