"""LibreTranslate's shapes, as its clients send and read them."""

import pytest

from tests.serving.gateway.served import refusal

PAIR = {"source": "en", "target": "de"}


def test_a_text_and_a_list(client):
    assert client.post("/translate", json={"q": "Two dogs."} | PAIR).json() == {"translatedText": "Two dogs."}
    answer = client.post("/translate", json={"q": ["A dog.", "ein Park"], "format": "text", "api_key": ""} | PAIR)
    assert answer.json() == {"translatedText": ["A dog.", "ein Park"]}


def test_a_form_as_its_python_client_sends_it(client):
    answer = client.post("/translate", data={"q": "ein grüner Park & mehr", "alternatives": "1"} | PAIR)
    assert answer.json() == {
        "translatedText": "ein grüner Park & mehr",
        "alternatives": ["ein grüner Park & mehr"],
    }


def test_tags_are_carried_over(client):
    marked = "Two <b>dogs</b> &amp; a park."
    [entry] = client.post("/v1/translate", json={"text": marked, "format": "html"}).json()["translations"]
    assert "<b>" in entry["text"]
    for body in ({"json": {"q": marked, "format": "html"} | PAIR}, {"data": {"q": marked, "format": "html"} | PAIR}):
        assert client.post("/translate", **body).json() == {"translatedText": entry["text"]}


def test_auto_is_the_one_language_there_is_and_nothing_is_detected(client):
    found = {"language": "en", "confidence": 0}
    answer = client.post("/translate", json={"q": "a", "source": "auto", "target": "de"})
    assert answer.json() == {"translatedText": "a", "detectedLanguage": found}
    answer = client.post("/translate", json={"q": ["a", "b"], "source": "auto", "target": "de", "alternatives": 2})
    assert answer.json() == {
        "translatedText": ["a", "b"],
        "detectedLanguage": [found, found],
        "alternatives": [["a", "a"], ["b", "b"]],
    }


def test_the_languages_are_named(client):
    assert client.get("/languages").json() == [
        {"code": "en", "name": "English", "targets": ["de"]},
        {"code": "de", "name": "German", "targets": []},
    ]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ([], 'body: need an object such as {"q": "A dog.", "source": "en", "target": "de"}'),
        (PAIR, "q: missing; need a text or a list of texts"),
        (PAIR | {"q": 5}, "text: got a number"),
        (PAIR | {"q": "a", "alternatives": 16}, "alternatives: need a whole number from 0 to 15"),
        (PAIR | {"q": "a", "alternatives": False}, "alternatives: need a whole number from 0 to 15"),
        (PAIR | {"q": "a", "api_key": 5}, "api_key: need a string"),
        (PAIR | {"q": "a", "format": "pdf"}, "format: "),
        (
            {"q": "a", "source": "fr", "target": ["x"]},
            "source: need auto or en, which is what this model translates\n"
            "target: need de, which is what this model translates",
        ),
    ],
)
def test_what_cannot_be_answered_is_refused_in_the_one_shape(client, fields, message):
    assert refusal(client.post("/translate", json=fields), 422, "unprocessable").startswith(message)


def test_a_form_with_more_digits_than_python_reads(client):
    answer = client.post("/translate", data={"q": "a", "alternatives": "9" * 5_000} | PAIR)
    message = "alternatives: need a whole number from 0 to 15"
    assert refusal(answer, 422, "unprocessable") == message


def test_null_is_what_is_left_out(client):
    answer = client.post("/translate", json={"q": "a", "alternatives": None, "api_key": None} | PAIR)
    assert answer.json() == {"translatedText": "a"}


@pytest.mark.parametrize("content", ["&".join("q=a" for _ in range(30)).encode(), b"q=%ff"])
def test_a_form_that_cannot_be_read(client, content):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = client.post("/translate", content=content, headers=headers)
    assert refusal(answer, 400, "bad_request") == "the body is not a form in UTF-8 of a few fields"


def test_a_form_in_parts_is_told_what_can_be_read(client):
    answer = client.post("/translate", data={"q": "a"} | PAIR, files={"file": ("a.txt", b"a")})
    assert refusal(answer, 400, "bad_request") == (
        "the body is multipart/form-data; send JSON as application/json, or application/x-www-form-urlencoded"
    )
