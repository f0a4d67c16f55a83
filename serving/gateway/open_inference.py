"""The Open Inference Protocol (version 2 of KServe's), so that clients of KServe and Triton work unchanged.

One input, `text`; two outputs: `text`, the translations, and `answer`, the entries of the HTTP answer as JSON: the
columns of the MLflow model. The parameters of a request are the options of a translation.
"""

import json
import re
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from enface import __version__
from serving.bodies import to_json
from serving.gateway.errors import RefusedError, unprocessable
from serving.gateway.health import check_ready
from serving.gateway.refusals import TRANSLATING, Responses, responses
from serving.gateway.schemas import EXAMPLE, InferRequest, request_body, schema_of
from serving.gateway.service import Service, value_of
from serving.gateway.tensors import ANSWER, TEXT, tensor, texts_of, wanted
from serving.gateway.translating import json_response
from serving.store import MODEL_NAME

_HEADER = "Inference-Header-Content-Length"
_MODEL = f"/models/{MODEL_NAME}"
_VERSIONED = _MODEL + "/versions/{version}"
_VERSION = {"name": "version", "in": "path", "required": True, "schema": {"type": "string"}}
_LENGTH = re.compile("[0-9]{1,9}")
_READY = responses(None, "It does.", 500, 503)
_EXAMPLE = {"inputs": [{"name": "text", "datatype": "BYTES", "shape": [1], "data": [EXAMPLE]}]}


def open_inference_routes(service: Service) -> APIRouter:
    """The routes under /v2."""
    router = APIRouter(prefix="/v2", tags=["Open Inference Protocol"])

    @router.get("", summary="The server", responses=responses(None, "Its name and version.", 500))
    async def server() -> dict[str, Any]:
        return {"name": "enface", "version": __version__, "extensions": ["binary_tensor_data"]}

    @router.get("/health/live", summary="Whether the server is there", responses=responses(None, "It is.", 500))
    async def live() -> dict[str, bool]:
        return {"live": True}

    @router.get("/health/ready", summary="Whether it translates", responses=_READY)
    async def ready() -> dict[str, bool]:
        await check_ready(service.engine)
        return {"ready": True}

    for path in (_MODEL, _VERSIONED):
        _add_model_routes(router, path, service)
    return router


def _add_model_routes(router: APIRouter, path: str, service: Service) -> None:
    """The routes of the model; with a version in their path only the version that there is."""

    def check_version(request: Request) -> None:
        asked, version = request.path_params.get("version"), service.engine.manifest.version
        if asked not in (None, version):
            raise RefusedError(404, "not_found", f"no such version of {MODEL_NAME}; there is {version}")

    async def model(request: Request) -> Response:
        check_version(request)
        return json_response(to_json(_metadata(service)))

    async def model_ready(request: Request) -> Response:
        check_version(request)
        await check_ready(service.engine)
        return json_response(to_json({"name": MODEL_NAME, "ready": True}))

    async def infer(request: Request) -> Response:
        check_version(request)
        service.admit(request)
        return await _infer(service, request)

    versions: dict[str, Any] = {"parameters": [_VERSION]} if path == _VERSIONED else {}
    missing = (404,) if versions else ()
    described = responses(None, "Their names and types.", 500, *missing)
    ready = responses(None, "It does.", 500, 503, *missing)
    router.add_api_route(path, model, summary="The model's tensors", openapi_extra=versions, responses=described)
    router.add_api_route(
        f"{path}/ready", model_ready, summary="Whether it translates", openapi_extra=versions, responses=ready
    )
    router.add_api_route(
        f"{path}/infer",
        infer,
        methods=["POST"],
        summary="Translate a tensor of texts",
        responses=_inferred(*missing),
        openapi_extra=request_body(schema_of(InferRequest), _EXAMPLE) | versions,
    )


def _inferred(*missing: int) -> Responses:
    described = responses(None, "The tensors `text` and `answer`.", *TRANSLATING, *missing)
    tensors = {"application/json": {"schema": {"type": "object"}}, "application/octet-stream": {}}
    return described | {200: described[200] | {"content": tensors}}


async def _infer(service: Service, request: Request) -> Response:
    body = await service.read(request)
    length = request.headers.get(_HEADER, str(len(body)))
    if not _LENGTH.fullmatch(length) or int(length) > len(body):
        raise RefusedError(400, "bad_request", f"{_HEADER}: need a number <= {len(body)}, the body's bytes")
    value = value_of(body[: int(length)], "application/json")
    if not isinstance(value, dict):
        raise unprocessable("body: need an object with inputs")
    if not isinstance(value.get("id", ""), str | None):
        raise unprocessable("id: need a string")
    outputs = wanted(value)
    options = {name: given for name, given in (value.get("parameters") or {}).items() if name != "binary_data_output"}
    if "text" in options:
        raise unprocessable("parameters: text: stands among the inputs")
    if ANSWER not in outputs:
        options.setdefault("alignment", "none")
    task = service.task("translate", options | {"text": texts_of(value, body[int(length) :])})
    entries = json.loads(await service.answer(request, task))["translations"]
    return _response(service, value.get("id"), outputs, entries)


def _response(service: Service, id_given: Any, outputs: dict[str, bool], entries: list[dict[str, Any]]) -> Response:
    contents = {
        TEXT: [entry["text"] for entry in entries],
        ANSWER: [json.dumps(entry, ensure_ascii=False) for entry in entries],
    }
    tensors = [tensor(name, contents[name], binary=binary) for name, binary in outputs.items()]
    answer = {"model_name": MODEL_NAME, "model_version": service.engine.manifest.version}
    described = answer | ({"id": id_given} if isinstance(id_given, str) else {})
    content = to_json(described | {"outputs": [each for each, _ in tensors]})
    if not any(outputs.values()):
        return json_response(content)
    headers = {_HEADER: str(len(content))}
    binary = content + b"".join(behind for _, behind in tensors)
    return Response(binary, headers=headers, media_type="application/octet-stream")


def _metadata(service: Service) -> dict[str, Any]:
    tensors = [{"name": name, "datatype": "BYTES", "shape": [-1]} for name in (TEXT, ANSWER)]
    return {
        "name": MODEL_NAME,
        "versions": [service.engine.manifest.version],
        "platform": "enface",
        "inputs": tensors[:1],
        "outputs": tensors,
    }
