"""The words nearest to a word, and to where an analogy points: by the cosine, over all words and never a sample."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from enface.embeddings.space import WordSpace, unit_length
from enface.embeddings.words import Word, find_words


class Neighbour(NamedTuple):
    """A word, its cosine with what was asked for, and its place among all words but those asked with, from 1."""

    word: Word
    similarity: float
    rank: int


def nearest(space: WordSpace, text: str, *, among: Collection[str] = ()) -> list[Neighbour]:
    """All words from the nearest to the farthest of the word `text`, that one left out.

    `among` restricts the answer to some words; ranks are those among all. Raises ParamsError for an unknown word.
    """
    return _ordered(space, [text], [1.0], among)


def analogy(space: WordSpace, terms: tuple[str, str, str], *, among: Collection[str] = ()) -> list[Neighbour]:
    """All words from the nearest to the farthest of a - b + c, where `terms` are a, b and c: king - man + woman.

    The vectors are brought to length 1 before they are added, and the three words are no answers, as is usual (Mikolov
    et al. 2013, "Linguistic Regularities in Continuous Space Word Representations", section 4, whose a : b = c : d is
    our b : a = c : d). `among` restricts the answer to some words; ranks are those among all.

    Raises:
        ParamsError: one of the words is unknown.
    """
    return _ordered(space, terms, [1.0, -1.0, 1.0], among)


def _ordered(space: WordSpace, terms: Sequence[str], signs: list[float], among: Collection[str]) -> list[Neighbour]:
    allowed = {space.words[place].text for place in find_words(space.words, among)}
    asked = find_words(space.words, terms)
    left_out = {space.words[place].text for place in asked}
    unit = unit_length(space.vectors)
    query = np.array(signs) @ unit[asked]
    similarities = unit @ (query / (np.linalg.norm(query) or 1.0))
    order = [place for place in np.argsort(-similarities, kind="stable") if space.words[place].text not in left_out]
    ranked = [
        Neighbour(space.words[place], float(similarities[place]), rank) for rank, place in enumerate(order, start=1)
    ]
    return [neighbour for neighbour in ranked if not among or neighbour.word.text in allowed]
