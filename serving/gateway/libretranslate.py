"""The shape of LibreTranslate's API, so that its clients work unchanged: JSON or a form in, `translatedText` out.

There is one pair of languages. `auto` stands for its source: nothing is detected, and the confidence says 0. Errors
have the shape that all of the gateway's have.
"""

import json
import re
from typing import Any
from urllib.parse import parse_qsl

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from enface.bundle import Manifest
from serving.bodies import to_json
from serving.gateway.answers import LibreTranslateAnswer
from serving.gateway.errors import RefusedError, unprocessable
from serving.gateway.refusals import responses
from serving.gateway.schemas import LibreTranslateForm, LibreTranslateRequest, request_body, schema_of
from serving.gateway.service import Service, presented_key, value_of
from serving.gateway.translating import json_response

_FORM = "application/x-www-form-urlencoded"
_PARTS = "multipart/form-data"
_FORM_FIELDS = 20
_NAMES = {"cs": "Czech", "de": "German", "en": "English", "fr": "French"}
_ALTERNATIVES = re.compile("[0-9]{1,2}")


def libretranslate_routes(service: Service) -> APIRouter:
    """The routes that LibreTranslate has at its root."""
    router = APIRouter(tags=["LibreTranslate"])

    @router.post(
        "/translate",
        summary="Translate one text or many",
        responses=responses(LibreTranslateAnswer, "`translatedText`: a string, or a list for a list."),
        openapi_extra=_described_body(service.engine.manifest),
    )
    async def translate(request: Request) -> Response:
        if presented_key(request):
            service.admit(request)
        fields = _fields(await service.read(request), request.headers.get("content-type", ""))
        if not presented_key(request):
            service.admit(request, _key(fields))
        _check_languages(service, fields)
        task = service.task("translate", _value(fields))
        return json_response(_answer(service, fields, json.loads(await service.answer(request, task))))

    @router.get("/languages", summary="The pair of languages", responses=responses(None, "It, and nothing else.", 500))
    async def languages() -> list[dict[str, Any]]:
        manifest = service.engine.manifest
        pair = {manifest.source_language: [manifest.target_language], manifest.target_language: []}
        return [{"code": code, "name": _NAMES.get(code, code), "targets": targets} for code, targets in pair.items()]

    return router


def _fields(body: bytes, content_type: str) -> dict[str, Any]:
    """The request's fields, from JSON or a form."""
    kind = content_type.partition(";")[0].strip().lower()
    if kind == _PARTS:
        raise RefusedError(400, "bad_request", f"the body is {_PARTS}; send JSON as application/json, or {_FORM}")
    if kind != _FORM:
        value = value_of(body, content_type)
        if not isinstance(value, dict):
            raise unprocessable('body: need an object such as {"q": "A dog.", "source": "en", "target": "de"}')
        return value
    try:
        pairs = parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=_FORM_FIELDS)
    except ValueError:
        raise RefusedError(400, "bad_request", "the body is not a form in UTF-8 of a few fields") from None
    fields: dict[str, Any] = dict(pairs)
    if _ALTERNATIVES.fullmatch(fields.get("alternatives", "")):
        fields["alternatives"] = int(fields["alternatives"])
    return fields


def _key(fields: dict[str, Any]) -> str:
    key = fields.get("api_key")
    if key is not None and not isinstance(key, str):
        raise unprocessable("api_key: need a string")
    return key or ""


def _described_body(manifest: Manifest) -> dict[str, Any]:
    """The document's part on the body: JSON or a form, with the languages that there are."""
    codes = {"source": ["auto", manifest.source_language], "target": [manifest.target_language]}
    example = {"q": "Two dogs.", "source": manifest.source_language, "target": manifest.target_language}
    json_schema, form_schema = schema_of(LibreTranslateRequest), schema_of(LibreTranslateForm)
    for schema in (json_schema, form_schema):
        for field, known in codes.items():
            schema["properties"][field]["enum"] = known
    return request_body(json_schema, example, **{_FORM: {"schema": form_schema, "example": example}})


def _check_languages(service: Service, fields: dict[str, Any]) -> None:
    manifest = service.engine.manifest
    known = {"source": ("auto", manifest.source_language), "target": (manifest.target_language,)}
    problems = [
        f"{field}: need {' or '.join(codes)}, which is what this model translates"
        for field, codes in known.items()
        if fields.get(field) not in codes
    ]
    if problems:
        raise unprocessable("\n".join(problems))


def _value(fields: dict[str, Any]) -> dict[str, Any]:
    """The request to translate that the fields make."""
    if "q" not in fields:
        raise unprocessable("q: missing; need a text or a list of texts")
    value = {"text": fields["q"], "alignment": "none"}
    if fields.get("format", "text") != "text":
        value["format"] = fields["format"]
    others = 0 if fields.get("alternatives") is None else fields["alternatives"]
    if type(others) is not int or not 0 <= others <= 15:
        raise unprocessable("alternatives: need a whole number from 0 to 15")
    return value | ({"n_best": 1 + others} if others else {})


def _answer(service: Service, fields: dict[str, Any], answer: dict[str, Any]) -> bytes:
    entries = answer["translations"]
    columns = {"translatedText": [entry["text"] for entry in entries]}
    if fields["source"] == "auto":
        found = {"language": service.engine.manifest.source_language, "confidence": 0}
        columns["detectedLanguage"] = [found] * len(entries)
    if fields.get("alternatives"):
        columns["alternatives"] = [[other["text"] for other in entry["alternatives"]] for entry in entries]
    if isinstance(fields["q"], str):
        return to_json({name: values[0] for name, values in columns.items()})
    return to_json(columns)
