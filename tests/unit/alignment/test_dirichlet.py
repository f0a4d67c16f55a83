"""Digamma against its definition and known values; the weights of a few counts."""

import math

import numpy as np
import pytest

from enface.alignment.dirichlet import digamma, variational_weights

EULER = 0.57721566490153286


@pytest.mark.parametrize(
    ("value", "expected"),
    [(1.0, -EULER), (0.5, -EULER - 2 * math.log(2)), (10.0, 2.2517525890667211), (0.01, -100.5608854578687)],
)
def test_digamma_at_known_places(value, expected):
    assert digamma(np.array([value]))[0] == pytest.approx(expected, rel=1e-9)


def test_digamma_is_the_slope_of_the_logarithm_of_gamma():
    places, step = np.array([0.3, 1.7, 5.0, 60.0, 4000.0]), 1e-5
    slopes = [(math.lgamma(place + step) - math.lgamma(place - step)) / (2 * step) for place in places]
    np.testing.assert_allclose(digamma(places), slopes, rtol=1e-6)


def test_weights_by_hand():
    weights = variational_weights(np.array([3.0, 1.0, 2.0]), np.array([0, 0, 1]), prior=0.5)
    psi = digamma(np.array([3.5, 1.5, 5.0, 2.5, 2.5]))
    np.testing.assert_allclose(weights, np.exp([psi[0] - psi[2], psi[1] - psi[2], psi[3] - psi[4]]))


def test_small_counts_weigh_less_than_in_proportion():
    counts = np.array([90.0, 9.0, 1.0])
    weights = variational_weights(counts, np.zeros(3, dtype=np.int64), prior=0.01)
    assert weights.sum() < 1
    assert np.all(np.diff(weights / counts) < 0)


def test_many_counts_weigh_in_proportion():
    counts = np.array([3e6, 1e6])
    np.testing.assert_allclose(
        variational_weights(counts, np.zeros(2, dtype=np.int64), prior=0.01), [0.75, 0.25], rtol=1e-5
    )


def test_nothing_seen_is_next_to_nothing_and_finite():
    weights = variational_weights(np.zeros(2), np.zeros(2, dtype=np.int64), prior=0.01)
    assert np.all(weights > 0)
    assert np.all(weights < 1)
