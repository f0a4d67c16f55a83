import pytest

from enface.errors import RequestError
from enface.inference.options import TranslateOptions
from enface.inference.source import check_carried, read_source, written


def test_plain_text_is_translated_as_it_is():
    source = read_source("A <b> &amp; dog.", TranslateOptions())
    assert source.text == "A <b> &amp; dog."
    assert source.given([(2, 5)]) == [(2, 5)]
    assert not source.carries


def test_markup_is_taken_apart():
    source = read_source("A <b>{x}</b> &amp; dog", TranslateOptions(format="html"))
    assert source.text == "A {x} & dog"
    assert source.given([(2, 5), (6, 7), (3, 3), (11, 11)]) == [(5, 8), (13, 18), (6, 6), (22, 22)]
    assert [each.text for each in source.placeholders] == ["{x}"]
    assert source.carries


def test_only_what_is_there_is_carried():
    assert not read_source("a dog", TranslateOptions(glossary={"terms": {"cat": "x"}})).carries
    assert read_source("a cat", TranslateOptions(glossary={"terms": {"cat": "x"}})).carries
    assert read_source("{x}", TranslateOptions()).carries
    assert not read_source("{x}", TranslateOptions(protect=False)).carries


def test_a_span_around_a_tag_holds_it():
    assert written([(0, 2)], [(0, 1), (4, 5)]) == [(0, 5)]
    assert written([(0, 0)], []) == [(0, 0)]


@pytest.mark.parametrize(
    ("text", "n_best", "terms", "message"),
    [
        ("1 " * 1_000, 1, {}, None),
        ("a " * 1_001, 16, {"b": "x"}, None),
        (
            "1 " * 1_001,
            1,
            {},
            "got 1,001 words of placeholders and terms to carry over, need <= 999 in a text of 1,001 ",
        ),
        (
            "1 " * 300,
            16,
            {},
            "got 300 words of placeholders and terms to carry over, need <= 208 in a text of 300 words ",
        ),
        (
            "a " * 400,
            1,
            {"a": "x y z u v w x"},
            "got 2,800 words of placeholders and terms to carry over, need <= 2,500 ",
        ),
    ],
)
def test_what_would_take_too_much_to_carry_over_is_refused(text, n_best, terms, message):
    options = TranslateOptions(n_best=n_best, glossary={"terms": terms})
    sources = [read_source("2", options), read_source(text, options)]
    if message is None:
        check_carried(sources, n_best=n_best)
        return
    with pytest.raises(RequestError) as caught:
        check_carried(sources, n_best=n_best)
    assert str(caught.value).startswith(f"text[1]: {message}")
    assert str(caught.value).endswith(f"where n_best is {n_best}; send it in smaller parts")
