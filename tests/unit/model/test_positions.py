import numpy as np
import pytest
import torch
from torch.testing import assert_close

from enface.model.positions import RotaryPositions, SinusoidalPositions

SIZE = 8


def test_sinusoidal_positions_are_the_papers_formula():
    found = SinusoidalPositions(SIZE).double()(torch.arange(10)).numpy()
    for position in range(10):
        for i in range(SIZE // 2):
            angle = position / 10_000 ** (2 * i / SIZE)
            expected = [np.sin(angle), np.cos(angle)]
            np.testing.assert_allclose(found[position, 2 * i : 2 * i + 2], expected, rtol=0, atol=1e-6)


def test_sinusoidal_positions_hold_far_away_too():
    found = SinusoidalPositions(SIZE)(torch.tensor([700])).numpy()[0]
    angles = 700 / 10_000 ** (np.arange(0, SIZE, 2) / SIZE)
    np.testing.assert_allclose(found, np.stack([np.sin(angles), np.cos(angles)], -1).ravel(), rtol=0, atol=1e-4)


def test_rotary_positions_turn_pairs_as_complex_numbers():
    vectors, positions = torch.randn(2, 5, SIZE, dtype=torch.float64), torch.tensor([0, 1, 2, 5, 9])
    found = RotaryPositions(SIZE).double()(vectors, positions).numpy()
    pairs = vectors.numpy()[..., : SIZE // 2] + 1j * vectors.numpy()[..., SIZE // 2 :]
    turned = pairs * np.exp(1j * np.outer(positions.numpy(), 10_000.0 ** (-np.arange(0, SIZE, 2) / SIZE)))
    expected = np.concatenate([turned.real, turned.imag], -1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("distance", [0, 1, 7])
def test_the_product_of_turned_vectors_depends_on_their_distance_alone(distance):
    rotary, (query, key) = RotaryPositions(SIZE).double(), torch.randn(2, 1, SIZE, dtype=torch.float64)
    products = [
        (rotary(query, torch.tensor([place + distance])) * rotary(key, torch.tensor([place]))).sum()
        for place in (0, 3, 50)
    ]
    assert_close(products, [products[0]] * 3, rtol=0, atol=1e-6)
    others = (rotary(query, torch.tensor([distance + 4])) * rotary(key, torch.tensor([1]))).sum()
    assert not torch.isclose(others, products[0], rtol=0, atol=1e-3)


def test_nothing_is_turned_at_the_beginning_and_nothing_grows():
    vectors = torch.randn(3, 4, SIZE)
    turned = RotaryPositions(SIZE)(vectors, torch.arange(4))
    assert torch.equal(turned[:, 0], vectors[:, 0])
    assert_close(turned.norm(dim=-1), vectors.norm(dim=-1))


def test_positions_are_no_parameters():
    assert not SinusoidalPositions(SIZE).state_dict()
    assert not RotaryPositions(SIZE).state_dict()
