import pytest
import torch

from enface.model.state import EVERYTHING, append, empty, empty_past, remember, take_rows


def test_rows_of_every_part_are_taken_and_may_repeat():
    state = (torch.arange(3.0).reshape(3, 1), torch.arange(12.0).reshape(3, 2, 1, 2))
    taken = take_rows(state, torch.tensor([2, 0, 0]))
    assert taken[0].tolist() == [[2], [0], [0]]
    assert torch.equal(taken[1], state[1][[2, 0, 0]])


def test_nothing_is_remembered_before_the_first_step():
    assert empty_past(torch.ones(3, 5), heads=2, size=4).shape == (3, 2, 0, 4)


@pytest.mark.parametrize(
    ("keep", "expected"), [(EVERYTHING, [0, 1, 2, 3]), (3, [1, 2, 3]), (1, [3]), (4, [0, 1, 2, 3])]
)
def test_what_is_new_stands_behind_the_past_of_which_the_last_steps_are_kept(keep, expected):
    past = empty_past(torch.ones(2, 1), heads=1, size=1)
    for step in range(4):
        past = remember(past, torch.full((2, 1, 1, 1), float(step)), keep=keep)
    assert past.flatten(1).tolist() == [expected] * 2


@pytest.mark.parametrize("keep", [EVERYTHING, 2])
def test_the_operators_of_exported_graphs_do_the_same(keep):
    past, exported = empty_past(torch.ones(2, 5), heads=3, size=4), empty(torch.ones(2, 5), 3, 4)
    assert torch.equal(exported, past)
    for _ in range(4):
        new = torch.randn(2, 3, 1, 4)
        past, exported = remember(past, new, keep=keep), append(exported, new, keep)
        assert torch.equal(exported, past)


def test_while_exporting_a_state_says_that_it_never_grows():
    """Or `torch.export` would refuse the loop of the search."""
    with torch._subclasses.FakeTensorMode():
        past = empty(torch.ones(2, 5), 3, 4)
        grown = append(past, torch.ones(2, 3, 1, 4), EVERYTHING)
    assert grown.shape == past.shape == (2, 3, past.shape[2], 4)
