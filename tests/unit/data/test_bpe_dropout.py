"""Words are cut otherwise in each draw, as often as the paper says, and spell the same."""

import json
import math
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enface.data import bpe_dropout
from enface.data.bpe_dropout import DRAWS, BpeDropout
from enface.data.prepared import ID
from enface.data.tokenizer import Tokenizer
from tests.unit.data.made import TEXTS, TOKENIZER


def cut(texts, dropout, seed=1):
    """The subwords of each text, as cut with this dropout."""
    subwords = BpeDropout(TOKENIZER, dropout=dropout, seed=seed)
    return [
        [id for number, word in enumerate(words(subwords, text)) for id in ids_of(subwords.draw(word, number % DRAWS))]
        for text in texts
    ]


def ids_of(draw):
    return np.frombuffer(draw, ID).tolist()


def words(subwords, text):
    """The subwords of each word of a text, as they are usually cut."""
    ids = np.array(TOKENIZER.encode(text).ids, np.int32)
    starts = subwords.word_starts(ids, np.array([0, len(ids)])).tolist()
    return [tuple(ids[start:end].tolist()) for start, end in pairwise([*starts, len(ids)])]


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_without_dropout_words_are_cut_as_the_tokenizer_does(texts):
    assert cut(texts, 0.0) == [TOKENIZER.encode(text).ids for text in texts]


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=5), st.sampled_from([0.1, 0.5, 0.99]))
def test_what_is_cut_otherwise_spells_the_same(texts, dropout):
    usual = [TOKENIZER.decode(TOKENIZER.encode(text).ids).text for text in texts]
    assert [TOKENIZER.decode(ids).text for ids in cut(texts, dropout)] == usual


def toy(merges, dropout):
    """The distribution of what " ab" is cut into, with these merges alone, over many draws."""
    content = json.loads(TOKENIZER._inner.to_str())
    vocabulary = [piece for piece, _ in sorted(content["model"]["vocab"].items(), key=lambda entry: entry[1])][:260]
    pieces = [*vocabulary, " ", "a", "b", *("".join(merge) for merge in merges)]
    content["model"] |= {"vocab": {piece: id for id, piece in enumerate(pieces)}, "merges": merges}
    tokenizer = Tokenizer(type(TOKENIZER._inner).from_str(json.dumps(content)))
    word = tuple(tokenizer.encode("ab").ids)
    draws = [BpeDropout(tokenizer, dropout=dropout, seed=seed).draw(word, 0) for seed in range(4_000)]
    return Counter(tuple(pieces[id] for id in ids_of(draw)) for draw in draws)


def test_each_merge_is_passed_over_as_often_as_the_paper_says():
    # " ab" by the merges a+b and then " "+ab: none taken p; the first alone (1 - p) p; both (1 - p)^2.
    counts = toy([["a", "b"], [" ", "ab"]], dropout=0.25)
    expected = {(" ", "a", "b"): 0.25, (" ", "ab"): 0.75 * 0.25, (" ab",): 0.75**2}
    assert counts.keys() == expected.keys()
    for pieces, share in expected.items():
        assert abs(counts[pieces] / 4_000 - share) < 4 * math.sqrt(share * (1 - share) / 4_000)


def test_a_merge_that_was_passed_over_may_be_taken_at_the_next_step():
    # " ab" by " "+a and then a+b: with the first passed over and the second taken, " "+ab is no merge.
    counts = toy([[" ", "a"], ["a", "b"]], dropout=0.25)
    assert counts.keys() == {(" ", "a", "b"), (" a", "b"), (" ", "ab")}
    assert abs(counts[" a", "b"] / 4_000 - 0.75) < 0.03


@pytest.mark.parametrize("bound", ["_DRAWS_REMEMBERED", "_WORDS_REMEMBERED"])
def test_what_was_forgotten_comes_out_the_same_again(monkeypatch, bound):
    monkeypatch.setattr(bpe_dropout, bound, 3)
    subwords = BpeDropout(TOKENIZER, dropout=0.5, seed=1)
    given = words(subwords, "a newspaper and a dog in the garden")
    draws = [subwords.draw(word, number) for number in range(DRAWS) for word in given]
    assert len(set(draws)) > 3
    assert [subwords.draw(word, number) for number in range(DRAWS) for word in given] == draws
