"""The words' loss in parts is that of all words at once, and so is its gradient, in one pass and in two."""

import pytest
import torch
from torch.nn.functional import cross_entropy, kl_div

from enface.training import word_loss as module
from enface.training.word_loss import word_loss
from tests.unit.model import tiny

WORDS, SIZE, ALPHA = 7, 6, 5.0


@pytest.fixture(params=[2, 7, 512])
def part(request, monkeypatch):
    monkeypatch.setattr(module, "WORDS_AT_ONCE", request.param)


def whole(logits, words, smoothing):
    """The losses of all words in each pass, and how far two passes lie apart, by PyTorch's own."""
    rows = logits.flatten(0, 1)
    losses = cross_entropy(rows, words.repeat(len(logits)), label_smoothing=smoothing, reduction="none")
    one, other = logits.log_softmax(-1)[0], logits.log_softmax(-1)[-1]
    both = [
        kl_div(first, second, log_target=True, reduction="none").sum(-1)
        for first, second in ((one, other), (other, one))
    ]
    return losses.view(logits.shape[:2]), (both[0] + both[1]) / 2


@pytest.mark.usefixtures("part")
@pytest.mark.parametrize("passes", [1, 2])
@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_parts_add_up_to_the_whole(smoothing, passes):
    torch.manual_seed(3)
    model = tiny.model(embedding_size=SIZE)
    words = torch.randint(0, model.embedding.num_embeddings, (WORDS,))
    readouts = torch.randn(passes, WORDS, SIZE, requires_grad=True)
    losses, apart = whole(model.logits(readouts), words, smoothing)
    learnt = [readouts, model.embedding.weight, model.output_bias]
    total = losses.sum() + ALPHA * apart.sum()
    expected = torch.autograd.grad(3 * total, learnt)
    found = word_loss(model, readouts, words, label_smoothing=smoothing, r_drop_weight=ALPHA)
    torch.testing.assert_close(found.each.words, losses.detach())
    torch.testing.assert_close(found.each.apart, apart.detach())
    torch.testing.assert_close(found.total, total)
    assert not found.each.words.requires_grad
    for got, need in zip(torch.autograd.grad(3 * found.total, learnt), expected, strict=True):
        torch.testing.assert_close(got, need)


def test_of_no_words_there_is_nothing_to_learn():
    model = tiny.model(embedding_size=SIZE)
    readouts = torch.zeros(1, 0, SIZE, requires_grad=True)
    found = word_loss(model, readouts, torch.zeros(0, dtype=torch.int64), label_smoothing=0.1, r_drop_weight=0.0)
    found.total.backward()
    assert found.total == 0
    assert model.embedding.weight.grad.abs().sum() == 0


@pytest.mark.usefixtures("part")
def test_under_bfloat16_the_scores_are_bfloat16_and_the_loss_of_them_is_float32():
    torch.manual_seed(3)
    model = tiny.model(embedding_size=SIZE)
    words = torch.randint(0, model.embedding.num_embeddings, (WORDS,))
    readouts = torch.randn(1, WORDS, SIZE, requires_grad=True)
    with torch.autocast("cpu", torch.bfloat16):
        found = word_loss(model, readouts, words, label_smoothing=0.1, r_drop_weight=0.0)
        scores = model.logits(readouts)
    assert scores.dtype == torch.bfloat16
    expected = cross_entropy(scores[0].float(), words, label_smoothing=0.1, reduction="none")
    torch.testing.assert_close(found.each.words[0], expected.detach())
    for learnt in (readouts, model.embedding.weight, model.output_bias):
        got, need = (torch.autograd.grad(each, learnt, retain_graph=True)[0] for each in (found.total, expected.sum()))
        assert got.dtype == torch.float32
        assert (got - need).norm() < 0.02 * need.norm()
