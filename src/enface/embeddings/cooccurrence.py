"""Word vectors from the company that words keep: which stand near which in a text, counted and brought to few numbers.

What word2vec learns by gradient descent is close to a factorisation of such counts (Levy and Goldberg 2014), which a
corpus of the usual size for translation allows in seconds, without chance and without another text.
"""

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from jaxtyping import Float, Int64

_WINDOW_WORDS = 2
_SMOOTHING = 0.75
_CONTEXTS = 2_000
_SENTENCES_AT_ONCE = 10_000


def cooccurrence_vectors(
    sentences: Iterable[Sequence[str]], words: Counter[str], *, size: int, seed: int
) -> dict[str, Float[np.ndarray, " E"]]:
    """A vector of length 1 for each of `words`, save those that never stand near another.

    Positive pointwise mutual information with the most frequent words at most two words away, their probabilities
    raised to the power of 0.75, factorised by the singular value decomposition with the square roots of the singular
    values as weights (Levy, Goldberg and Dagan 2015, "Improving Distributional Similarity with Lessons Learned from
    Word Embeddings", sections 2 and 3), and turned in space by chance, so that all numbers of a vector mean as much.

    Args:
        sentences: the words of each sentence of the text, which is read once.
        words: those that are wanted, with how often they come; the most frequent of them are the contexts.
        size: how many numbers a vector has; those beyond the number of contexts are zeros before the turn.
        seed: of the turn.
    """
    places = {word: place for place, (word, _) in enumerate(words.most_common())}
    information = _information(_counted(sentences, places))
    values, directions = np.linalg.eigh((information.T @ information).astype(np.float64))
    kept = np.flatnonzero(values > 1e-9 * values.max(initial=0.0))[::-1][:size]
    vectors = np.zeros((len(places), size))
    vectors[:, : len(kept)] = information @ directions[:, kept] / values[kept] ** 0.25
    turn, _ = np.linalg.qr(np.random.default_rng(seed).normal(size=(size, size)))
    lengths = np.linalg.norm(vectors, axis=1)
    return {word: vectors[place] / lengths[place] @ turn for word, place in places.items() if lengths[place] > 0}


def _counted(sentences: Iterable[Sequence[str]], places: dict[str, int]) -> Float[np.ndarray, "W C"]:
    """How often each context stands at most two words from each word."""
    contexts = min(len(places), _CONTEXTS)
    counts = np.zeros((len(places), contexts), dtype=np.float32)
    for text in _texts(sentences, places):
        for distance in range(1, _WINDOW_WORDS + 1):
            for left, right in ((text[:-distance], text[distance:]), (text[distance:], text[:-distance])):
                near = (left >= 0) & (right >= 0) & (right < contexts)
                np.add.at(counts, (left[near], right[near]), 1)
    return counts


def _texts(sentences: Iterable[Sequence[str]], places: dict[str, int]) -> Iterator[Int64[np.ndarray, " N"]]:
    """Some thousand sentences at a time as the places of their words; -1 for other words and between sentences."""
    gap = [-1] * _WINDOW_WORDS
    left = iter(sentences)
    while some := list(itertools.islice(left, _SENTENCES_AT_ONCE)):
        yield np.array([place for sentence in some for place in [*(places.get(word, -1) for word in sentence), *gap]])


def _information(counts: Float[np.ndarray, "W C"]) -> Float[np.ndarray, "W C"]:
    """Positive pointwise mutual information, the contexts' probabilities smoothed; 0 where nothing was counted."""
    smoothed = counts.sum(axis=0) ** _SMOOTHING
    expected = counts.sum(axis=1, keepdims=True) * smoothed / (smoothed.sum() or 1.0)
    ratio = np.divide(counts, expected, out=np.ones_like(counts), where=counts > 0)
    positive: Float[np.ndarray, "W C"] = np.maximum(np.log(ratio), 0.0)
    return positive
