"""Asking a translator for many sentences."""

import logging

import pytest

from enface.evaluation.engine import ask_all, latency_ms
from tests.unit.evaluation.made import answer


def test_answers_keep_their_order_and_progress_is_logged(caplog):
    asked = []

    def ask(texts):
        asked.append(len(texts))
        return [answer(text, text) for text in texts]

    texts = [f"Sentence {number}" for number in range(450)]
    with caplog.at_level(logging.INFO):
        answers = ask_all(ask, texts, what="test")
    assert [found.text for found in answers] == texts
    assert sum(asked) == 450
    assert caplog.messages[-1] == "test: 450 of 450 sentences"
    assert len(caplog.messages) == len(asked) > 1


def test_nothing_is_asked_for_no_sentences():
    assert ask_all(lambda texts: [], [], what="test") == []


def test_latency_is_the_median_of_one_by_one_after_a_first_that_does_not_count(monkeypatch):
    asked = []
    clock = iter([0.0, 0.1, 1.0, 1.2, 2.0, 2.9])
    monkeypatch.setattr("enface.evaluation.engine.time.perf_counter", lambda: next(clock))

    def ask(texts):
        asked.append(list(texts))
        return [answer(text, text) for text in texts]

    assert latency_ms(ask, ["a", "b", "c"]) == pytest.approx(200)
    assert asked == [["a"], ["a"], ["b"], ["c"]]
