from enface.inference.options import TranslateOptions
from enface.inference.source import read_source, written


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
