"""What every request passes on its way in and out: its id, its time, its headers, and the end of any fault.

The one broad `except` of the gateway stands here. A fault is logged with where it was raised, never with its message,
which may hold a user's text.
"""

import logging
import re
import time
import traceback
import uuid

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.gateway.errors import CLIENT_GONE, RefusedError, error_response
from serving.gateway.metrics import Metrics

_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

logger = logging.getLogger("enface.gateway")


class Edge:
    """Wraps the application; every response leaves through it."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        start = time.perf_counter()
        request_id = _request_id(Headers(scope=scope))
        scope.setdefault("state", {})["request_id"] = request_id
        sent: list[int] = []

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                sent.append(message["status"])
                _complete(MutableHeaders(scope=message), request_id)
            await send(message)

        try:
            app = _refuse_two_lengths if _has_two_lengths(scope) else self._app
            await app(scope, receive, send_with_headers)
        except Exception as error:
            frames = "".join(traceback.format_tb(error.__traceback__))
            logger.error("Request %s failed on a %s:\n%s", request_id, type(error).__name__, frames)
            scope["state"]["refused"] = "internal"
            if not sent:
                message = f"our fault; in the log it is {request_id}"
                response = error_response(RefusedError(500, "internal", message), request_id)
                await response(scope, receive, send_with_headers)
        finally:
            self._count(scope, sent, time.perf_counter() - start)

    def _count(self, scope: Scope, sent: list[int], seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        self._metrics.requests.labels(route, sent[0] if sent else CLIENT_GONE).inc()
        self._metrics.stage("total", seconds)
        if reason := scope["state"].get("refused"):
            self._metrics.rejects.labels(reason).inc()


def _request_id(headers: Headers) -> str:
    """The client's own id where it is one that can stand in a log, else a new one."""
    given = headers.get("x-request-id", "")
    return given if _ID.fullmatch(given) else uuid.uuid4().hex


def _has_two_lengths(scope: Scope) -> bool:
    return {b"content-length", b"transfer-encoding"} <= {name for name, _ in scope["headers"]}


async def _refuse_two_lengths(scope: Scope, receive: Receive, send: Send) -> None:
    """Refuses a body of two lengths: a proxy before us may have taken the other one (RFC 9112, 6.1)."""
    scope["state"]["refused"] = "bad_request"
    message = "the body has a Content-Length and a Transfer-Encoding; send one of them"
    error = RefusedError(400, "bad_request", message, headers={"Connection": "close"})
    await error_response(error, scope["state"]["request_id"])(scope, receive, send)


def _complete(headers: MutableHeaders, request_id: str) -> None:
    headers["X-Request-ID"] = request_id
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
