import re

import pytest

from enface.embeddings.words import Word, find_words, training_words
from enface.errors import ParamsError

WORDS = [Word("the", "source", 9), Word("The", "source", 4), Word("dog", "source", 3), Word("dog", "target", 1)]


def test_the_words_of_training_come_side_by_side_the_most_frequent_first(prepared):
    words = training_words(prepared, ["source", "target"])
    sides = [word.side for word in words]
    assert sides == sorted(sides)
    for side in ("source", "target"):
        counts = {word.text: word.count for word in words if word.side == side}
        assert list(counts.values()) == sorted(counts.values(), reverse=True)
        text = (prepared.path / f"train.{side}").read_text(encoding="utf-8")
        for word in ("king", "König", "the", "The", "ist"):
            assert counts.get(word, 0) == len(re.findall(rf"(?<!\S){word}(?![^\s.,?])", text))
        assert not {".", ",", "?"} & counts.keys()


def test_a_word_is_found_as_it_is_spelt_and_on_the_first_side_that_has_it():
    assert find_words(WORDS, ("The", "dog")) == [1, 2]
    assert find_words(WORDS, []) == []


def test_a_word_that_differs_in_case_alone_is_taken_where_it_is_the_only_one():
    assert find_words(WORDS, ("DOG", "the", "Dog")) == [2, 0, 2]
    assert find_words([*WORDS, Word("Straße", "target", 1)], ["STRASSE"]) == [4]
    assert find_words([*WORDS, Word("DOG", "target", 1)], ["DOG", "dog"]) == [4, 2], "its own spelling comes first"


def test_all_unknown_words_are_named_with_the_nearest_spellings_of_any_case():
    with pytest.raises(ParamsError) as caught:
        find_words(WORDS, ["the", "THE", "dgo", "xylophone", "dgo"])
    assert str(caught.value) == (
        "'THE': no such word, and several differ from it in case alone: the, The\n"
        "'dgo': no such word; near spellings are dog\n"
        "'xylophone': no such word\n"
        "need words of the source and target side of the training text, of which there are 4"
    )
