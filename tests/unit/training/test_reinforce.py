"""Sampled attention learns what it should: the expected gradient is that of the expected loss, by enumeration."""

import itertools
import math

import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

from enface.model.attention.selections import SampledSelection
from enface.training.fit import fit
from enface.training.reinforce import Reinforce, learns_from_samples
from enface.training.scratch import resume_path
from enface.training.section import ReinforceSection
from enface.training.task import TranslationTask
from tests.unit.model import tiny
from tests.unit.training.made import KillAt, Killed, equal, model, section

SCORES = torch.tensor([[0.3, -0.2, 0.9, -1.0, float("-inf")]])
LOSSES = torch.tensor([4.0, 7.0, 5.0, 6.5, 0.0])  # of the word, by the position that was chosen


def reinforce(*, weight=1.0, entropy_weight=0.0, baseline=0.0):
    made = Reinforce(ReinforceSection(weight=weight, entropy_weight=entropy_weight))
    made.baseline.fill_(baseline)
    return made


def gradient(choices, *, baseline):
    """That of the scores, by one choice for each of N equal words (N, S)."""
    scores = SCORES.clone().requires_grad_()
    losses = LOSSES[choices.argmax(-1)]
    reinforce(baseline=baseline)(losses, scores.expand(len(choices), -1), choices).loss.backward()
    return scores.grad[0]


def true_gradient():
    """That of the expected loss sum_s p(s) loss(s)."""
    scores = SCORES.clone().requires_grad_()
    (torch.softmax(scores, -1) @ LOSSES).sum().backward()
    return scores.grad[0]


@pytest.mark.parametrize("baseline", [0.0, -5.0, 3.0])
def test_over_all_positions_the_expected_gradient_is_the_true_one(baseline):
    shares = torch.softmax(SCORES, -1)[0]
    each = [gradient(choice[None], baseline=baseline) for choice in torch.eye(5)]
    expected = sum(share * found for share, found in zip(shares, each, strict=True))
    torch.testing.assert_close(expected, true_gradient())


def draws(count, *, baseline):
    """The gradients of `count` single choices."""
    torch.manual_seed(1)
    choices = SampledSelection().train()(SCORES.expand(count, -1))
    return torch.stack([gradient(choice[None], baseline=baseline) for choice in choices])


def test_the_mean_over_samples_comes_near_the_true_gradient_and_the_baseline_calms_it():
    plain, calmed = draws(2000, baseline=0.0), draws(2000, baseline=-5.4)
    for drawn in (plain, calmed):
        error = (drawn.mean(0) - true_gradient()).abs()
        assert (error <= 4 * drawn.std(0) / math.sqrt(2000)).all()
    assert calmed.var(0).sum() < plain.var(0).sum() / 10


class Chosen(nn.Module):
    """A selection that takes the positions it is told to."""

    def __init__(self, positions):
        super().__init__()
        self.positions = positions

    def forward(self, scores):
        return one_hot(torch.tensor(self.positions), scores.shape[-1]).to(scores.dtype)[None]


def test_in_the_whole_model_too_as_a_choice_changes_no_word_but_its_own():
    """A sentence of three source and two target tokens: all nine choices, every parameter's gradient."""
    network = tiny.model(selection="reinforce").double()
    source, valid = tiny.source_batch([3])
    target, expected = torch.tensor([[1, 9]]), torch.tensor([9, 2])
    module = reinforce(baseline=-2.0)
    probable_loss, surrogate = torch.zeros(()), torch.zeros(())
    for positions in itertools.product(range(3), repeat=2):
        network.decoder.attention.selection = Chosen(positions)
        decoded = network(source, valid, target)
        losses = cross_entropy(network.logits(decoded.readout[0]), expected, reduction="none")
        share = torch.softmax(decoded.scores[0], -1)[range(2), positions].prod()
        module.baseline.fill_(-2.0)
        explored = module(losses, decoded.scores[0], decoded.weights[0]).loss
        probable_loss = probable_loss + share * losses.mean()
        surrogate = surrogate + share.detach() * (losses.mean() + explored)
    parameters = dict(network.named_parameters())
    true = torch.autograd.grad(probable_loss, list(parameters.values()), retain_graph=True)
    found = torch.autograd.grad(surrogate, list(parameters.values()))
    for name, left, right in zip(parameters, found, true, strict=True):
        torch.testing.assert_close(left, right, rtol=1e-4, atol=1e-7, msg=lambda said, name=name: f"{name}: {said}")
    assert sum(part.abs().sum() for part in true) > 0.01


def test_the_baseline_follows_the_rewards_of_the_batches_before():
    module, choices = reinforce(), torch.eye(5)[:2]
    losses = []
    for _ in range(2):
        losses.append(float(module(torch.tensor([4.0, 6.0]), SCORES.expand(2, -1), choices).loss))
    log_shares = torch.log_softmax(SCORES[0], -1)[:2]
    first, second = -(torch.tensor([-4.0, -6.0]) * log_shares), -(torch.tensor([-3.5, -5.5]) * log_shares)
    assert losses == pytest.approx([float(first.mean()), float(second.mean())])
    assert float(module.baseline) == pytest.approx(0.9 * (0.1 * -5) + 0.1 * -5)


def test_the_entropy_is_that_of_what_is_in_reach_and_its_weight_raises_it():
    even = torch.tensor([[0.0, 0.0, float("-inf"), 0.0]])
    choice = torch.tensor([[1.0, 0.0, 0.0, 0.0]])
    assert float(reinforce()(torch.ones(1), even, choice).entropy) == pytest.approx(math.log(3))
    scores = SCORES.clone().requires_grad_()
    reinforce(weight=0.0, entropy_weight=0.5)(torch.ones(1), scores, torch.eye(5)[:1]).loss.backward()
    before, after = torch.softmax(SCORES, -1), torch.softmax(SCORES - scores.grad.nan_to_num(), -1)
    assert torch.isfinite(scores.grad).all()
    assert after.max() < before.max()


@pytest.mark.parametrize(("selection", "expected"), [("soft", False), ("gumbel", False), ("reinforce", True)])
def test_only_sampled_attention_needs_it(selection, expected):
    network = tiny.model(selection=selection)
    assert learns_from_samples(network) is expected
    assert (TranslationTask(network, section()).reinforce is not None) is expected


def test_it_goes_on_bit_for_bit_with_its_baseline(prepared, tmp_path):
    def train(scratch, *callbacks):
        task = TranslationTask(model(prepared, selection="reinforce"), section())
        fit(task, prepared, scratch=tmp_path / scratch, callbacks=callbacks, log_to=None)
        return task

    whole = train("whole")
    with pytest.raises(Killed):
        train("killed", KillAt("on_train_batch_start", 7))
    kept = torch.load(resume_path(tmp_path / "killed"), weights_only=True)["state_dict"]
    assert float(kept["reinforce.baseline"]) < -1
    resumed = train("killed")
    assert equal(resumed.state_dict(), whole.state_dict())
    assert "reinforce.baseline" in whole.state_dict()


def test_a_batch_without_words_leaves_the_baseline():
    module = reinforce(baseline=-4.0)
    loss = module(torch.zeros(0), SCORES[:0], torch.zeros(0, 5)).loss
    assert (float(loss), float(module.baseline)) == (0.0, -4.0)
