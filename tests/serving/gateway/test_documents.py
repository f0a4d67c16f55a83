"""The OpenAPI document and the page made from it: they name every route, and load nothing from anywhere."""

import json
import re

import pytest

from enface.inference.options import TranslateOptions
from serving.gateway.documents import page

TRANSLATING = ("/v1/translate", "/v1/align", "/v1/translate/stream", "/translate", "/v2/models/enface/infer")


@pytest.fixture(scope="module")
def document(gateway):
    return gateway.app.openapi()


def test_it_names_every_route(document):
    others = {
        "/v1/models",
        "/languages",
        "/healthz",
        "/readyz",
        "/metrics",
        "/v2",
        "/v2/health/live",
        "/v2/health/ready",
    }
    assert set(TRANSLATING) | others <= set(document["paths"])
    assert document["components"]["securitySchemes"]["bearer"]["scheme"] == "bearer"


@pytest.mark.parametrize("path", TRANSLATING)
def test_a_route_that_translates_has_a_body_examples_and_every_refusal(document, path):
    operation = document["paths"][path]["post"]
    described = operation["requestBody"]["content"]["application/json"]
    assert set(described["schema"]["required"]) <= set(described["example"])
    assert {"200", "400", "401", "408", "413", "422", "429", "500", "503"} == set(operation["responses"])
    refusal = operation["responses"]["503"]["content"]["application/json"]["schema"]
    assert refusal == {"$ref": "#/components/schemas/ErrorAnswer"}


@pytest.mark.parametrize("path", TRANSLATING)
def test_its_examples_are_answered(document, client, path):
    example = document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]
    assert client.post(path, json=example).status_code == 200


def test_every_reference_has_its_schema(document):
    references = set(re.findall(r'"\$ref": "([^"]*)"', json.dumps(document)))
    assert references <= {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}


def test_every_route_says_how_its_refusals_look(document):
    for operations in document["paths"].values():
        for operation in operations.values():
            refusals = {status: each for status, each in operation["responses"].items() if status != "200"}
            assert "500" in refusals
            for each in refusals.values():
                described = each["content"]["application/json"]
                assert described["schema"] == {"$ref": "#/components/schemas/ErrorAnswer"}
                assert set(described["example"]["error"]) == {"code", "message", "request_id"}


def test_the_options_are_those_of_a_translation(document):
    def fields(path):
        return set(
            document["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
        )

    assert fields("/v1/translate") == {"text", "judge", *TranslateOptions.model_fields}
    assert fields("/v1/align") == {"source", "target", "length_penalty", "alignment", "confidence", "judge"}


def test_an_answer_has_no_field_that_the_document_does_not_name(document, client):
    schemas = document["components"]["schemas"]
    asked = {"text": "<b>A</b> dog 5 {x}", "format": "html", "glossary": {"terms": {"dog": "Hund"}}}
    [entry] = client.post("/v1/translate", json=asked | {"confidence": True}).json()["translations"]
    assert set(entry) <= set(schemas["TranslationEntry"]["properties"])
    for name, schema in (("confidence", "Confidence"), ("markup", "Markup"), ("placeholders", "Placeholders")):
        assert set(entry[name]) == set(schemas[schema]["properties"])
    assert set(entry["glossary"]) == set(schemas["GlossaryReport"]["properties"])
    [model] = client.get("/v1/models").json()["models"]
    assert set(model) == set(schemas["DescribedModel"]["properties"])


def test_the_page_shows_all_of_it_and_loads_nothing(client, document):
    answer = client.get("/docs")
    assert answer.headers["content-type"].startswith("text/html")
    assert re.fullmatch(
        r"default-src 'none'; style-src 'sha256-[\w+/=]+'; frame-ancestors 'none'; base-uri 'none'",
        answer.headers["content-security-policy"],
    )
    for path in document["paths"]:
        assert f" {path}</code>" in answer.text
    assert not re.search(r"<script|src=|@import|url\(|https?://", answer.text)


def test_what_stands_in_the_document_is_text_on_the_page():
    sharp = "<b>&"
    operation = {"summary": sharp, "responses": {"200": {"description": sharp}}}
    info = {"title": sharp, "version": sharp, "description": sharp}
    assert "<b>" not in page({"info": info, "paths": {sharp: {"get": operation}}})
