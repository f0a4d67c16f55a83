"""Bodies of any bytes and JSON of any shape: read, or refused in the one way that is written down; never a fault."""

import asyncio
import json
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request

from enface.bundle import open_bundle
from enface.errors import RequestError
from serving.bodies import read_body, to_json
from serving.gateway.errors import RefusedError
from serving.gateway.libretranslate import _fields, _key, _value
from serving.gateway.limits import Limits
from serving.gateway.reading import body_of
from serving.gateway.tensors import packed, texts_of, unpacked, wanted
from serving.tasks import KINDS, MAX_CHARACTERS, Task, parse_task, read_task

SECRET = "Quetzalcoatl"
FORM = "application/x-www-form-urlencoded"
KINDS_OF_BODY = ["application/json", "text/plain", "text/plain; charset=latin-1", FORM, "", ";;", "application/json;a"]

text = st.one_of(
    st.text(max_size=20),
    st.text(alphabet=st.characters(), max_size=5),
    st.sampled_from([SECRET, "\0", "\ud800", "\udfff a", "", "a" * 9_999, "a" * 10_001, "😀", "<b>" + SECRET]),
)
scalar = st.one_of(
    st.none(), st.booleans(), st.integers(-3, 2_000), st.floats(), text, st.sampled_from([10**30, -1, 1e308, "word"])
)
FIELDS = [
    *("text", "source", "target", "beam_size", "n_best", "length_penalty", "max_length", "alignment", "format"),
    *("protect", "glossary", "terms", "confidence", "task", "steps", "q", "alternatives", "api_key", "id"),
    *("parameters", "inputs", "outputs", "name", "datatype", "shape", "data", "binary_data", "binary_data_output"),
]
value = st.recursive(
    scalar,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.one_of(st.sampled_from(FIELDS), text), inner, max_size=5)
    ),
    max_leaves=12,
)
request = st.dictionaries(st.sampled_from(FIELDS), value, max_size=6)
likely = st.fixed_dictionaries(
    {"text": st.one_of(text, st.lists(text, max_size=5), value)},
    optional={
        "task": st.sampled_from([*KINDS, "sing", 1]),
        "steps": st.integers(-1, 2_000),
        "n_best": st.integers(-1, 20),
        "beam_size": st.integers(0, 20),
        "glossary": st.fixed_dictionaries({"terms": st.dictionaries(text, text, max_size=3)}),
        "confidence": st.booleans(),
        "format": st.sampled_from(["text", "html", "pdf"]),
    },
)
tensors = st.fixed_dictionaries(
    {
        "inputs": st.lists(
            st.fixed_dictionaries(
                {"name": st.just("text"), "datatype": st.just("BYTES"), "shape": value, "data": value},
                optional={"parameters": st.one_of(value, st.fixed_dictionaries({"binary_data_size": scalar}))},
            ),
            max_size=2,
        )
    },
    optional={"outputs": st.one_of(value, st.lists(request, max_size=2)), "parameters": st.one_of(value, request)},
)


def outcome(call):
    """What it gives and None, or None and how it was refused; any other exception is a fault."""
    try:
        return call(), None
    except (RequestError, RefusedError) as error:
        return None, error


@pytest.fixture(scope="module")
def manifest(toy_bundle):
    return open_bundle(toy_bundle).manifest


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.binary(max_size=60), value.map(lambda each: json.dumps(each).encode())), st.sampled_from(KINDS_OF_BODY)
)
def test_any_bytes_are_read_or_refused(body, kind):
    found, refused = outcome(lambda: read_body(body, kind))
    assert SECRET not in str(refused)
    assert refused or json.loads(to_json(found)) == found


@pytest.mark.parametrize(("written", "number"), [("2.0", 2), ("-1e2", -100), ("0.5", 0.5), ("1e308", 1e308)])
def test_a_whole_number_is_an_integer_however_it_is_written(written, number):
    found = read_body(f'{{"n_best": {written}}}'.encode(), "application/json")["n_best"]
    assert (found, type(found)) == (number, type(number))


@settings(max_examples=150, deadline=None)
@given(value=st.one_of(value, request, likely))
def test_any_json_is_a_task_or_refused_without_its_texts(manifest, value):
    task, refused = outcome(lambda: read_task(value, manifest))
    if refused:
        return
    assert isinstance(task, Task)
    assert 1 <= len(task.inputs) <= 128
    assert task.characters <= MAX_CHARACTERS
    assert read_task(json.loads(to_json(task.to_json())), manifest) == task


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(st.sampled_from([SECRET, SECRET + "\0", SECRET + "\ud800", SECRET * 2_000]), max_size=4))
def test_no_refusal_quotes_a_text(manifest, texts):
    asked = {"translate": {"text": texts}, "align": {"source": texts, "target": [SECRET]}}
    for kind, given_value in asked.items():
        assert SECRET not in str(outcome(partial(parse_task, kind, given_value, manifest))[1])


@settings(max_examples=150, deadline=None)
@given(tensors, st.binary(max_size=12))
def test_any_tensors_are_texts_or_refused(given_value, binary):
    for read in (partial(wanted, given_value), partial(texts_of, given_value, binary)):
        _, refused = outcome(read)
        assert refused is None or refused.status in (400, 422)


@given(st.lists(st.text(alphabet=st.characters(exclude_categories=["Cs"]))))
def test_texts_survive_the_binary_extension(texts):
    assert unpacked(packed(texts)) == texts


@given(st.binary(max_size=40))
def test_any_bytes_are_texts_or_refused(content):
    texts, refused = outcome(lambda: unpacked(content))
    assert refused.status == 400 if refused else packed(texts) == content


@settings(max_examples=200, deadline=None)
@given(
    st.one_of(
        st.binary(max_size=40),
        st.lists(st.tuples(st.sampled_from(["q", "alternatives", "api_key", "source"]), st.text(max_size=6))).map(
            lambda pairs: "&".join(f"{name}={content}" for name, content in pairs).encode(errors="replace")
        ),
        st.just(b"q=a&alternatives=" + b"9" * 5_000),
        request.map(lambda each: json.dumps(each).encode()),
    ),
    st.sampled_from(["application/json", FORM]),
)
def test_any_form_is_fields_or_refused(body, kind):
    fields, refused = outcome(lambda: _fields(body, kind))
    refusals = [refused] if refused else [outcome(partial(read, fields))[1] for read in (_key, _value)]
    assert {each.status for each in refusals if each} <= {400, 422}


@settings(max_examples=100, deadline=None)
@given(st.lists(st.binary(max_size=20), max_size=6), st.integers(0, 60))
def test_a_body_is_the_same_however_it_is_cut(parts, limit):
    waiting = [{"type": "http.request", "body": part, "more_body": True} for part in parts]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive():
        return waiting.pop(0)

    asked = Request({"type": "http", "headers": []}, receive)
    whole = b"".join(parts)
    body, refused = outcome(lambda: asyncio.run(body_of(asked, Limits(body_bytes=limit))))
    assert refused.status == 413 if len(whole) > limit else body == whole
