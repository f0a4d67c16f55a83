import pytest
import torch

from enface.model.state import (
    EVERYTHING,
    State,
    append,
    empty,
    empty_past,
    fill,
    filled,
    put_some,
    put_unmarked,
    remember,
    take,
    take_hypotheses,
    take_some,
    take_unmarked,
)


def test_what_hypotheses_own_moves_with_them_and_what_they_share_stays():
    own, shared = torch.arange(12.0).reshape(2, 3, 2), torch.arange(4.0).reshape(2, 2)
    moved = State((own, own[:, :, 0]), (shared,)).of(torch.tensor([[2, 0, 0, 1], [1, 1, 2, 0]]))
    expected = torch.stack([own[0, [2, 0, 0, 1]], own[1, [1, 1, 2, 0]]])
    assert torch.equal(moved.own[0], expected)
    assert torch.equal(moved.own[1], expected[:, :, 0])
    assert moved.shared[0] is shared


@pytest.mark.parametrize("sizes", [(2, 0, 4), (1, 0)])
def test_nothing_is_remembered_before_the_first_step(sizes):
    for numbers in (torch.float32, torch.int64):
        past = empty_past(torch.ones(3, 5, dtype=numbers), sizes)
        assert (past.shape, past.dtype) == ((3, *sizes), numbers)


@pytest.mark.parametrize(
    ("keep", "expected"), [(EVERYTHING, [0, 1, 2, 3]), (3, [1, 2, 3]), (1, [3]), (4, [0, 1, 2, 3])]
)
def test_what_is_new_stands_behind_the_past_of_which_the_last_places_are_kept(keep, expected):
    past = empty_past(torch.ones(2, 1), (1, 0, 1))
    for step in range(4):
        past = remember(past, torch.full((2, 1, 1, 1), float(step)), keep=keep)
    assert past.flatten(1).tolist() == [expected] * 2


def test_a_past_is_filled_to_a_length():
    assert filled(torch.ones(1, 2, 2, dtype=torch.int64), 4, 7).tolist() == [[[1, 1, 7, 7]] * 2]
    assert filled(torch.ones(1, 1, 2, 2), 3, 0).tolist() == [[[[1, 1], [1, 1], [0, 0]]]]
    assert filled(torch.ones(1, 1, 3), 3, 0).tolist() == [[[1, 1, 1]]]


@pytest.mark.parametrize("keep", [EVERYTHING, 2])
def test_the_operators_of_exported_graphs_do_the_same(keep):
    past, exported = empty_past(torch.ones(2, 5), (3, 0, 4)), empty(torch.ones(2, 5), [3, 0, 4])
    assert torch.equal(exported, past)
    for _ in range(4):
        new = torch.randn(2, 3, 1, 4)
        past, exported = remember(past, new, keep=keep), append(exported, new, keep)
        assert torch.equal(exported, past)
    assert torch.equal(fill(past, 6, 3), filled(past, 6, 3))
    places = torch.tensor([[2, 0], [1, 1]])
    assert torch.equal(take(past, places), take_hypotheses(past, places))


@pytest.mark.parametrize(("taken", "put"), [(take_unmarked, put_unmarked), (take_some, put_some)])
def test_what_is_not_marked_is_taken_and_put_back(taken, put):
    values, marked = torch.arange(12).reshape(2, 3, 2), torch.tensor([[False, True, True], [True, False, False]])
    rows = taken(values, marked)
    assert rows.tolist() == [[0, 1], [8, 9], [10, 11]]
    assert put(-values, marked, rows).tolist() == [[[0, 1], [-2, -3], [-4, -5]], [[-6, -7], [8, 9], [10, 11]]]
    assert taken(values[:, :, 0], marked).tolist() == [0, 8, 10]


def test_while_exporting_a_state_says_that_it_never_grows():
    """Or `torch.export` would refuse the loop of the search."""
    with torch._subclasses.FakeTensorMode():
        past = empty(torch.ones(2, 5), [3, 0, 4])
        grown = append(past, torch.ones(2, 3, 1, 4), EVERYTHING)
        moved = take(past, torch.zeros(2, 5, dtype=torch.int64))
        whole = fill(past, 9, 0)
        marked = torch.ones(2, 3, dtype=torch.bool)
        rows = take_some(torch.ones(2, 3, 4), marked)
        put = put_some(torch.ones(2, 3, 4), marked, rows)
    assert grown.shape == past.shape == (2, 3, past.shape[2], 4)
    assert moved.shape == (2, 5, past.shape[2], 4)
    assert whole.shape == (2, 3, 9, 4)
    assert (rows.shape, put.shape) == ((6, 4), (2, 3, 4))
