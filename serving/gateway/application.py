"""The gateway as one ASGI application: the routes, and what all of them have around them."""

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from fastapi import FastAPI
from starlette.exceptions import HTTPException

from enface import __version__
from serving.gateway.documents import document_routes
from serving.gateway.edge import Edge
from serving.gateway.errors import RefusedError, on_http_exception, on_refused
from serving.gateway.health import health_routes
from serving.gateway.libretranslate import libretranslate_routes
from serving.gateway.open_inference import open_inference_routes
from serving.gateway.page import page_routes
from serving.gateway.service import Service
from serving.gateway.streaming import streaming_routes
from serving.gateway.translating import translating_routes

_DESCRIPTION = "Translations that show where every word came from."
_KEYS = {
    "bearer": {"type": "http", "scheme": "bearer", "description": "Needed where the server has keys."},
    "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
}


class Application(FastAPI):
    """FastAPI, whose document says how a key is sent."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document."""
        document = super().openapi()
        document["components"]["securitySchemes"] = _KEYS
        return document


def make_application(service: Service) -> Application:
    """The application that answers with `service`, whose engine it starts and stops."""

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await service.engine.start()
        try:
            yield
        finally:
            await service.judging.stop()
            await service.engine.stop()

    app = Application(
        title="Enface",
        version=__version__,
        description=_DESCRIPTION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,  # a redirect would go to whatever Host says
        exception_handlers={RefusedError: on_refused, HTTPException: on_http_exception},
    )
    app.add_middleware(Edge, metrics=service.metrics)
    for routes in (translating_routes, streaming_routes, libretranslate_routes, open_inference_routes, health_routes):
        app.include_router(routes(service))
    app.include_router(document_routes(app))
    app.include_router(page_routes())
    return app
