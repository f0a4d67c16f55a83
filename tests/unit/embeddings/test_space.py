import numpy as np
import pytest

from enface.data.tokenizer import Tokenizer
from enface.embeddings.denoising import denoise
from enface.embeddings.space import word_space
from enface.embeddings.words import Word
from enface.errors import DataError

TEXTS = ["dog", "dogs", "house", "Hund", "Haus", "Hundehaus"]
WORDS = [Word(text, "source" if place < 3 else "target", 1) for place, text in enumerate(TEXTS)]


@pytest.fixture(scope="module")
def tokenizer():
    return Tokenizer.train(["dog house", "Hund Haus", "dog Hund"] * 5, vocabulary_size=320)


@pytest.fixture(scope="module")
def embedding(tokenizer):
    return np.random.default_rng(3).normal(1.0, 0.5, size=(tokenizer.vocabulary_size, 6)).astype(np.float32)


def test_a_word_is_the_mean_of_its_subwords(tokenizer, embedding):
    space = word_space(WORDS, embedding, tokenizer, treatment="raw")
    assert space.words == WORDS
    assert [len(tokenizer.encode(text).ids) > 1 for text in ("dog", "dogs")] == [False, True]
    for word, vector in zip(WORDS, space.vectors, strict=True):
        rows = [embedding[id].astype(float) for id in tokenizer.encode(word.text).ids]
        assert vector == pytest.approx(sum(rows) / len(rows))


@pytest.mark.parametrize("treatment", ["centred", "denoised"])
def test_each_side_is_treated_by_itself(tokenizer, embedding, treatment):
    words = [Word(a + b, side, 1) for side in ("source", "target") for a in "dogHund" for b in "dogHund"]
    learnt = np.outer(np.arange(len(embedding)) % 7, np.ones(6))
    raw = word_space(words, embedding + learnt, tokenizer, treatment="raw").vectors
    treated = word_space(words, embedding + learnt, tokenizer, treatment=treatment).vectors
    for side in (slice(0, 49), slice(49, 98)):
        centred = raw[side] - raw[side].mean(axis=0)
        assert treated[side] == pytest.approx(centred if treatment == "centred" else denoise(centred).matrix)
        assert 1 <= denoise(centred).directions < 6


def test_where_nothing_was_learnt_the_vectors_stay_as_trained(tokenizer, embedding, caplog):
    centred, denoised = (word_space(WORDS[3:], embedding, tokenizer, treatment=how) for how in ("centred", "denoised"))
    assert np.array_equal(centred.vectors, denoised.vectors)
    assert caplog.messages == ["nothing stands out from the random start of 3 vectors; they stay as trained"]


def test_a_model_of_another_corpus_is_refused(tokenizer, embedding):
    with pytest.raises(DataError) as caught:
        word_space(WORDS, embedding[:-2], tokenizer, treatment="raw")
    size = tokenizer.vocabulary_size
    assert str(caught.value) == (
        f"the model has {size - 2} vectors, the prepared corpus {size} subwords; "
        "need a model that was trained on this corpus"
    )
