"""Shares of several devices against the one mean over all their words."""

import pytest
import torch

from enface.training.together import Term, joined

NOTHING = Term("b", 0.5, torch.tensor(0.0), torch.tensor(0))


def test_alone_it_is_the_weighted_sum_of_the_means():
    terms = [Term("a", 1.0, torch.tensor(2.0), 7), Term("b", 0.5, torch.tensor(3.0), torch.tensor(2))]
    whole = joined(terms, devices=1)
    assert float(whole.loss) == 3.5
    assert {name: float(mean) for name, mean in whole.means.items()} == {"a": 2.0, "b": 3.0}


def test_of_two_devices_each_counts_by_its_words(monkeypatch):
    """Means 2 of 3 words and 6 of 1 word, and nothing on either side of another term."""

    def all_reduce(sums_and_counts):
        sums_and_counts.copy_(torch.tensor([[2.0 * 3 + 6.0 * 1, 0.0], [3.0 + 1.0, 0.0]]))

    monkeypatch.setattr(torch.distributed, "all_reduce", all_reduce)
    mean = torch.tensor(2.0, requires_grad=True)
    here = joined([Term("a", 1.0, mean, 3), NOTHING], devices=2)
    there = joined([Term("a", 1.0, torch.tensor(6.0), 1), NOTHING], devices=2)
    assert float(here.means["a"]) == float(there.means["a"]) == 3.0
    assert float(here.means["b"]) == 0.0
    assert float(here.loss.detach() + there.loss) / 2 == pytest.approx(3.0)
    here.loss.backward()
    assert float(mean.grad) / 2 == pytest.approx(3 / 4)  # as DistributedDataParallel takes the mean of both
