import numpy as np
import pytest
import torch

from enface.errors import ParamsError, TrainingError
from enface.judging import learning
from enface.judging.folder import make_classifier
from enface.judging.learning import Learner


def learner(section, tokenizer):
    torch.manual_seed(section.seed)
    sizes = {"vocabulary_size": tokenizer.vocabulary_size, "max_length_tokens": section.max_length_tokens}
    return Learner(make_classifier(section.model, **sizes), tokenizer, section)


def learnt(section, tokenizer, pairs, observe=lambda measures, epoch: None):
    made = learner(section, tokenizer)
    made.learn(pairs[:100], pairs[100:], observe)
    return made.logits(pairs[100:])


def easily_told(pairs, random):
    """In place of the real corruptions, which so small a classifier does not learn in no time."""
    wrong = [(source, "12") for source, _ in pairs]
    return [*pairs, *wrong], np.repeat(np.array([1, 0], np.float32), len(pairs))


def test_the_loss_falls_and_every_epoch_is_observed(section, tokenizer, pairs, monkeypatch):
    monkeypatch.setattr(learning, "mixture", easily_told)
    seen = []
    logits = learnt(section(epochs=8), tokenizer, pairs, lambda measures, epoch: seen.append((epoch, measures)))
    assert [epoch for epoch, _ in seen] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert seen[-1][1].keys() == {"loss", "validation_loss", "validation_accuracy"}
    assert seen[0][1]["loss"] == pytest.approx(np.log(2), abs=0.1)
    assert seen[-1][1]["loss"] < seen[0][1]["loss"] / 2
    assert seen[-1][1]["validation_accuracy"] == 100
    assert (logits > 0).all()


def test_equal_seeds_give_equal_weights_and_others_not(section, tokenizer, pairs):
    one = learnt(section(), tokenizer, pairs)
    assert np.array_equal(learnt(section(), tokenizer, pairs), one)
    assert not np.allclose(learnt(section(seed=2), tokenizer, pairs), one)


def test_batches_hold_every_example_once_and_keep_their_budget(section, tokenizer, pairs):
    made = learner(section(batch_tokens=60), tokenizer)
    examples = made._encoded(pairs, np.random.default_rng(1))
    batches = made._batches(examples)
    assert sorted(np.concatenate(batches).tolist()) == list(range(len(examples.ids)))
    assert all(len(batch) * max(len(examples.ids[index]) for index in batch) <= 60 for batch in batches)
    assert [batch.tolist() for batch in made._batches(examples)] != [batch.tolist() for batch in batches]


def test_without_pairs_it_says_what_is_missing(section, tokenizer, pairs):
    with pytest.raises(TrainingError) as caught:
        learner(section(), tokenizer).learn(pairs, [], lambda measures, epoch: None)
    assert str(caught.value) == "judge: no pair to learn from, or none to validate on; the corpus needs both"


def test_a_loss_that_explodes_ends_it(section, tokenizer, pairs):
    made = learner(section(), tokenizer)
    with torch.no_grad():
        made._model.dense.bias.fill_(float("nan"))
    with pytest.raises(TrainingError) as caught:
        made.learn(pairs[:100], pairs[100:], lambda measures, epoch: None)
    assert str(caught.value) == "judge: the loss is nan; try a lower judge.learning_rate"


def test_wrong_settings_are_named(section):
    with pytest.raises(ParamsError) as caught:
        section(epochs=0, learning_rate=0.0, max_length_tokens=2)
    assert str(caught.value).splitlines() == [
        "params.yaml judge.max_length_tokens: got 2, need >= 8",
        "params.yaml judge.epochs: got 0, need >= 1",
        "params.yaml judge.learning_rate: got 0.0, need > 0.0",
    ]
