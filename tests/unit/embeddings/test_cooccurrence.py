"""Vectors from counts, against a few lines that count word by word."""

from collections import Counter

import numpy as np
import pytest

from enface.embeddings import cooccurrence
from enface.embeddings.cooccurrence import cooccurrence_vectors

TEXT = """the king rules the country
the queen rules the country
a dog barks
a cat sleeps
the king sleeps
the queen sleeps
alone
"""
SENTENCES = [line.split() for line in TEXT.split("\n")]
WORDS = Counter(word for sentence in SENTENCES for word in sentence)


def expected_gram():
    """The products of the unturned vectors of the words that keep company, in the order of WORDS.most_common()."""
    words = [word for word, _ in WORDS.most_common()]
    counts = np.zeros((len(words), len(words)))
    for sentence in SENTENCES:
        for i, left in enumerate(sentence):
            for j, right in enumerate(sentence):
                if i != j and abs(i - j) <= 2:
                    counts[words.index(left), words.index(right)] += 1
    smoothed = counts.sum(axis=0) ** 0.75 / (counts.sum(axis=0) ** 0.75).sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        information = np.nan_to_num(np.log(counts / counts.sum(axis=1, keepdims=True) / smoothed), nan=0, neginf=0)
    left, values, _ = np.linalg.svd(np.maximum(information, 0))
    vectors = left * np.sqrt(values)
    vectors = vectors[[word != "alone" for word in words]]
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return vectors @ vectors.T


def made(size=12, seed=1, sentences=SENTENCES):
    return cooccurrence_vectors(iter(sentences), WORDS, size=size, seed=seed)


def test_cosines_are_those_of_the_factorised_information():
    vectors = np.array(list(made().values()))
    assert vectors @ vectors.T == pytest.approx(expected_gram(), abs=1e-4)


def test_all_words_but_those_without_company_have_one_of_length_1():
    found = made()
    assert found.keys() == WORDS.keys() - {"alone"}
    assert [float(np.linalg.norm(vector)) for vector in found.values()] == pytest.approx([1.0] * len(found))


def test_words_of_like_company_are_alike():
    found = made()
    assert found["king"] @ found["queen"] > 0.9
    assert found["king"] @ found["dog"] < 0.3


def test_the_seed_turns_them_and_leaves_their_angles():
    one, again, other = (np.array(list(made(seed=seed).values())) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert np.abs(one - other).max() > 0.1
    assert other @ other.T == pytest.approx(one @ one.T, abs=1e-6)


def test_how_the_text_is_cut_changes_nothing(monkeypatch):
    whole = made()
    monkeypatch.setattr(cooccurrence, "_SENTENCES_AT_ONCE", 1)
    assert {word: vector.tolist() for word, vector in made().items()} == {
        word: vector.tolist() for word, vector in whole.items()
    }


def test_few_numbers_and_few_contexts_are_enough(monkeypatch):
    monkeypatch.setattr(cooccurrence, "_CONTEXTS", 3)
    assert all(len(vector) == 2 for vector in made(size=2).values())
    assert all(len(vector) == 7 for vector in made(size=7).values())


def test_a_text_of_other_words_has_none():
    assert made(sentences=[["nothing", "known"]]) == {}
