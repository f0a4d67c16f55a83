"""Clients that ask for translations one after another, and enter into the ledger what became of each."""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import AsyncIterator

from benchmarks.chaos.expected import Expected
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.server import HOST
from serving.gateway.loopback import Answer, Connections

CLIENTS = 8
_ANSWER_S = 90.0
_STANDSTILL_S = 60.0
_PAUSE_S = 0.05


class Load:
    """A few clients at once, which send the texts of `expected` in turn.

    Attributes:
        count: requests that were answered, rightly or not.
        version: the only version that may answer; None: any that is known.
    """

    def __init__(self, port: int, key: str, expected: Expected, ledger: Ledger) -> None:
        """Nothing is sent yet."""
        self.count = 0
        self.version: str | None = None
        self._headers = {"Content-Type": "application/json", "Authorization": f"Bearer {key}"}
        self._connections = Connections(HOST, port)
        self._expected = expected
        self._ledger = ledger
        self._texts = itertools.cycle(expected.texts)
        self._is_over = False

    @contextlib.asynccontextmanager
    async def clients(self) -> AsyncIterator[None]:
        """The clients ask while the block lasts; what they have sent by its end is answered still."""
        clients = [asyncio.create_task(self._ask_on()) for _ in range(CLIENTS)]
        try:
            yield
        finally:
            self._is_over = True
            await asyncio.gather(*clients)
            self._connections.close()

    async def until(self, count: int, *, within_s: float = _STANDSTILL_S) -> bool:
        """Whether so many more requests were answered in time; returns as soon as they are."""
        enough, deadline = self.count + count, time.monotonic() + within_s
        while self.count < enough and time.monotonic() < deadline:
            await asyncio.sleep(_PAUSE_S)
        return self.count >= enough

    async def some(self, count: int = 50) -> None:
        """Returns when some more requests were answered; that takes next to no time, or all stands still."""
        if not await self.until(count):
            self._ledger.violate(f"within {_STANDSTILL_S:g} s not even {count} requests were answered")

    async def ask(self, *, key: str | None = None, right: int = 200) -> int:
        """The status that one request got; 0 if it was lost.

        Args:
            key: another than the clients' own.
            right: the status that it must get; in place of 200 it may be 503 while a fault is on.
        """
        text, sent_at, version = next(self._texts), time.monotonic(), self.version
        headers = self._headers | ({"Authorization": f"Bearer {key}"} if key else {})
        self._ledger.sent += 1
        body = json.dumps({"text": text}, ensure_ascii=False).encode()
        try:
            async with asyncio.timeout(_ANSWER_S):
                answer = await self._connections.post("/v1/translate", headers, body)
        except (OSError, TimeoutError) as error:
            self._ledger.lose(f"a translation, by {type(error).__name__}")
            return 0
        self.count += 1
        if answer.status != right:
            self._enter_refusal(answer, sent_at, right)
        elif right != 200:
            self._ledger.refused[right] += 1
        elif problem := self._expected.problem(text, json.loads(answer.content), version):
            self._ledger.violate(f"wrong: {problem}")
        else:
            self._ledger.answered += 1
        return answer.status

    async def recovery_s(self, since: float) -> float:
        """How long after `since` the first request that was sent later was answered, a minute at most."""
        while await self.ask() != 200 and time.monotonic() - since < _STANDSTILL_S:
            await asyncio.sleep(_PAUSE_S)
        return time.monotonic() - since

    async def _ask_on(self) -> None:
        while not self._is_over:
            if await self.ask() != 200:
                await asyncio.sleep(_PAUSE_S)

    def _enter_refusal(self, answer: Answer, sent_at: float, right: int) -> None:
        if answer.status == 503 and self._ledger.may_refuse(sent_at) and answer.headers.get("retry-after"):
            self._ledger.refused[503] += 1
        else:
            self._ledger.violate(f"a translation got {answer.status}, need {right}")
