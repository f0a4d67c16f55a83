import itertools

import numpy as np
import pytest

from enface.judging.calibration import Bin, measure, platt_scaling, sigmoid


def test_a_hand_worked_case():
    right, wrong = np.array([0.95, 0.9, 0.4]), np.array([0.05, 0.4, 0.92])
    found = measure(right, wrong)
    assert (found.pairs, found.kept, found.found) == (6, pytest.approx(200 / 3), pytest.approx(200 / 3))
    assert found.accuracy == pytest.approx(400 / 6)
    assert found.auc == pytest.approx((3 + 2 + 1.5) / 9)  # 0.95 beats all three, 0.9 two, 0.4 one and a tie
    assert found.bins == [
        Bin(0.0, 0.1, 1, 0.05, 0.0),
        Bin(0.4, 0.5, 2, pytest.approx(0.4), 0.5),
        Bin(0.9, 1.0, 3, pytest.approx(2.77 / 3), pytest.approx(2 / 3)),
    ]
    gaps = 1 * 0.05 + 2 * 0.1 + 3 * (2.77 / 3 - 2 / 3)
    assert found.expected_calibration_error == pytest.approx(gaps / 6)


def test_auc_is_the_part_of_pairs_in_the_right_order():
    random = np.random.default_rng(1)
    right, wrong = random.integers(0, 10, 30) / 10, random.integers(0, 8, 40) / 10
    counted = np.mean([(r > w) + (r == w) / 2 for r, w in itertools.product(right, wrong)])
    assert measure(right, wrong).auc == pytest.approx(counted)


def test_a_perfect_judge():
    found = measure(np.ones(4), np.zeros(4))
    assert (found.accuracy, found.auc, found.expected_calibration_error) == (100, 1, 0)
    assert [(b.low, b.high) for b in found.bins] == [(0.0, 0.1), (0.9, 1.0)]


def test_probabilities_that_come_true_are_calibrated():
    random = np.random.default_rng(1)
    probabilities = random.random(200_000)
    labels = random.random(200_000) < probabilities
    assert measure(probabilities[labels], probabilities[~labels]).expected_calibration_error < 0.005


def test_platt_scaling_finds_what_was_done_to_the_logits():
    random = np.random.default_rng(1)
    true = random.normal(0, 2, 100_000)
    labels = (random.random(100_000) < sigmoid(true)).astype(np.float32)
    slope, intercept = platt_scaling((true - 0.7) / 2.5, labels)
    assert (slope, intercept) == (pytest.approx(2.5, rel=0.03), pytest.approx(0.7, abs=0.03))


def test_platt_scaling_lessens_the_error_of_overconfidence():
    random = np.random.default_rng(2)
    true = random.normal(0, 2, 20_000)
    labels = (random.random(20_000) < sigmoid(true)).astype(np.float32)
    bad = 4 * true + 1
    slope, intercept = platt_scaling(bad[:10_000], labels[:10_000])
    errors = [
        measure(p[labels[10_000:] > 0], p[labels[10_000:] == 0]).expected_calibration_error
        for p in (sigmoid(bad[10_000:]), sigmoid(slope * bad[10_000:] + intercept))
    ]
    assert errors[1] < 0.02 < 0.1 < errors[0]


def test_platt_scaling_ends_where_a_threshold_parts_the_classes():
    logits, labels = np.array([-60.0, -50.0, 40.0, 55.0]), np.array([0, 0, 1, 1], np.float32)
    slope, intercept = platt_scaling(logits, labels)
    assert np.isfinite([slope, intercept]).all()
    assert slope > 0
    assert 0.6 < sigmoid(slope * logits + intercept)[2:].min() < 0.9


def test_the_sigmoid_of_large_numbers():
    np.testing.assert_allclose(sigmoid(np.array([-1e4, 0.0, 1e4])), [0, 0.5, 1])
