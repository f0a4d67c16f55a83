import pytest
import torch
from torch.testing import assert_close

from enface.model.dropout import Dropout


@pytest.mark.parametrize("probability", [0.1, 0.3, 0.5])
def test_so_many_are_zeroed_and_the_others_scaled_up(probability):
    found = Dropout(probability).train()(torch.ones(50, 1001))
    assert (found == 0).float().mean().item() == pytest.approx(probability, abs=0.01)
    kept = found[found != 0]
    assert_close(kept, torch.full_like(kept, 1 / (1 - probability)), rtol=0.01, atol=0)
    assert found.mean().item() == pytest.approx(1.0, abs=0.02)


def test_neighbours_are_zeroed_independently():
    zeroed = (Dropout(0.5).train()(torch.ones(100_000)) == 0).float()
    for distance in (1, 6, 7, 8):
        assert (zeroed[distance:] * zeroed[:-distance]).mean().item() == pytest.approx(0.25, abs=0.01)


def test_nothing_happens_outside_training_or_without_a_probability():
    values = torch.randn(3, 5)
    assert Dropout(0.5).eval()(values) is values
    assert Dropout(0.0).train()(values) is values


def test_the_gradient_passes_where_values_did():
    values = torch.ones(1000, requires_grad=True)
    found = Dropout(0.5).train()(values)
    found.sum().backward()
    assert torch.equal(values.grad, found.detach())


def test_the_same_seed_zeroes_the_same_and_any_shape_will_do():
    values = torch.ones(3, 1, 7, 2)
    torch.manual_seed(5)
    one = Dropout(0.4).train()(values)
    torch.manual_seed(5)
    assert torch.equal(Dropout(0.4).train()(values), one)
    assert Dropout(0.4).train()(torch.ones(2, 0)).shape == (2, 0)


def test_even_nearly_all_is_not_all():
    found = Dropout(0.999).train()(torch.ones(100_000))
    assert found.max() == 256
