"""What a word is."""

import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enface.alignment.words import split_words, word_spans


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ein Mann, der lacht.", ["Ein", "Mann", ",", "der", "lacht", "."]),
        ("T-Shirts don't (ever) cost 3.50!", ["T-Shirts", "don't", "(", "ever", ")", "cost", "3", ".", "50", "!"]),
        ("« Où ? »", ["«", "Où", "?", "»"]),
        ("a\x00b\u2009c\x85", ["a", "b", "c"]),
        (" \n\x07", []),
    ],
)
def test_words_and_marks(text, words):
    assert split_words(text) == words


@given(st.text(alphabet="ab -'.,;:!?\"()é"))
def test_words_are_those_of_the_hand_aligned_sets(text):
    assert split_words(text) == re.sub(r'([.,;:!?"()])', r" \1 ", text).split()


@given(st.text())
def test_spans_cover_all_but_blanks_in_order(text):
    spans = word_spans(text)
    assert [text[start:end] for start, end in spans] == split_words(text)
    assert "".join(split_words(text)) == "".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))
