"""A connection's end that lets the other side read what it was answered.

A socket that is closed with bytes unread, or that is sent more afterwards, resets the connection; the client, still
sending its body, may then lose the answer that says why it need not. So our side ends first, what still comes is read
and thrown away for a bounded time and a bounded number of bytes, and only then the whole is closed (RFC 9112, 9.6).
"""

import asyncio
from collections.abc import Callable
from typing import Any

DISCARD_S = 2.0
DISCARD_BYTES = 10_000_000

UNREAD_S = 30.0
"""In so long the other side is to read a twentieth of what is left of its answer, or the connection is cut off."""


class LingeringTransport:
    """A transport, but for its `close`, which lingers where the other side may still be sending."""

    def __init__(
        self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop, may_send: Callable[[], bool]
    ) -> None:
        """Nothing changes before `close`.

        Args:
            transport: does everything else.
            loop: closes it when the time is over.
            may_send: whether the other side has not ended what it sends.
        """
        self.is_lingering = False
        self._transport = transport
        self._loop = loop
        self._may_send = may_send
        self._left = DISCARD_BYTES

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        """Whether nothing more can be sent."""
        return self.is_lingering or self._transport.is_closing()

    def close(self) -> None:
        """Sends what is left to send, and no more; closes when the other side has, or its time or bytes are over.

        A second time it closes at once. What the other side does not read is not kept for ever.
        """
        if unread := self._transport.get_write_buffer_size():
            self._expect_less(unread, unread // 20 + 1)
        if self.is_closing() or not self._may_send():
            self._transport.close()
            return
        self.is_lingering = True
        self._transport.write_eof()
        self._transport.resume_reading()
        self._loop.call_later(DISCARD_S, self._transport.close)

    def _expect_less(self, unread: int, step: int) -> None:
        """Cuts the connection off where some time later it is not less by `step`; looks again if it is."""

        def look() -> None:
            left = self._transport.get_write_buffer_size()
            if left > unread - step:
                self._transport.abort()
            elif left:
                self._expect_less(unread - step, step)

        self._loop.call_later(UNREAD_S, look)

    def discard(self, data: bytes) -> None:
        """Throws away what came after the end."""
        self._left -= len(data)
        if self._left < 0:
            self._transport.close()
