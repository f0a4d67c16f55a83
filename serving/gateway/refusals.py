"""Which refusals a route has, as the OpenAPI document says it: their meaning, their schema and an example of each."""

from typing import Any

from pydantic import BaseModel

from serving.gateway.answers import ErrorAnswer

Responses = dict[int | str, dict[str, Any]]

_MEANINGS = {
    400: ("bad_request", "The body cannot be read: no UTF-8, no JSON, nothing there."),
    401: ("unauthorized", "No key that is known."),
    404: ("not_found", "No such model or version."),
    408: ("body_too_slow", "The body did not arrive in time."),
    413: ("body_too_large", "Too many bytes or characters, or the answer would be too large."),
    422: (
        "unprocessable",
        "The body can be read, but asks for what cannot be answered; a line for each problem. That is also what no "
        "schema says: n_best over beam_size, too many subwords, sides or shapes that do not fit each other, `judge` "
        "where there is none or the texts have tags.",
    ),
    429: ("too_many_requests", "Too many requests of this key; Retry-After says when the next may come."),
    500: ("internal", "A fault of the server's; the log has it under the request's id."),
    503: ("unavailable", "No place, no worker or not in time; Retry-After says when to try again."),
}
_RETRY_AFTER = {"Retry-After": {"description": "Seconds.", "schema": {"type": "string", "pattern": "^[0-9]+$"}}}
_REQUEST_ID = "2d2f8bfa7fc34a5fa563c82cd2a49aad"

TRANSLATING = (400, 401, 408, 413, 422, 429, 500, 503)
"""The refusals of every route that translates."""


def responses(success: type[BaseModel] | None, description: str, *others: int) -> Responses:
    """A route's answers: its own, and its refusals, by default those of a route that translates."""
    own: dict[str, Any] = {"model": success, "description": description} if success else {"description": description}
    described: Responses = {200: own}
    return described | {status: _refusal(status) for status in sorted(others or TRANSLATING)}


def _refusal(status: int) -> dict[str, Any]:
    code, meaning = _MEANINGS[status]
    example = {"error": {"code": code, "message": meaning, "request_id": _REQUEST_ID}}
    described = {"model": ErrorAnswer, "description": meaning, "content": {"application/json": {"example": example}}}
    return described | ({"headers": _RETRY_AFTER} if status in (429, 503) else {})
