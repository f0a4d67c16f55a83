"""Fertilities against a sum over all sets of words, and what they make of a position for one word more."""

import itertools

import numpy as np
import pytest

from enface.alignment.cells import Cells, Side
from enface.alignment.fertility import Fertilities, fertilities, fertilities_without_each


def by_all_sets(beliefs):
    """The probabilities of 0, 1, 2, and 3 or more."""
    found = np.zeros(4)
    for come in itertools.product((True, False), repeat=len(beliefs)):
        found[min(sum(come), 3)] += np.prod(
            [belief if here else 1 - belief for here, belief in zip(come, beliefs, strict=True)]
        )
    return found


def one_way(*pairs):
    sides = (Side([pair[side].split() for pair in pairs]) for side in (0, 1))
    return Cells(*sides).one_way(given_source=True)


@pytest.mark.parametrize("times", [1, 2, 5])
def test_fertilities_are_those_of_all_sets(times):
    beliefs = np.random.default_rng(times).uniform(0, 1, (times, 1, 1))
    np.testing.assert_allclose(fertilities(beliefs)[:, 0, 0], by_all_sets(beliefs[:, 0, 0]), atol=1e-12)
    without = fertilities_without_each(beliefs)[:, :, 0, 0]
    for each in range(times):
        np.testing.assert_allclose(without[:, each], by_all_sets(np.delete(beliefs[:, 0, 0], each)), atol=1e-12)


def test_certain_words_are_counted():
    beliefs = np.array([1.0, 0.0, 1.0, 0.0])[:, None, None]
    np.testing.assert_allclose(fertilities(beliefs)[:, 0, 0], [0, 0, 1, 0], atol=1e-5)
    np.testing.assert_allclose(fertilities_without_each(beliefs).argmax(axis=0)[:, 0, 0], [1, 2, 1, 2])


def test_probabilities_sum_to_one_and_padding_changes_nothing():
    beliefs = np.random.default_rng(5).uniform(0, 1, (4, 3, 2))
    padded = np.concatenate([beliefs, np.zeros((2, 3, 2))])
    np.testing.assert_allclose(fertilities(beliefs).sum(axis=0), 1)
    np.testing.assert_allclose(fertilities(padded), fertilities(beliefs))
    np.testing.assert_allclose(fertilities_without_each(padded)[:, :4], fertilities_without_each(beliefs))


def factors_of(cells, beliefs):
    """Of the first pair, a group of its own, (T, S)."""
    group = next(group for group in cells.groups if 0 in group.cells)
    row = int(np.argwhere(group.cells == 0)[0][1])
    found = Fertilities.learnt(beliefs, cells).factors(beliefs[group.cells], group.given)
    return found[:, row]


def test_a_word_that_stands_for_one_takes_one_and_no_more():
    cells = one_way(*[("one", "x y")] * 50)
    free, taken = np.tile([0.0, 1.0], 50), np.tile([0.0, 1.0], 50)
    free[:2] = 0.0
    assert factors_of(cells, np.append(free, 0.0))[0, 0] > 10  # n(1) / n(0)
    assert factors_of(cells, np.append(taken, 0.0))[0, 0] < 0.1  # n(2) / n(1)


def test_a_word_that_stands_for_two_takes_a_second():
    cells = one_way(*[("two", "x y")] * 50)
    beliefs = np.ones(101)
    beliefs[[0, -1]] = 0.0
    assert factors_of(cells, beliefs)[0, 0] > 10


def test_a_word_seen_once_is_no_evidence_for_itself():
    cells = one_way(("once", "x y"), *[("else", "x y")] * 20)
    grasping = np.append(np.tile([0.0, 1.0], 21), 0.0)
    grasping[0] = 1.0  # both words come from the one seen once, which none else does
    assert factors_of(cells, grasping)[0, 0] < 0.1


def test_a_new_word_is_taken_for_one_of_its_length():
    long, short = "donaudampfer", "boot"
    cells = one_way(*[(long, "x y")] * 30, *[(short, "x y")] * 30, ("neuedampfers", "x y"), ("neue", "x y"))
    beliefs = np.concatenate([np.ones(60), np.tile([0.0, 1.0], 30), [0.0, 1.0, 0.0, 1.0], [0.0]])
    places = np.array([[60], [61]])
    factors = Fertilities.learnt(beliefs, cells).factors(np.tile([[[0.0]], [[1.0]]], (1, 2, 1)), places)
    assert factors[0, 0, 0] > 2 > 0.5 > factors[0, 1, 0]
