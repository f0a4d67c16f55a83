"""The page at /docs: every route with its body, an example and its answers, made from /openapi.json.

The usual pages for an OpenAPI document load a script from a third party. This one is plain HTML that loads nothing, and
whoever wants more opens /openapi.json in a tool of their own.
"""

import base64
import hashlib
import html
import json
from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, FastAPI
from starlette.requests import Request
from starlette.responses import HTMLResponse

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
section { border-top: 1px solid; margin-top: 1.5rem; }
code, pre { font: 0.9rem/1.4 ui-monospace, monospace; }
pre { overflow-x: auto; border: 1px solid; padding: 0.5rem; }
td { vertical-align: top; padding-right: 1rem; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; frame-ancestors 'none'; base-uri 'none'"

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><style>{style}</style></head>
<body><main><h1>{title} {version}</h1>
<p>{description}</p>
<p>For programs: <a href="/openapi.json">/openapi.json</a></p>
{sections}
</main></body></html>
"""


def document_routes(app: FastAPI) -> APIRouter:
    """The route of the page."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs(request: Request) -> HTMLResponse:
        return HTMLResponse(page(app.openapi()), headers={"Content-Security-Policy": _POLICY})

    return router


def page(document: dict[str, Any]) -> str:
    """The HTML that shows an OpenAPI document."""
    sections = [
        _section(path, method, operation)
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    ]
    escaped = {name: html.escape(document["info"][name]) for name in ("title", "version", "description")}
    return _PAGE.format(style=_STYLE, sections="\n".join(sections), **escaped)


def _section(path: str, method: str, operation: dict[str, Any]) -> str:
    parts = [
        f"<section><h2><code>{method.upper()} {html.escape(path)}</code></h2>",
        f"<p>{html.escape(operation.get('summary', ''))}</p>",
        *_bodies(operation.get("requestBody", {}).get("content", {})),
        "<table>",
        *(
            f"<tr><td>{html.escape(status)}</td><td>{html.escape(response['description'])}</td></tr>"
            for status, response in operation["responses"].items()
        ),
        "</table></section>",
    ]
    return "\n".join(parts)


def _bodies(content: dict[str, Any]) -> Iterator[str]:
    """Each kind of body, with its fields and an example."""
    for kind, described in content.items():
        fields = described["schema"].get("properties", {})
        required = described["schema"].get("required", [])
        names = ", ".join(f"<code>{html.escape(name)}</code>{'*' if name in required else ''}" for name in fields)
        yield f"<p><code>{html.escape(kind)}</code>{': ' + names + ' (* needed)' if names else ''}</p>"
        if "example" in described:
            yield f"<pre>{html.escape(json.dumps(described['example'], ensure_ascii=False, indent=2))}</pre>"
