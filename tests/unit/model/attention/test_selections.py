import numpy as np
import pytest
import torch

from enface.model.attention.selections import GumbelSelection, SampledSelection, SoftSelection

HARD = {"gumbel": GumbelSelection, "reinforce": SampledSelection}
OUTSIDE = float("-inf")
SCORES = torch.tensor([[[0.3, -1.0, OUTSIDE, 1.2], [OUTSIDE, 0.0, OUTSIDE, OUTSIDE], [2.0, 2.5, 2.5, OUTSIDE]]])
CHI_SQUARE = 13.8  # of two degrees of freedom, exceeded once in a thousand times


@pytest.fixture(params=HARD)
def hard(request):
    return HARD[request.param]()


def softmax(scores):
    powers = np.exp(scores)
    return powers / powers.sum(-1, keepdims=True)


def test_soft_is_the_softmax_of_the_window():
    scores = SCORES.double()
    found = SoftSelection()(scores)
    np.testing.assert_allclose(found.numpy(), softmax(scores.numpy()), rtol=0, atol=1e-6)
    assert (found[scores == OUTSIDE] == 0).all()


def test_hard_takes_the_best_at_test_and_the_first_of_several(hard):
    weights = hard.eval()(SCORES)
    assert weights.tolist() == [[[0, 0, 0, 1], [0, 1, 0, 0], [0, 1, 0, 0]]]


def test_hard_is_one_position_in_training_too(hard):
    weights = hard.train()(SCORES.expand(1000, -1, -1))
    assert ((weights == 0) | (weights == 1)).all()
    assert (weights.sum(-1) == 1).all()
    assert (weights[(SCORES == OUTSIDE).expand(1000, -1, -1)] == 0).all()


def test_in_training_positions_come_as_often_as_the_softmax_says(hard):
    count = 5000
    found = hard.train()(SCORES.expand(count, -1, -1)).sum(0).double().numpy()
    expected = count * softmax(SCORES[0].double().numpy())
    inside = expected > 0
    assert (found[~inside] == 0).all()
    terms = np.where(inside, (found - expected) ** 2 / np.where(inside, expected, 1), 0)
    assert (terms.sum(-1) < CHI_SQUARE).all()


def test_queries_are_sampled_one_by_one(hard):
    chosen = hard.train()(torch.zeros(200, 2, 4)).argmax(-1)
    assert 0.1 < (chosen[:, 0] == chosen[:, 1]).float().mean() < 0.4


def test_gumbels_gradient_is_that_of_the_softmax_of_the_perturbed_scores():
    scores, towards = SCORES.double().requires_grad_(), torch.randn(1, 3, 4, dtype=torch.float64)
    torch.manual_seed(3)
    (GumbelSelection().train()(scores) * towards).sum().backward()
    torch.manual_seed(3)
    noise = -np.log(torch.empty(1, 3, 4, dtype=torch.float64).exponential_().numpy())
    p = softmax(SCORES.double().numpy() + noise)
    g = towards.numpy()
    np.testing.assert_allclose(scores.grad.numpy(), p * (g - (p * g).sum(-1, keepdims=True)), rtol=0, atol=1e-6)


def test_no_gradient_passes_a_sample():
    scores = SCORES.clone().requires_grad_()
    assert not SampledSelection().train()(scores).requires_grad
