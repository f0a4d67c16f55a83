import torch

from enface.decoding.loop import loop_while


def test_the_body_runs_for_as_long_as_the_condition_holds():
    start = (torch.tensor(1), torch.tensor(0))
    doubled, times = loop_while(lambda value, _: value < 100, lambda value, times: (2 * value, times + 1), start)
    assert (doubled.item(), times.item()) == (128, 7)


def test_nothing_runs_where_it_never_holds():
    assert loop_while(lambda value: value > 1, lambda value: (value * 0,), (torch.tensor(1),))[0].item() == 1
