"""The words' loss in parts is that of all words at once, and so is its gradient."""

import pytest
import torch
from torch.nn.functional import cross_entropy

from enface.training import word_loss as module
from enface.training.word_loss import word_loss
from tests.unit.model import tiny

WORDS, SIZE = 7, 6


@pytest.fixture(params=[2, 7, 512])
def part(request, monkeypatch):
    monkeypatch.setattr(module, "_PART", request.param)


@pytest.mark.usefixtures("part")
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_parts_add_up_to_the_whole(smoothing):
    torch.manual_seed(3)
    model = tiny.model(embedding_size=SIZE)
    words = torch.randint(0, model.embedding.num_embeddings, (WORDS,))
    readouts = torch.randn(WORDS, SIZE, requires_grad=True)
    whole = cross_entropy(model.logits(readouts), words, label_smoothing=smoothing, reduction="none")
    learnt = [readouts, model.embedding.weight, model.output_bias]
    expected = torch.autograd.grad(3 * whole.sum(), learnt)
    found = word_loss(model, readouts, words, label_smoothing=smoothing)
    torch.testing.assert_close(found.each, whole.detach())
    torch.testing.assert_close(found.total, whole.sum())
    assert not found.each.requires_grad
    for got, need in zip(torch.autograd.grad(3 * found.total, learnt), expected, strict=True):
        torch.testing.assert_close(got, need)


def test_of_no_words_there_is_nothing_to_learn():
    model = tiny.model(embedding_size=SIZE)
    readouts = torch.zeros(0, SIZE, requires_grad=True)
    found = word_loss(model, readouts, torch.zeros(0, dtype=torch.int64), label_smoothing=0.1)
    found.total.backward()
    assert found.total == 0
    assert model.embedding.weight.grad.abs().sum() == 0
