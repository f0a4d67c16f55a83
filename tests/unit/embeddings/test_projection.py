import numpy as np
import pytest

from enface.embeddings.projection import project

VECTORS = np.random.default_rng(5).normal(size=(40, 6)) * [5, 3, 1, 0.5, 0.2, 0.1] + 7


def test_the_axes_are_the_eigenvectors_of_the_covariance():
    found = project(VECTORS)
    values, axes = np.linalg.eigh(np.cov(VECTORS.T))
    wanted = (VECTORS - VECTORS.mean(axis=0)) @ axes[:, [-1, -2]]
    assert np.abs(found.points) == pytest.approx(np.abs(wanted))
    assert found.shares == pytest.approx((values[-1] / values.sum(), values[-2] / values.sum()))


def test_the_farthest_point_of_each_axis_is_positive_whatever_the_signs():
    points = project(VECTORS).points
    assert project(-VECTORS).points == pytest.approx(points * [1, 1])
    farthest = points[np.abs(points).argmax(axis=0), [0, 1]]
    assert (farthest > 0).all()


def test_vectors_that_are_all_the_same_are_one_point():
    found = project(np.ones((3, 4)))
    assert found.points == pytest.approx(np.zeros((3, 2)))
    assert found.shares == (0.0, 0.0)
