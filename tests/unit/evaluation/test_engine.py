"""Asking a translator for many sentences."""

import logging

from enface.evaluation.engine import ask_all
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
