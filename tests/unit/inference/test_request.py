import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enface.bundle import open_bundle
from enface.errors import RequestError
from enface.inference.options import TranslateOptions
from enface.inference.request import MAX_TEXTS, answer, parse_align_request, parse_request
from enface.inference.translator import Translator


@pytest.fixture(scope="module")
def manifest(toy_bundle):
    return open_bundle(toy_bundle).manifest


def test_one_text(manifest):
    assert parse_request({"text": "A dog."}, manifest) == (["A dog."], TranslateOptions())


def test_texts_with_options(manifest):
    body = {"text": ["a", ""], "beam_size": 3, "n_best": 2, "length_penalty": 1, "max_length": 9, "alignment": "none"}
    texts, options = parse_request(body, manifest)
    assert texts == ["a", ""]
    assert options == TranslateOptions(beam_size=3, n_best=2, length_penalty=1.0, max_length=9, alignment="none")
    assert type(options) is TranslateOptions


def test_what_is_to_be_carried_over(manifest):
    body = {"text": "a", "format": "html", "protect": False, "glossary": {"terms": {"a": "b"}}, "confidence": True}
    assert parse_request(body, manifest)[1] == TranslateOptions(
        format="html", protect=False, glossary={"terms": {"a": "b"}}, confidence=True
    )


def test_null_is_as_left_out(manifest):
    assert parse_request({"text": "a", "beam_size": None}, manifest)[1] == TranslateOptions()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], 'body: got a list, need an object such as {"text": "A dog."}'),
        (None, 'body: got null, need an object such as {"text": "A dog."}'),
        (True, 'body: got true or false, need an object such as {"text": "A dog."}'),
        ("a", 'body: got a string, need an object such as {"text": "A dog."}'),
        (1.5, 'body: got a number, need an object such as {"text": "A dog."}'),
        ({}, "text: missing"),
        ({"texts": "a"}, "text: missing\ntexts: unknown setting; did you mean 'text'?"),
        ({"text": None}, "text: got null, need a string or a list of strings"),
        ({"text": {"a": "secret"}}, "text: got an object, need a string or a list of strings"),
        ({"text": []}, "text: got 0 texts, need 1 to 128"),
        ({"text": ["a"] * 129}, "text: got 129 texts, need 1 to 128"),
        ({"text": ["a", ["secret"]]}, "text[1]: got list, need a string"),
        ({"text": "a" * 10_001}, "text: got 10,001 characters, need <= 10,000; send it in smaller parts"),
        ({"text": "a\0"}, "text: got NUL (U+0000) at character 1, need text that UTF-8 can carry and NUL is not in"),
        ({"text": "a", "n_best": 3, "beam_size": 2}, "n_best: got 3, need <= beam_size, which is 2"),
        ({"text": "a", "alignment": ["x"]}, "alignment: got ['x'], need one of 'word', 'subword' or 'none'"),
        (
            {"text": "a", "beam": 2},
            "beam: unknown setting; did you mean 'beam_size'?",
        ),
    ],
)
def test_what_is_wrong_is_named_without_the_text(manifest, body, message):
    with pytest.raises(RequestError) as caught:
        parse_request(body, manifest)
    assert str(caught.value) == message


def test_all_problems_are_told_together(manifest):
    with pytest.raises(RequestError) as caught:
        parse_request({"text": ["\0", 1], "beam_size": 0, "max_length": 0}, manifest)
    assert len(str(caught.value).splitlines()) == 4


def test_the_most_texts_are_taken(manifest):
    assert len(parse_request({"text": ["a"] * MAX_TEXTS}, manifest)[0]) == MAX_TEXTS


def test_the_answer(toy_bundle, manifest):
    body = answer(manifest, Translator(toy_bundle).translate(["a dog", ""]))
    assert body["model"] == {
        "name": "toy-copy",
        "version": manifest.version,
        "source_language": "en",
        "target_language": "de",
        "run_id": "toy-run",
        "corpus": "toy",
    }
    assert body["translations"][0]["alignment"] == {"matrix": [[1.0, 0.0], [0.0, 1.0]], "links": [[0, 0], [1, 1]]}
    assert body["translations"][0]["source"] == {"tokens": ["a", "dog"], "spans": [[0, 1], [2, 5]]}
    assert json.loads(json.dumps(body, allow_nan=False)) == body


def test_pairs_to_align(manifest):
    pairs, options = parse_align_request({"source": ["a", "b"], "target": ["c", ""], "alignment": "subword"}, manifest)
    assert pairs == [("a", "c"), ("b", "")]
    assert options == TranslateOptions(alignment="subword")
    assert parse_align_request({"source": "a", "target": "b"}, manifest)[0] == [("a", "b")]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("a", 'body: got a string, need an object such as {"source": "A dog.", "target": "Ein Hund."}'),
        ({"source": "a"}, "target: missing"),
        ({"source": ["a", 1], "target": []}, "source[1]: got int, need a string\ntarget: got 0 texts, need 1 to 128"),
        ({"source": ["a", "b"], "target": "c"}, "target: got 1 texts for 2 of source, need one for each"),
        ({"source": "a", "target": "c\0"}, "target: got NUL (U+0000) at character 1, need text that"),
        ({"source": "a", "target": "b", "text": "secret"}, "text: unknown setting; did you mean 'target'?"),
    ],
)
def test_what_is_wrong_with_pairs(manifest, body, message):
    with pytest.raises(RequestError) as caught:
        parse_align_request(body, manifest)
    assert str(caught.value).startswith(message)
    assert "secret" not in str(caught.value)


SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.just("\ud800") | st.just(10**400)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
LIKELY = {
    "text": st.text(max_size=9) | st.lists(st.text(max_size=9), max_size=3),
    "source": st.text(max_size=9),
    "target": st.text(max_size=9),
    "beam_size": st.integers(0, 17),
    "n_best": st.integers(0, 17),
    "length_penalty": st.floats(-1, 6),
    "max_length": st.integers(0, 1025),
    "alignment": st.sampled_from(["word", "subword", "none"]),
    "format": st.sampled_from(["text", "html"]),
    "protect": st.booleans(),
    "glossary": st.fixed_dictionaries({"terms": st.dictionaries(st.text(max_size=3), st.text(max_size=3), max_size=3)}),
    "confidence": st.booleans(),
}
BODIES = st.fixed_dictionaries({}, optional={name: values | VALUES for name, values in LIKELY.items()})


@settings(max_examples=300, deadline=None)
@given(BODIES | VALUES)
def test_any_body_is_parsed_or_refused(manifest, body):
    for parse in (parse_request, parse_align_request):
        try:
            inputs, options = parse(body, manifest)
        except RequestError:
            continue
        assert type(options) is TranslateOptions
        assert hash(options) == hash(TranslateOptions.model_validate(dict(options)))
        assert 1 <= len(inputs) <= MAX_TEXTS
