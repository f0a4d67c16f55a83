"""One connection of a client, as uvicorn's HTTP/1.1 with four things more.

- A request whose head does not arrive in time, or whose refused body never ends, is not waited for for ever.
- What is no HTTP at all is refused in the JSON shape of all refusals.
- Whoever is refused within its body can read why: the connection's end lingers.
- When the server stops, a connection that has just been opened still has its first request answered.
"""

import asyncio
import uuid
from typing import Any, cast

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from serving.bodies import to_json
from serving.gateway.errors import RefusedError, error_body
from serving.gateway.lingering import LingeringTransport

HEAD_S = 10.0
LINGER_S = 0.5


class Connection(H11Protocol):
    """The protocol that uvicorn makes for each connection."""

    _timer: asyncio.TimerHandle | None = None
    _is_draining = False

    def connection_made(self, transport: Any) -> None:
        """Begins to wait for the first request."""
        self._lingering = LingeringTransport(transport, self.loop, self._may_send)
        super().connection_made(cast(asyncio.Transport, self._lingering))
        self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forgets the connection."""
        self._wait_no_more()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Takes what has arrived; the time that a head may take is not begun anew by each part of it."""
        if self._lingering.is_lingering:
            self._lingering.discard(data)
            return
        super().data_received(data)
        if self._is_between_requests():
            self._wait()
            return
        self._wait_no_more()
        if self._is_draining:
            self._make_last()

    def shutdown(self) -> None:
        """Answers what is there, and what arrives within half a second, and closes."""
        self._is_draining = True
        if self._is_between_requests():
            self.loop.call_later(LINGER_S, self._close_between_requests)
        else:
            self._make_last()

    def send_400_response(self, msg: str) -> None:
        """Refuses what is no HTTP."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        request_id = uuid.uuid4().hex
        content = to_json(error_body(RefusedError(400, "bad_request", msg), request_id))
        headers = [
            ("content-type", "application/json"),
            ("content-length", str(len(content))),
            ("x-request-id", request_id),
            ("connection", "close"),
        ]
        for event in (
            h11.Response(status_code=400, headers=headers, reason=b"Bad Request"),
            h11.Data(content),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")
        self.transport.close()

    def _may_send(self) -> bool:
        return self.conn.their_state in (h11.SEND_BODY, h11.ERROR)

    def _is_between_requests(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _make_last(self) -> None:
        """Has the connection end with the request that is being answered, and tells the client so."""
        if self.cycle.keep_alive and not self.cycle.response_started:
            self.cycle.default_headers = [*self.cycle.default_headers, (b"connection", b"close")]
        self.cycle.keep_alive = False

    def _wait(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_S, self._close_between_requests)

    def _wait_no_more(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _close_between_requests(self) -> None:
        if self._is_between_requests():
            self.transport.close()
