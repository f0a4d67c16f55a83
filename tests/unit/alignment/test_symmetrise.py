"""Two alignments into one."""

from hypothesis import given
from hypothesis import strategies as st

from enface.alignment.symmetrise import grow_diag_final_and, intersection, union

alignments = st.sets(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)


def test_intersection_and_union():
    forward, backward = {(0, 0), (1, 1)}, {(0, 0), (2, 1)}
    assert intersection(forward, backward) == {(0, 0)}
    assert union(forward, backward) == {(0, 0), (1, 1), (2, 1)}


def test_grow_diag_final_and_on_a_case_worked_by_hand():
    # Intersection: 0-0 and 1-1. Grown from 1-1: 2-2 (diagonal; both words free), then from 2-2: 2-3 (target 3 free).
    # 0-1 is beside 0-0, but source 0 and target 1 are both linked by then: never added.
    # Final, of the forward links: 5-6 has two free words and no neighbour: added. 4-6 (backward) then finds target 6
    # taken, and is left out because 'and' asks for both words to be free.
    forward = {(0, 0), (1, 1), (2, 2), (5, 6)}
    backward = {(0, 0), (1, 1), (0, 1), (2, 3), (4, 6)}
    assert grow_diag_final_and(forward, backward) == {(0, 0), (1, 1), (2, 2), (2, 3), (5, 6)}


def test_growing_goes_on_from_points_that_were_just_added():
    # From 1-2 backwards: 0-1 is found from it, and only from 0-1, on the next pass over earlier points, 0-0.
    forward, backward = {(1, 2)}, {(1, 2), (0, 1), (0, 0)}
    assert grow_diag_final_and(forward, backward) == {(1, 2), (0, 1), (0, 0)}


@given(alignments, alignments)
def test_the_result_lies_between_intersection_and_union(forward, backward):
    links = grow_diag_final_and(forward, backward)
    assert intersection(forward, backward) <= links <= union(forward, backward)


@given(alignments)
def test_two_equal_alignments_stay_as_they_are(links):
    assert grow_diag_final_and(links, links) == links
