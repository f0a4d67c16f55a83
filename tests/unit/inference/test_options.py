import pytest

from enface.errors import RequestError
from enface.inference.options import Glossary, TranslateOptions, rounded_up, search_for
from tests.toy import DESCRIPTION

SETTINGS = DESCRIPTION.search


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"beam_size": 0}, "beam_size: got 0, need >= 1"),
        ({"beam_size": 17}, "beam_size: got 17, need <= 16"),
        ({"beam_size": True}, "beam_size: got True, input should be a valid integer"),
        ({"beam_size": 5.0}, "beam_size: got 5.0, input should be a valid integer"),
        ({"n_best": 0}, "n_best: got 0, need >= 1"),
        ({"n_best": 17}, "n_best: got 17, need <= 16"),
        ({"n_best": 3, "beam_size": 2}, "n_best: got 3, need <= beam_size, which is 2"),
        ({"length_penalty": -0.1}, "length_penalty: got -0.1, need >= 0.0"),
        ({"length_penalty": 6.0}, "length_penalty: got 6.0, need <= 5.0"),
        ({"length_penalty": float("nan")}, "length_penalty: got nan, input should be a finite number"),
        ({"length_penalty": "1"}, "length_penalty: got '1', input should be a valid number"),
        ({"max_length": 0}, "max_length: got 0, need >= 1"),
        ({"max_length": 1025}, "max_length: got 1025, need <= 1024"),
        ({"alignment": "words"}, "alignment: got 'words', need one of 'word', 'subword' or 'none'"),
        ({"beam_sise": 3}, "beam_sise: unknown setting; did you mean 'beam_size'?"),
        ({"format": "xml"}, "format: got 'xml', need one of 'text' or 'html'"),
        ({"protect": 1}, "protect: got 1, input should be a valid boolean"),
        ({"confidence": "yes"}, "confidence: got 'yes', input should be a valid boolean"),
        ({"glossary": {}}, "glossary.terms: missing"),
        ({"glossary": {"term": {}}}, "glossary.terms: missing\nglossary: has an unknown setting"),
        ({"glossary": {"terms": {"dog": 5}}}, "glossary.terms: input should be a valid string"),
        ({"glossary": {"terms": {" ": "x"}}}, "glossary.terms: got no visible character, need a word or more"),
        ({"glossary": {"terms": {"x": "\0"}}}, "glossary.terms: got no visible character, need a word or more"),
    ],
)
def test_what_is_out_of_bounds_is_refused_by_name(values, message):
    with pytest.raises(RequestError) as caught:
        TranslateOptions(**values)
    assert str(caught.value) == message


def test_all_problems_are_told_together():
    with pytest.raises(RequestError) as caught:
        TranslateOptions(beam_size=0, alignment="x", max_length=0)
    assert len(str(caught.value).splitlines()) == 3


def test_options_can_be_compared_and_grouped():
    assert {TranslateOptions(beam_size=3), TranslateOptions(beam_size=3)} == {TranslateOptions(beam_size=3)}


def test_the_bundle_says_what_is_left_out():
    search = search_for(TranslateOptions(), SETTINGS, 20)
    assert (search.beam_size, search.length_penalty) == (SETTINGS.beam_size, SETTINGS.length_penalty)
    assert search.max_length == rounded_up(int(1.5 * 20) + 10) == 64


def test_what_is_asked_for_is_searched():
    search = search_for(TranslateOptions(beam_size=1, length_penalty=0.0, max_length=7), SETTINGS, 20)
    assert (search.beam_size, search.length_penalty, search.max_length) == (1, 0.0, 7)


def test_the_beam_is_wide_enough_for_the_best_n():
    assert search_for(TranslateOptions(n_best=9), SETTINGS, 5).beam_size == 9
    assert search_for(TranslateOptions(n_best=2), SETTINGS, 5).beam_size == SETTINGS.beam_size


@pytest.mark.parametrize(("length", "expected"), [(1, 32), (32, 32), (33, 64)])
def test_lengths_are_rounded_up(length, expected):
    assert rounded_up(length) == expected


def test_no_answer_is_longer_than_the_most():
    assert search_for(TranslateOptions(), SETTINGS, 100_000).max_length == 1024


def test_a_glossary_is_bounded():
    Glossary(terms={str(number): "x" * 200 for number in range(1000)})
    with pytest.raises(RequestError, match=r"^glossary\.terms: dictionary should have at most 1000 items"):
        TranslateOptions(glossary={"terms": {str(number): "x" for number in range(1001)}})
    with pytest.raises(RequestError, match=r"^glossary\.terms: string should have at most 200 characters$"):
        TranslateOptions(glossary={"terms": {"x": "y" * 201}})


def test_a_glossary_is_read_as_texts_are():
    assert Glossary(terms={" hot \n dog": "cafe\u0301"}).terms == {"hot dog": "café"}


def test_options_with_equal_glossaries_are_grouped_and_others_not():
    one, same, other = (
        TranslateOptions(glossary={"terms": terms})
        for terms in ({"a": "b", "c": "d"}, {"c": "d", "a": "b"}, {"a": "c"})
    )
    assert len({one, same}) == 1
    assert len({one, other, TranslateOptions()}) == 3


def test_half_a_surrogate_pair_is_no_term():
    with pytest.raises(RequestError, match="unicode string"):
        TranslateOptions(glossary={"terms": {"x": "\ud800"}})


def test_a_hundred_thousand_faults_are_not_all_told():
    with pytest.raises(RequestError) as caught:
        TranslateOptions.model_validate({f"unknown{number}": 1 for number in range(100_000)})
    lines = str(caught.value).splitlines()
    assert (len(lines), lines[-1]) == (21, "and 99,980 more problems")
