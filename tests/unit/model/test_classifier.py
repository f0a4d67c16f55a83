import numpy as np
import pytest
import torch
from torch.testing import assert_close

from enface.model.classifier import SelfAttentiveClassifier, SigmoidScore, make_self_attention
from enface.model.recurrent import reversal_of

VOCABULARY_SIZE, HIDDEN = 20, 5


def classifier(activation="sigmoid", window="global", radius=1, positions=None):
    attention = make_self_attention(activation, window, state_size=2 * HIDDEN, size=4, radius=radius)
    sizes = {"embedding_size": 6, "hidden_size": HIDDEN, "positions": positions}
    made = SelfAttentiveClassifier(attention, VOCABULARY_SIZE, dropout=0.5, **sizes)
    with torch.no_grad():
        for parameter in made.parameters():
            parameter.mul_(3.0)
    return made.double().eval()


def batch(lengths, *, width=None):
    valid = torch.arange(width or max(lengths)) < torch.tensor(lengths).unsqueeze(1)
    return torch.randint(1, VOCABULARY_SIZE, valid.shape).masked_fill(~valid, 0), valid


def by_hand(model, tokens):
    """The classifier of one sequence without padding, by the formulas, after the LSTM."""
    valid = torch.ones(1, len(tokens), dtype=torch.bool)
    embedded = model.embedding(torch.tensor([tokens]))
    states = model.recurrent(embedded, reversal_of(valid))[0].detach().numpy()
    score = model.attention.score
    w, u, b = (t.detach().numpy() for t in (score.query.weight, score.key.weight, score.key.bias))
    hidden = np.tanh((states @ w.T)[:, None] + (states @ u.T + b)[None, :])
    e = (hidden @ score.energy.weight.detach().numpy().T)[..., 0]
    if isinstance(score, SigmoidScore):
        e = 1 / (1 + np.exp(-(e + score.energy.bias.item())))
    weights = np.exp(e) / np.exp(e).sum(axis=1, keepdims=True)
    dense, contexts = model.dense.weight.detach().numpy()[0], weights @ states
    if model.positions is None:
        pooled = contexts.mean(axis=0)
    else:
        pooled = np.pad(contexts, ((0, model.positions - len(tokens)), (0, 0))).flatten()
    return pooled @ dense + model.dense.bias.item(), weights


@pytest.mark.parametrize("positions", [None, 6, 9])
@pytest.mark.parametrize("activation", ["sigmoid", "none"])
def test_it_equals_the_formulas(activation, positions):
    model = classifier(activation, positions=positions)
    tokens = [3, 17, 2, 9, 5, 5]
    found = model(torch.tensor([tokens]), torch.ones(1, 6, dtype=torch.bool))
    logit, weights = by_hand(model, tokens)
    np.testing.assert_allclose(found.logits.detach().numpy(), [logit], atol=1e-10)
    np.testing.assert_allclose(found.weights[0].detach().numpy(), weights, atol=1e-10)


@pytest.mark.parametrize("positions", [None, 12])
@pytest.mark.parametrize("window", ["global", "local"])
def test_padding_and_neighbours_change_nothing(window, positions):
    model = classifier(window=window, positions=positions)
    tokens, valid = batch([4, 7, 1])
    padded = model(torch.nn.functional.pad(tokens, (0, 3)), torch.nn.functional.pad(valid, (0, 3)))
    found = model(tokens, valid)
    assert_close(padded.logits, found.logits)
    for row, length in enumerate([4, 7, 1]):
        alone = model(tokens[row : row + 1, :length], valid[row : row + 1, :length])
        assert_close(alone.logits, found.logits[row : row + 1])
        assert_close(alone.weights[0], found.weights[row, :length, :length])


def test_weights_sum_to_1_and_are_0_on_padding_and_outside_of_the_window():
    tokens, valid = batch([4, 7])
    weights = classifier(window="local", radius=2)(tokens, valid).weights
    assert_close(weights.sum(dim=-1), torch.ones(2, 7, dtype=torch.float64))
    assert (weights[0, :, 4:] == 0).all()
    far = (torch.arange(7)[:, None] - torch.arange(7)).abs() > 2
    assert (weights[1][far] == 0).all()
    assert (weights[1][~far] > 0).all()


def test_with_the_sigmoid_no_weight_is_more_than_e_times_another():
    model, (tokens, valid) = classifier(), batch([9])
    with torch.no_grad():
        model.attention.score.energy.weight.mul_(50.0)
    weights = model(tokens, valid).weights
    ratio = weights.amax(dim=-1) / weights.amin(dim=-1)
    assert 1 < ratio.max() <= torch.e


def test_calibration_stretches_and_moves_the_logits():
    model, (tokens, valid) = classifier(), batch([4, 7])
    before = model(tokens, valid).logits
    model.calibrate(0.5, -1.0)
    assert_close(model(tokens, valid).logits, 0.5 * before - 1.0)


def test_dropout_is_for_training_alone():
    model, (tokens, valid) = classifier(), batch([4, 7])
    assert torch.equal(model(tokens, valid).logits, model(tokens, valid).logits)
    model.train()
    assert not torch.equal(model(tokens, valid).logits, model(tokens, valid).logits)


def test_the_order_of_the_tokens_counts():
    model = classifier()
    valid = torch.ones(1, 3, dtype=torch.bool)
    one, other = (model(torch.tensor([ids]), valid).logits for ids in ([3, 4, 5], [5, 4, 3]))
    assert (one - other).abs() > 1e-4
