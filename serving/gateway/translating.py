"""The routes of Enface's own API: translate, align, and which model there is."""

from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from enface.inference.request import answer
from serving.bodies import to_json
from serving.gateway.answers import ModelsAnswer, TranslateAnswer
from serving.gateway.refusals import responses
from serving.gateway.schemas import (
    EXAMPLE,
    PLAIN_TEXT,
    SECURITY,
    AlignRequest,
    TranslateRequest,
    request_body,
    schema_of,
)
from serving.gateway.service import Service
from serving.tasks import Kind

_EXAMPLE = {"text": [EXAMPLE, "Two dogs."], "n_best": 2}
_PAIR = {"source": "A red coat.", "target": "Ein roter Mantel."}


def translating_routes(service: Service) -> APIRouter:
    """The routes under /v1 but for the stream."""
    router = APIRouter(prefix="/v1", tags=["Translation"])

    async def answered(request: Request, kind: Kind) -> Response:
        service.admit(request)
        task = service.task(kind, await service.read_value(request))
        return json_response(await service.answer(request, task))

    @router.post(
        "/translate",
        summary="Translate one text or many",
        responses=responses(TranslateAnswer, "The translations, in the order of the texts."),
        openapi_extra=request_body(schema_of(TranslateRequest), _EXAMPLE, **PLAIN_TEXT),
    )
    async def translate(request: Request) -> Response:
        return await answered(request, "translate")

    @router.post(
        "/align",
        summary="Align texts with translations that are given",
        responses=responses(TranslateAnswer, "The given targets as if they were the translations found."),
        openapi_extra=request_body(schema_of(AlignRequest), _PAIR),
    )
    async def align(request: Request) -> Response:
        return await answered(request, "align")

    @router.get(
        "/models",
        summary="The model that answers",
        responses=responses(ModelsAnswer, "The model, and its settings.", 401, 429, 500),
        openapi_extra=SECURITY,
    )
    async def models(request: Request) -> Response:
        service.admit(request)
        return json_response(to_json({"models": [described(service)]}))

    return router


def described(service: Service) -> dict[str, Any]:
    """The model as every answer names it, with its settings, and the judge of its answers."""
    manifest, judge = service.engine.manifest, service.judging.manifest
    settings = {"search": manifest.search.model_dump(), "alignment": manifest.alignment.model_dump()}
    return dict(answer(manifest, [])["model"]) | settings | {"judge": judge.model_dump() if judge else None}


def json_response(content: bytes) -> Response:
    """The response that is this JSON."""
    return Response(content, media_type="application/json")
