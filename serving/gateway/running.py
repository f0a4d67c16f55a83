"""The gateway as a server: the address it listens on, and uvicorn until it is told to stop.

SIGTERM and Ctrl-C drain: nothing new is accepted, what was accepted is answered, then it ends. Only the loopback is
listened on without keys.
"""

import errno
import ipaddress
import socket
from collections.abc import Callable

import uvicorn
from starlette.types import ASGIApp

from enface.errors import ParamsError, ServingError
from serving.gateway.connection import Connection
from serving.gateway.engine import Engine

_KEEP_ALIVE_S = 65
_DRAIN_MORE_S = 5


def check_host(host: str, *, has_keys: bool) -> None:
    """Nothing, if that address may be listened on.

    Raises:
        ParamsError: it is none, or others than this machine reach it and no key is asked for.
    """
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        raise ParamsError(f"--host: got {host!r}, need an address such as 127.0.0.1 or 0.0.0.0") from None
    if not address.is_loopback and not has_keys:
        raise ParamsError(
            f"--host: got {host}, which other machines reach, but no --keys; name a file of keys, or use 127.0.0.1"
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on that port; on the loopback, where it is taken, on any free one.

    Raises:
        ServingError: the address is not this machine's, the port may not be used, or others would look for it on a
            port that is taken.
    """
    kind = socket.AF_INET6 if ":" in host else socket.AF_INET
    for asked in (port, 0):
        # with TCP by name: only then does asyncio send each answer at once, and not 40 ms later (TCP_NODELAY)
        listening = socket.socket(kind, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, asked))
            listening.listen(2048)
        except OSError as error:
            listening.close()
            is_taken = error.errno == errno.EADDRINUSE
            if not (is_taken and ipaddress.ip_address(host).is_loopback) or asked == 0:
                raise ServingError(f"{host} port {asked}: cannot be listened on: {error.strerror}") from None
        else:
            return listening
    raise AssertionError("the second port is free or refused")


def run(
    app: ASGIApp, listening: socket.socket, engine: Engine, *, drain_s: float, on_ready: Callable[[], None]
) -> None:
    """Answers what comes in until SIGTERM or Ctrl-C.

    Args:
        app: the application, which starts and stops the engine.
        listening: where requests come in.
        engine: looked after meanwhile.
        drain_s: the longest that an answer takes; what is not answered then when it stops, is given up.
        on_ready: called once, when the engine has translated.

    Raises:
        EnfaceError: the engine will not answer any more.
    """
    config = uvicorn.Config(
        app,
        http=Connection,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=int(drain_s + _DRAIN_MORE_S),
    )
    Server(config, engine, on_ready).run(sockets=[listening])
    if engine.failure:
        raise engine.failure


class Server(uvicorn.Server):
    """A server that ends with its engine, and tells when that is ready."""

    def __init__(self, config: uvicorn.Config, engine: Engine, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._engine = engine
        self._on_ready: Callable[[], None] | None = on_ready

    async def on_tick(self, counter: int) -> bool:
        """Looks after the engine, ten times a second; whether it is time to stop."""
        if self._on_ready and self._engine.is_warm:
            self._on_ready()
            self._on_ready = None
        if self._engine.failure:
            self.should_exit = True
        return await super().on_tick(counter)
