"""Attention to alignment, and subwords to words."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enface.alignment.matrix import AlignmentMatrix, from_attention, to_words, words_of
from enface.alignment.words import word_spans

sizes = st.integers(1, 7)
seeds = st.integers(0, 1000)


def some_attention(seed: int, targets: int, sources: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.ones(sources + 1), size=targets).astype(np.float32)


def test_the_end_of_sentence_column_becomes_the_null_share_and_the_rest_is_scaled():
    matrix = from_attention(np.array([[0.3, 0.1, 0.6], [0.0, 0.5, 0.5]]))
    np.testing.assert_allclose(matrix.weights, [[0.75, 0.25], [0.0, 1.0]])
    np.testing.assert_allclose(matrix.null, [0.6, 0.5])


def test_a_row_with_nothing_left_is_uniform_and_all_null():
    matrix = from_attention(np.array([[0.0, 0.0, 1.0]]))
    np.testing.assert_allclose(matrix.weights, [[0.5, 0.5]])
    np.testing.assert_allclose(matrix.null, [1.0])


@given(seeds, sizes, sizes)
def test_rows_sum_to_one_before_and_after_merging(seed, targets, sources):
    rng = np.random.default_rng(seed)
    matrix = from_attention(some_attention(seed, targets, sources))
    words = to_words(
        matrix,
        source_words=sorted(rng.integers(0, 4, sources).tolist()),
        target_words=sorted(rng.integers(0, 4, targets).tolist()),
    )
    np.testing.assert_allclose(matrix.weights.sum(axis=1), 1.0)
    np.testing.assert_allclose(words.weights.sum(axis=1), 1.0)
    assert ((words.null >= 0) & (words.null <= 1)).all()


@given(seeds, sizes, sizes)
def test_merging_words_of_one_subword_changes_nothing(seed, targets, sources):
    matrix = from_attention(some_attention(seed, targets, sources))
    words = to_words(matrix, source_words=range(sources), target_words=range(targets))
    np.testing.assert_allclose(words.weights, matrix.weights)
    np.testing.assert_allclose(words.null, matrix.null)


def test_source_subwords_are_summed_and_target_subwords_averaged():
    matrix = AlignmentMatrix(np.array([[0.2, 0.3, 0.5], [0.6, 0.2, 0.2], [0.0, 0.0, 1.0]]), np.array([0.1, 0.3, 0.9]))
    words = to_words(matrix, source_words=[0, 0, 1], target_words=[0, 0, 1])
    np.testing.assert_allclose(words.weights, [[0.65, 0.35], [0.0, 1.0]])
    np.testing.assert_allclose(words.null, [0.2, 0.9])


def test_a_target_word_without_a_subword_is_uniform_and_all_null():
    matrix = AlignmentMatrix(np.array([[1.0, 0.0]]), np.array([0.0]))
    words = to_words(matrix, source_words=[0, 1], target_words=[1])
    np.testing.assert_allclose(words.weights, [[0.5, 0.5], [1.0, 0.0]])
    np.testing.assert_allclose(words.null, [1.0, 0.0])


def test_no_tokens_at_all_give_an_empty_alignment():
    words = to_words(from_attention(np.zeros((0, 3))), source_words=[0, 1], target_words=[])
    assert words.weights.shape == (0, 2)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([(0, 2), (2, 5), (5, 6), (7, 9)], [0, 0, 1, 2]),
        ([(0, 5), (5, 6), (6, 6), (7, 9)], [0, 1, 2, 2]),
        ([(0, 5), (5, 6), (7, 9), (9, 10)], [0, 1, 2, 2]),
    ],
    ids=["subwords", "white space goes with the word it introduces", "what follows goes with the last word"],
)
def test_each_subword_belongs_to_a_word(spans, expected):
    assert words_of(spans, word_spans("Hallo, du")) == expected


def test_subwords_without_any_word_are_of_the_first():
    assert words_of([(0, 1)], []) == [0]
