"""Whether the gateway is there, whether it translates, and its figures: for probes and Prometheus, without a key."""

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import Response

from serving.gateway.engine import Engine
from serving.gateway.errors import RefusedError
from serving.gateway.schemas import REFUSALS, ErrorAnswer, Responses
from serving.gateway.service import Service

_NOT_READY: Responses = {503: {"model": ErrorAnswer, "description": REFUSALS[503]}}


def health_routes(service: Service) -> APIRouter:
    """The routes for probes and for Prometheus."""
    router = APIRouter(tags=["Health"])

    @router.get("/healthz", summary="Whether the server is there")
    async def healthz() -> dict[str, str]:
        return {"status": "live"}

    @router.get("/readyz", summary="Whether it translates", responses=_NOT_READY)
    async def readyz() -> dict[str, str]:
        await check_ready(service.engine)
        return {"status": "ready"}

    @router.get("/metrics", summary="Figures for Prometheus", response_class=Response)
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
