"""Which way words are read."""

import pytest

from enface.alignment.direction import is_right_to_left, read_from_right


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        *((word, True) for word in ("שלום", "سلام", "می‌خواند", "اردو،", "«שלום")),
        *((word, False) for word in ("où", "日本", "12ab")),
        *((word, None) for word in ("12", "...", "")),
    ],
)
def test_a_word_has_the_direction_of_its_first_letter(word, expected):
    assert is_right_to_left(word) is expected


@pytest.mark.parametrize(
    "sentence",
    [
        "אישה צעירה קוראת עיתון .",
        "امرأة شابة تقرأ .",
        "او در سال 2017 در BBC کار کرد .",
        "میں لاہور میں رہتا ہوں ۔",
        "NASA ناسا",
    ],
    ids=["he", "ar", "fa", "ur", "half"],
)
def test_sentences_that_are_read_from_the_right(sentence):
    assert read_from_right(sentence.split())


@pytest.mark.parametrize("sentence", ["A red coat .", "The word שלום is Hebrew .", "12 .", ""])
def test_sentences_that_are_not(sentence):
    assert not read_from_right(sentence.split())
