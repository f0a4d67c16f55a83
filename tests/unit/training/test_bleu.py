"""Validation BLEU and maps, of hypotheses made by hand and of a real search."""

from types import SimpleNamespace

import numpy as np
import pytest
import sacrebleu
import torch

from enface.data.tokenizer import EOS, PAD, UNK
from enface.decoding.beam import Hypotheses
from enface.training import bleu as bleu_module
from enface.training.bleu import ValidationBleu
from enface.training.task import TranslationTask
from tests.unit.training.made import model, section, trained


class Recorder:
    """A task and a trainer in one, as far as the callback uses them, and what it told them."""

    def __init__(self, prepared) -> None:
        self.logged, self.observed = [], []
        self.task = TranslationTask(model(prepared), section())
        self.task.log = lambda name, value, **_: self.logged.append((name, value))
        self.split = prepared.split("validation")
        self.tokenizer = prepared.tokenizer

    def callback(self, *, every=1, sentences=6, maps=2):
        return ValidationBleu(
            self.split,
            self.tokenizer,
            every_epochs=every,
            sentences=sentences,
            maps=maps,
            observe=lambda epoch, examples: self.observed.append((epoch, examples)),
        )

    def validate(self, callback, epoch, **changes):
        strategy = SimpleNamespace(broadcast=lambda value: value)
        parts = {"sanity_checking": False, "is_global_zero": True, "current_epoch": epoch, "strategy": strategy}
        trainer = SimpleNamespace(**{**parts, **changes})
        callback.on_validation_epoch_end(trainer, self.task)


@pytest.fixture
def recorder(prepared):
    return Recorder(prepared)


def answering(recorder, answers):
    """A search that answers with the text that `answers` has for the source, looking everywhere equally."""

    def search(_, source, *, beam_size, max_length, alpha):
        assert (beam_size, alpha) == (1, 0.0)
        rows = []
        for row in source.tolist():
            text = answers[recorder.tokenizer.decode(row).text]
            rows.append([*recorder.tokenizer.encode(text).ids, EOS])
        lengths = torch.tensor([[len(row)] for row in rows])
        longest = int(lengths.max())
        assert longest <= max_length
        tokens = torch.tensor([[row + [PAD] * (longest - len(row))] for row in rows])
        valid = (source != PAD).float()
        attention = (valid / valid.sum(1, keepdim=True))[:, None, None, :].expand(-1, 1, longest, -1)
        return Hypotheses(
            tokens=tokens,
            scores=torch.zeros(len(rows), 1),
            lengths=lengths,
            attention=attention,
            token_log_probabilities=torch.zeros(tokens.shape),
        )

    return search


def test_it_is_sacrebleu_of_the_first_sentences_in_their_order(recorder, monkeypatch):
    sources, references = recorder.split.source_sentences()[:6], recorder.split.target_sentences()[:6]
    hypotheses = [references[0], *(" ".join(text.split()[:-1]) for text in references[1:])]
    answers = dict(zip(sources, hypotheses, strict=True))
    monkeypatch.setattr(bleu_module, "search", answering(recorder, answers))
    recorder.validate(recorder.callback(), 0)
    expected = sacrebleu.corpus_bleu(hypotheses, [references]).score
    assert 0 < expected < 100
    assert recorder.logged == [("validation/bleu", pytest.approx(expected))]
    ((epoch, examples),) = recorder.observed
    assert epoch == 0
    assert [example.number for example in examples] == [0, 1]
    for example, source, hypothesis in zip(examples, sources, hypotheses, strict=False):
        assert (example.source, example.target) == (source.split(), hypothesis.split())
        assert example.matrix.weights.shape == (len(example.target), len(example.source))
        np.testing.assert_allclose(example.matrix.weights.sum(1), 1.0, rtol=1e-6)


def test_it_is_measured_every_few_epochs_and_not_before_training(recorder, monkeypatch):
    answers = dict(zip(recorder.split.source_sentences(), recorder.split.target_sentences(), strict=True))
    monkeypatch.setattr(bleu_module, "search", answering(recorder, answers))
    callback = recorder.callback(every=3)
    recorder.validate(callback, 2, sanity_checking=True)
    for epoch in range(6):
        recorder.validate(callback, epoch)
    assert [epoch for epoch, _ in recorder.observed] == [2, 5]
    assert recorder.logged == [("validation/bleu", pytest.approx(100.0))] * 2


def test_the_other_devices_take_the_figure_of_the_first(recorder, monkeypatch):
    monkeypatch.setattr(bleu_module, "search", lambda *_, **__: pytest.fail("translated"))
    strategy = SimpleNamespace(broadcast=lambda _: 42.0)
    recorder.validate(recorder.callback(), 0, is_global_zero=False, strategy=strategy)
    assert recorder.logged == [("validation/bleu", 42.0)]
    assert recorder.observed == []


def test_more_sentences_than_there_are_is_all_of_them_and_no_maps_is_none(recorder, monkeypatch):
    answers = dict(zip(recorder.split.source_sentences(), recorder.split.target_sentences(), strict=True))
    monkeypatch.setattr(bleu_module, "search", answering(recorder, answers))
    recorder.validate(recorder.callback(sentences=1000, maps=0), 0)
    assert recorder.logged == [("validation/bleu", pytest.approx(100.0))]
    assert recorder.observed == [(0, [])]


def test_a_token_that_reads_as_nothing_does_not_move_the_rows_of_the_others(recorder, monkeypatch):
    def copying(_, source, **__):
        tokens = torch.cat([torch.full_like(source[:, :1], UNK), source], dim=1).unsqueeze(1)
        size = source.shape[1]
        rows = torch.cat([torch.full((1, size), 1 / size), torch.eye(size)])
        return Hypotheses(
            tokens=tokens,
            scores=torch.zeros(len(source), 1),
            lengths=(tokens != PAD).sum(2),
            attention=rows.expand(len(source), 1, -1, -1),
            token_log_probabilities=torch.zeros(tokens.shape),
        )

    monkeypatch.setattr(bleu_module, "search", copying)
    recorder.validate(recorder.callback(), 0)
    ((_, examples),) = recorder.observed
    for example in examples:
        assert example.target == example.source
        np.testing.assert_allclose(example.matrix.weights, np.eye(len(example.source)), atol=1e-6)


def test_in_a_real_training_the_maps_are_of_words_and_each_row_sums_to_one(prepared, recorder, tmp_path):
    _, history = trained(prepared, tmp_path, recorder.callback(every=2, maps=3), max_epochs=4)
    assert [epoch for epoch, _ in recorder.observed] == [1, 3]
    assert ["validation/bleu" in row for row in history.rows] == [False, True, False, True]
    for _, examples in recorder.observed:
        for number, example in enumerate(examples):
            assert example.number == number
            assert example.source == recorder.split.source_sentences()[number].split()
            assert example.matrix.weights.shape == (len(example.target), len(example.source))
            np.testing.assert_allclose(example.matrix.weights.sum(1), 1.0, rtol=1e-5)
