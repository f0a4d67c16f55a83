"""The model of one direction: its beliefs are probabilities, and a word is linked where it likeliest comes from."""

import numpy as np
import pytest

from enface.alignment.cells import Cells, Side
from enface.alignment.chain import FROM_NONE
from enface.alignment.one_way import OneWay

PAIRS = [("a b c", "x y"), ("a", "x"), ("", "y"), ("b c", "y z z x"), ("c", "z"), ("a b", "")]


def one_way(*, given_source=True):
    return Cells(*(Side([pair[side].split() for pair in PAIRS]) for side in (0, 1))).one_way(given_source=given_source)


def sums(model, cells):
    """Of each generated word with given ones beside it."""
    return [model.beliefs[group.cells].sum(axis=2)[group.valid] for group in cells.groups]


@pytest.mark.parametrize("given_source", [True, False])
def test_beliefs_are_probabilities(given_source):
    cells = one_way(given_source=given_source)
    model = OneWay(cells)
    for in_order in (False, False, True, True):
        model.learn(model.beliefs, in_order=in_order)
        assert np.all(model.beliefs >= 0)
        assert all(np.all(found <= 1 + 1e-9) for found in sums(model, cells))
        assert model.beliefs[-1] == 0


def test_at_first_all_given_words_are_alike():
    cells = one_way()
    model = OneWay(cells)
    np.testing.assert_allclose(model.beliefs[:6], (1 - FROM_NONE) / 3)
    np.testing.assert_allclose(np.concatenate(sums(model, cells)), 1 - FROM_NONE)


def test_words_that_meet_again_are_believed():
    cells = one_way()
    model = OneWay(cells)
    for in_order in (False, True):
        model.learn(model.beliefs, in_order=in_order)
    first = model.beliefs[:6].reshape(2, 3)  # x y from a b c
    assert first[0].argmax() == 0
    assert first[0, 0] > 0.5


def test_links_are_the_likeliest_but_not_where_none_is_likelier():
    model = OneWay(one_way())
    model.beliefs[:] = 0.0
    model.beliefs[0:3] = [0.3, 0.4, 0.1]  # x: none 0.2
    model.beliefs[3:6] = [0.3, 0.2, 0.1]  # y: none 0.4
    assert model.linked().tolist() == [False, True] + [False] * (len(model.beliefs) - 3)
