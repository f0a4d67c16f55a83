"""Whether the gateway is there, whether it translates, and its figures: for probes and Prometheus, without a key."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from serving.gateway.engine import Engine
from serving.gateway.errors import RefusedError
from serving.gateway.refusals import responses
from serving.gateway.service import Service

_LIVE, _READY = responses(None, "It is.", 500), responses(None, "It does.", 500, 503)
_FIGURES = responses(None, "In Prometheus' text format.", 500)
_FIGURES[200]["content"] = {"text/plain": {"schema": {"type": "string"}}}


def health_routes(service: Service) -> APIRouter:
    """The routes for probes and for Prometheus."""
    router = APIRouter(tags=["Health"])

    @router.get("/healthz", summary="Whether the server is there", responses=_LIVE)
    async def healthz() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/readyz", summary="Whether it translates", responses=_READY)
    async def readyz() -> dict[str, str]:
        await check_ready(service.engine)
        return {"status": "ready"}

    @router.get("/metrics", summary="Figures for Prometheus", response_class=Response, responses=_FIGURES)
    async def metrics() -> Response:
        content = service.metrics.text() + await service.engine.metrics()
        return Response(content, media_type=CONTENT_TYPE_LATEST)

    return router


async def check_ready(engine: Engine) -> None:
    """Nothing, if it has translated since its start and has a worker that is ready.

    Raises:
        RefusedError: 503 otherwise.
    """
    if not engine.is_warm or not await engine.is_ready():
        raise RefusedError(503, "not_ready", "no worker is ready to translate", retry_after_s=1)
