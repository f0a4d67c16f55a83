import pytest

from enface.errors import RequestError
from enface.inference.texts import check_texts, text_problems


@pytest.mark.parametrize("text", ["", " \n\t", "a" * 10, "👩‍🚀", "e\u0301", "\u202e", "\x07"])
def test_what_can_be_translated(text):
    check_texts([text], 10)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a" * 11, "got 11 characters, need <= 10; send it in smaller parts"),
        ("ab\0", "got NUL (U+0000) at character 2, need text that UTF-8 can carry and NUL is not in"),
        (
            "\ud83d",
            "got half a surrogate pair (U+D83D) at character 0, need text that UTF-8 can carry and NUL is not in",
        ),
        (5, "got int, need a string"),
        (None, "got NoneType, need a string"),
        (b"bytes", "got bytes, need a string"),
    ],
)
def test_what_cannot_is_told_by_its_index(text, problem):
    with pytest.raises(RequestError) as caught:
        check_texts(["fine", text], 10)
    assert str(caught.value) == f"text[1]: {problem}"


def test_the_label_and_first_index_are_the_callers():
    assert text_problems(["fine", 3], 10, label="line {}", first=7) == ["line 8: got int, need a string"]


def test_a_lone_string_is_not_a_list_of_characters():
    assert text_problems("abc", 10) == ["texts: got a string, need a list of strings"]


def test_no_message_quotes_the_text():
    for text in ["secret" * 100, "secret\0", "secret\ud800"]:
        assert "secret" not in text_problems([text], 20)[0]


def test_only_the_first_problems_are_told():
    problems = text_problems([None] * 50, 10)
    assert len(problems) == 21
    assert problems[-1] == "and 30 more texts like these"
