import numpy as np
import pytest
from hypothesis import given, settings

from enface.alignment.matrix import words_of
from enface.alignment.words import word_spans
from enface.data.encoding import PartsEncoder
from enface.data.text import normalise
from tests.unit.data.made import SENTENCES, TEXTS, TOKENIZER

ENCODER = PartsEncoder(TOKENIZER)


def unpacked(rows):
    return [row.tolist() for row in np.split(rows.numbers, np.cumsum(rows.lengths)[:-1])]


@settings(deadline=None)
@given(TEXTS)
def test_rows_are_the_ids_that_the_tokenizer_gives_whole_texts(text):
    texts = [SENTENCES[0], text, "", normalise(text)]
    assert unpacked(ENCODER.rows(texts)) == TOKENIZER.encode_ids(texts)


@settings(deadline=None)
@given(TEXTS)
def test_subwords_are_of_the_words_that_their_characters_lie_in(text):
    text = normalise(text)
    assert ENCODER.words(text) == words_of(TOKENIZER.encode(text).spans, word_spans(text))


@pytest.mark.parametrize("known", [1, 3])
def test_forgetting_changes_nothing(monkeypatch, known):
    monkeypatch.setattr("enface.data.encoding._PARTS_KNOWN", known)
    encoder = PartsEncoder(TOKENIZER)
    for _ in range(2):
        assert unpacked(encoder.rows(SENTENCES)) == TOKENIZER.encode_ids(SENTENCES)
    assert encoder.words(SENTENCES[0]) == ENCODER.words(SENTENCES[0])
