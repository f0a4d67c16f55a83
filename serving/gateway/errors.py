"""Every refusal of the gateway: its status, its code, and the one JSON shape that all of them have.

    {"error": {"code": "too_busy", "message": "100 requests are being answered; try again", "request_id": "..."}}

Why something is refused is said where it is; here is what a client sees. No message holds a user's text.
"""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from enface.errors import EnfaceError
from serving.bodies import to_json

CLIENT_GONE = 499
"""The status that a request counts under whose client did not wait; nobody receives it."""

_CODES = {400: "bad_request", 404: "not_found", 405: "method_not_allowed"}


class RefusedError(EnfaceError):
    """A request that is not answered.

    Attributes:
        status: of HTTP.
        code: a word for programs.
        retry_after_s: when it is worth trying again, where it is.
        headers: what else the status asks for.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        retry_after_s: int | None = None,
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.retry_after_s = retry_after_s
        self.headers = headers or {}


def engine_refusal(status: int, content: bytes) -> RefusedError:
    """What an engine's refusal becomes: its 400 is a 422 here, where the body has been read already."""
    error = json.loads(content)["error"]
    if status == 400:
        return unprocessable(error["message"])
    return RefusedError(status, error["code"], error["message"], retry_after_s=1 if status == 503 else None)


def unprocessable(message: str) -> RefusedError:
    """The refusal of a body that can be read, but asks for what cannot be answered."""
    return RefusedError(422, "unprocessable", message)


def error_response(error: RefusedError, request_id: str) -> Response:
    """The refusal as it is sent."""
    headers = dict(error.headers)
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    content = to_json(error_body(error, request_id))
    return Response(content, error.status, headers, media_type="application/json")


def error_body(error: RefusedError, request_id: str) -> dict[str, Any]:
    """The JSON of a refusal."""
    return {"error": {"code": error.code, "message": str(error), "request_id": request_id}}


async def on_refused(request: Request, error: Exception) -> Response:
    """The answer to a request that was refused; Starlette calls it."""
    assert isinstance(error, RefusedError)
    request.state.refused = error.code
    return error_response(error, request.state.request_id)


async def on_http_exception(request: Request, error: Exception) -> Response:
    """The answer to a path or method that does not exist; Starlette calls it."""
    assert isinstance(error, HTTPException)
    message = f"{error.detail}; what there is, stands at /docs"
    code = _CODES.get(error.status_code, "refused")
    refused = RefusedError(error.status_code, code, message, headers=dict(error.headers or {}))
    return await on_refused(request, refused)
