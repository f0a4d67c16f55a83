import numpy as np
from numpy.testing import assert_allclose

from enface.explaining.strips import CELLS, strips


def some(count, size, seed=1):
    return np.random.default_rng(seed).normal(size=(count, size))


def test_the_strip_of_a_mixture_is_the_mixture_of_the_strips():
    values, weights = some(12, 30), np.random.default_rng(2).dirichlet(np.ones(12), size=5)
    of_values, of_contexts = strips(values, weights @ values)
    assert_allclose(of_contexts, weights @ of_values, atol=1e-12)
    assert of_values.shape == (12, CELLS)


def test_each_cell_reaches_from_minus_one_to_one_and_its_farthest_value_is_one():
    of_values, _ = strips(some(12, 30), some(2, 30))
    assert_allclose(of_values.max(axis=0), 1.0)
    assert of_values.min() >= -1.0


def test_the_cells_are_the_directions_of_most_difference_in_order():
    spread = some(40, 3) * [1.0, 9.0, 3.0]
    of_values, _ = strips(spread, spread[:1])
    for cell, axis in enumerate((1, 2, 0)):
        assert abs(np.corrcoef(of_values[:, cell], spread[:, axis])[0, 1]) > 0.95


def test_cells_without_a_direction_are_zero():
    of_values, of_contexts = strips(some(3, 30), some(4, 30))
    assert (of_values[:, 2:] == 0).all()
    assert (of_contexts[:, 2:] == 0).all()
    for values in (np.ones((5, 4)), np.ones((1, 4))):
        assert (strips(values, some(2, 4))[0] == 0).all()


def test_contexts_out_of_range_are_cut_off():
    values = some(6, 9)
    assert_allclose(np.abs(strips(values, 1e6 * some(1, 9, seed=3))[1][:, :5]), 1.0)
