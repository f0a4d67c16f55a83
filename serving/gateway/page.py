"""The page at /: a text and its translation facing each other, with what the answer says of where each word came from.

Its files stand in `serving/page/`; what they do is said in each, and in docs/page.md. Here is how they are sent: fixed
files that are read once, no key asked (the page asks for one where the API wants it), and a policy by which a browser
takes scripts, styles, pictures and answers from this server alone, and none that stand within the page.
"""

import hashlib
from pathlib import Path

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

_FOLDER = Path(__file__).parent.parent / "page"
_INDEX = "index.html"
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": _POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
_METHODS = ["GET", "HEAD"]


class PageFile:
    """One file of the page, as it is sent."""

    def __init__(self, path: Path) -> None:
        self._content = path.read_bytes()
        self._type = _TYPES[path.suffix]
        self._tag = f'"{hashlib.sha256(self._content).hexdigest()[:32]}"'

    def answer(self, request: Request) -> Response:
        """The file; 304 where the client has it already."""
        headers = _HEADERS | {"ETag": self._tag}
        if _has(request.headers.get("if-none-match", ""), self._tag):
            return Response(status_code=304, headers=headers)
        return Response(self._content, headers=headers, media_type=self._type)


def page_routes() -> APIRouter:
    """The routes of the page and of what it is made of."""
    files = {path.name: PageFile(path) for path in sorted(_FOLDER.iterdir()) if path.suffix in _TYPES}
    index = files.pop(_INDEX)
    router = APIRouter(include_in_schema=False)

    @router.api_route("/", methods=_METHODS)
    async def page(request: Request) -> Response:
        return index.answer(request)

    @router.api_route("/page/{name}", methods=_METHODS)
    async def part(request: Request, name: str) -> Response:
        if name not in files:
            raise HTTPException(404)
        return files[name].answer(request)

    return router


def _has(tags: str, tag: str) -> bool:
    """Whether `If-None-Match` names the tag; a proxy that compresses marks it as weak (RFC 9110, section 13.1.2)."""
    return tags.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in tags.split(","))
