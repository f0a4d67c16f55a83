import pytest
import torch

from enface.training.coverage import coverage_penalty

VALID = torch.tensor([[True, True, False]])


def test_it_is_nothing_where_each_source_word_is_looked_at_once():
    weights = torch.tensor([[[0.25, 0.75, 0.0], [0.75, 0.25, 0.0]]])
    assert float(coverage_penalty(weights, VALID, torch.tensor([[True, True]]))) == pytest.approx(0.0)


def test_it_counts_real_words_of_both_sides_alone():
    """The first source word gets 0.9 of attention, the second 0.1; what padding gives and gets does not count."""
    weights = torch.tensor([[[0.9, 0.1, 0.0], [0.5, 0.5, 0.0]]])
    penalty = coverage_penalty(weights, VALID, torch.tensor([[True, False]]))
    assert float(penalty) == pytest.approx((0.1**2 + 0.9**2) / 2)


def test_its_gradient_draws_attention_to_the_word_passed_by():
    weights = torch.tensor([[[0.9, 0.1, 0.0]]], requires_grad=True)
    coverage_penalty(weights, VALID, torch.tensor([[True]])).backward()
    assert weights.grad is not None
    first, second, padding = weights.grad[0, 0].tolist()
    assert second < first < 0 == padding
