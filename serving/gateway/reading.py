"""The body of a request, read within its limits of bytes and time."""

import asyncio

from starlette.requests import ClientDisconnect, Request

from serving.gateway.errors import CLIENT_GONE, RefusedError
from serving.gateway.limits import Limits


async def body_of(request: Request, limits: Limits) -> bytes:
    """The whole body.

    Raises:
        RefusedError: it is too large, does not arrive in time, or its sender went away.
    """
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > limits.body_bytes:
        raise _too_large(limits)
    body = bytearray()
    try:
        async with asyncio.timeout(limits.body_s):
            async for part in request.stream():
                body += part
                if len(body) > limits.body_bytes:
                    raise _too_large(limits)
    except TimeoutError:
        message = f"after {limits.body_s:g} s the body was not complete; send it faster, or less of it"
        raise RefusedError(408, "body_too_slow", message, headers={"Connection": "close"}) from None
    except ClientDisconnect:
        raise RefusedError(CLIENT_GONE, "client_gone", "the client went away before its body was complete") from None
    return bytes(body)


def _too_large(limits: Limits) -> RefusedError:
    return RefusedError(413, "body_too_large", f"the body has more than {limits.body_bytes:,} bytes")
