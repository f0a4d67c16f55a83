import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enface.alignment.matrix import AlignmentMatrix
from enface.alignment.projection import Projection, tokens_in
from tests.unit.alignment.made import aligned, at_random, seeds


def projection(source, target, links):
    return Projection(aligned(source, target, links).matrix)


def test_a_part_stands_where_the_words_linked_to_it_stand():
    found = projection("the red dog sleeps", "es schläft der rote Hund", [(0, 2), (1, 3), (2, 4), (3, 1)])
    assert found.runs([(0, 3), (3, 4)]) == [(2, 5), (1, 2)]
    assert found.runs([(1, 2), (2, 3)]) == [(3, 4), (4, 5)]
    assert found.runs([(1, 2)], within=(0, 3)) == [None]
    assert found.runs([(1, 2)], barred={3}) == [None]


@pytest.mark.parametrize(
    ("target", "links", "run"),
    [
        ("gibt auf", [(0, 0), (1, 1)], (0, 2)),
        ("gibt es auf", [(0, 0), (1, 2), (2, 1)], (0, 3)),
        ("gibt das Rauchen auf", [(0, 0), (1, 3), (2, 1), (2, 2)], (0, 1)),
        ("gibt ja eben nun auf", [(0, 0), (1, 4)], (0, 5)),  # what comes from nothing costs nothing
        ("das gibt nie", [(2, 0)], None),
    ],
)
def test_a_run_reaches_over_foreign_words_only_if_it_gains_as_much(target, links, run):
    assert projection("gives up it", target, links).runs([(0, 2)]) == [run]


def test_a_run_never_reaches_over_another_parts_word():
    found = projection("a b a b", "x y x x", [(0, 0), (1, 1), (2, 2), (3, 3)])
    assert found.runs([(0, 1), (2, 4)]) == [(0, 1), (2, 4)]
    crossed = projection("a b c", "x y z z", [(0, 0), (1, 1), (0, 2), (0, 3)])
    assert crossed.runs([(0, 1), (1, 2)]) == [(2, 4), (1, 2)]


def test_the_one_token_that_has_most_of_a_part():
    matrix = AlignmentMatrix(np.array([[0.7, 0.3], [0.75, 0.25], [0.9, 0.1]]), np.zeros(3))
    assert Projection(matrix).runs([(1, 2)]) == [None]
    assert Projection(matrix).token((1, 2)) == (0, 1)
    assert Projection(matrix).token((1, 2), barred={0}) == (1, 2)
    assert Projection(matrix).token((1, 2), within=(2, 3)) is None
    assert Projection(matrix).token((1, 2), within=(3, 3)) is None


def test_a_gap_parts_what_comes_from_before_from_what_comes_from_behind():
    found = projection("I have seen the dog", "Ich habe den Hund gesehen", [(0, 0), (1, 1), (2, 4), (3, 2), (4, 3)])
    assert [found.gap(position) for position in range(6)] == [0, 1, 2, 2, 3, 5]
    assert found.gap(4, closed=[(2, 5)]) == 5
    assert found.gap(5, within=(1, 3)) == 3


def test_nothing_comes_from_an_empty_source():
    empty = Projection(AlignmentMatrix(np.zeros((2, 0)), np.ones(2)))
    assert empty.runs([]) == []
    assert empty.gap(0) == 0
    assert Projection(AlignmentMatrix(np.zeros((0, 2)), np.zeros(0))).runs([(0, 2)]) == [None]


@given(seeds, st.integers(0, 8), st.integers(1, 8), st.lists(st.integers(0, 8), min_size=2, max_size=8))
def test_runs_are_apart_and_avoid_what_is_barred(seed, targets, sources, bounds):
    found = Projection(at_random("a " * sources, "b " * targets, seed).matrix)
    bounds = sorted(min(bound, sources) for bound in bounds)
    parts = list(zip(bounds[::2], bounds[1::2], strict=False))
    runs = [run for run in found.runs(parts, barred={2}) if run]
    held = [token for run in runs for token in range(*run)]
    assert len(held) == len(set(held))
    assert 2 not in held
    assert all(0 <= first < last <= targets for first, last in runs)
    assert all(not first < found.gap(bounds[0], closed=runs) < last for first, last in runs)


def test_tokens_with_a_character_in_a_part():
    spans = [(0, 3), (4, 7), (7, 8)]
    assert tokens_in(spans, (0, 8)) == (0, 3)
    assert tokens_in(spans, (2, 5)) == (0, 2)
    assert tokens_in(spans, (3, 4)) == (1, 1)
    assert tokens_in(spans, (8, 9)) == (3, 3)
    assert tokens_in([], (0, 5)) == (0, 0)
