"""Soft alignments: from the model's attention to one row of source weights per target word.

The one place that says what becomes of the end-of-sentence column: it is dropped, what is left of every row is scaled
to sum to 1, and the dropped share is kept beside the row as its null share. The row of the target's own
end-of-sentence is not a word's: the caller cuts it off. Hard links are read off in `links.py`.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from enface.alignment.words import Span


@dataclass(frozen=True)
class AlignmentMatrix:
    """Weights of the S source tokens for each of T target tokens (rows sum to 1), and each row's null share."""

    weights: Float[np.ndarray, "T S"]
    null: Float[np.ndarray, " T"]


def from_attention(attention: Float[np.ndarray, "T S_and_end"]) -> AlignmentMatrix:
    """The alignment over real tokens, from attention whose last column is the source's end-of-sentence.

    A row with nothing left beside that column becomes uniform; its null share of 1 keeps it from any hard link.

    Args:
        attention: rows sum to 1; one row per target token, the target's end-of-sentence row already cut off.
    """
    kept = attention[:, :-1].astype(np.float64)
    return AlignmentMatrix(_scaled_rows(kept), attention[:, -1].astype(np.float64))


def to_words(matrix: AlignmentMatrix, *, source_words: Sequence[int], target_words: Sequence[int]) -> AlignmentMatrix:
    """The alignment of words: weights summed over a source word's subwords, averaged over a target word's.

    Args:
        matrix: the alignment of subwords.
        source_words: the word each of the S source subwords belongs to, as `words_of` gives it.
        target_words: the same for the T target subwords.
    """
    summed = matrix.weights @ _membership(source_words)
    to_target_word = _membership(target_words)
    subwords = np.maximum(to_target_word.sum(axis=0), 1)
    present = to_target_word.any(axis=0)
    null = np.where(present, to_target_word.T @ matrix.null / subwords, 1.0)
    return AlignmentMatrix(_scaled_rows(to_target_word.T @ summed / subwords[:, None]), null)


def words_of(spans: Sequence[Span], words: Sequence[Span]) -> list[int]:
    """The index in `words` of the word that each subword's character span belongs to.

    That is the first word ending after the subword begins, so that a subword of white space alone goes with the word
    it introduces; what follows the last word goes with it.
    """
    ends = np.array([end for _, end in words], dtype=np.int64)
    starts = np.array([start for start, _ in spans], dtype=np.int64)
    found = np.searchsorted(ends, starts, side="right")
    return [int(word) for word in np.minimum(found, max(len(words) - 1, 0))]


def _scaled_rows(weights: Float[np.ndarray, "T S"]) -> Float[np.ndarray, "T S"]:
    """`weights` with every row summing to 1; uniform where there was nothing."""
    sums = weights.sum(axis=1, keepdims=True)
    scaled = np.full_like(weights, 1.0 / max(weights.shape[1], 1))
    np.divide(weights, sums, out=scaled, where=sums > 0)
    return scaled


def _membership(words: Sequence[int]) -> Float[np.ndarray, "subwords words"]:
    """1 where the subword (row) is of the word (column), else 0."""
    member = np.zeros((len(words), max(words, default=-1) + 1))
    member[np.arange(len(words)), list(words)] = 1.0
    return member
