"""The tables of words by hand, each cell's own share left out."""

import numpy as np
import pytest

from enface.alignment.cells import Cells, Side
from enface.alignment.word_table import WordTable

PRIOR = 0.001


def one_way(*pairs, given_source=True):
    sides = (Side([pair[side].split() for pair in pairs]) for side in (0, 1))
    return Cells(*sides).one_way(given_source=given_source)


def probabilities(cells, shares):
    """Of all cells, and of all generated words from none, as they follow each other in the text."""
    table = WordTable(cells, np.append(shares, 0.0))
    given, none = np.empty(len(cells.entry) + 1), np.empty(len(cells.generated.words) + 1)
    for group in cells.groups:
        given[group.cells], none[group.words] = table.from_given(group), table.from_none(group)
    return given[:-1], none[:-1]


def test_by_hand():
    cells = one_way(("a", "x"), ("a", "x"), ("a", "y"))
    given, none = probabilities(cells, np.array([1.0, 0.5, 0.25]))
    whole = 1.75 + 2 * PRIOR
    expected = [(0.5 + PRIOR) / (whole - 1), (1 + PRIOR) / (whole - 0.5), PRIOR / (whole - 0.25)]
    np.testing.assert_allclose(given, expected)
    whole = 1.25 + 2 * PRIOR
    np.testing.assert_allclose(none, [(0.5 + PRIOR) / whole, PRIOR / (whole - 0.5), PRIOR / (whole - 0.75)])


def test_two_words_that_meet_once_are_no_evidence_for_each_other():
    cells = one_way(("a", "x"), ("b", "y"), ("b", "z"))
    given, _ = probabilities(cells, np.ones(3))
    assert given[0] == pytest.approx(1 / 3)  # a was never seen elsewhere: every word is as likely
    assert given[1] == pytest.approx(PRIOR / (1 + 3 * PRIOR))  # b was, with another word


def test_what_is_not_known_of_words_is_known_of_their_stems():
    cells = one_way(("walking", "spaziert"), ("walkin", "spazieren"), ("walkin", "lacht"))
    given, _ = probabilities(cells, np.array([1.0, 0.0, 0.0]))
    stems = (1 + PRIOR) / (1 + 2 * PRIOR)  # spazi from walki, of which spazieren is one in two
    assert given[1] == pytest.approx((PRIOR + 0.5 * stems) / (3 * PRIOR + 1))
    assert given[2] < 0.01


def test_the_other_direction():
    cells = one_way(("a b", "x"), ("a", "x"), given_source=False)
    given, _ = probabilities(cells, np.array([0.9, 0.1, 0.8]))
    whole = 1.8 + 2 * PRIOR
    np.testing.assert_allclose(
        given, [(0.8 + PRIOR) / (whole - 0.9), PRIOR / (whole - 0.1), (0.9 + PRIOR) / (whole - 0.8)]
    )


def test_probabilities_of_a_given_word_sum_to_one_but_for_what_is_left_out():
    cells = one_way(("a", "x y z"))
    given, none = probabilities(cells, np.zeros(3))
    assert given.sum() == pytest.approx(1)
    assert np.all(none > 0)
