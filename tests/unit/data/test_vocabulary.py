from types import SimpleNamespace

import pytest

from enface.data.vocabulary import count_words, is_word


def test_words_are_counted_as_they_are_spelt_the_most_frequent_first(tmp_path):
    (tmp_path / "train.source").write_text(
        "The dog, the cat.\nIs the dog well-fed?\nA cat's 2 dogs …\n", encoding="utf-8"
    )
    (tmp_path / "test.source").write_text("A zebra.\n", encoding="utf-8")
    counts = count_words(SimpleNamespace(path=tmp_path), "source")
    assert list(counts.items()) == [
        ("dog", 2), ("the", 2), ("2", 1), ("A", 1), ("Is", 1), ("The", 1), ("cat", 1), ("cat's", 1), ("dogs", 1),
        ("well-fed", 1),
    ]  # fmt: skip


@pytest.mark.parametrize(("text", "is_one"), [("König", True), ("3.5", True), ("—", False), ("'", False), ("%", False)])
def test_a_word_has_a_letter_or_a_digit(text, is_one):
    assert is_word(text) == is_one
