"""What every route does with a request: who asks, what is asked, and the answer while somebody waits for it.

In this order: the key (401), the client's rate (429), the body (408, 413, 400), what it says (422, 413), a place (503),
the engine within its time (503). The routes differ only in the shapes that they read and write.
"""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable
from dataclasses import replace
from typing import Any, TypeVar

from starlette.requests import Request

from enface.alignment.words import word_spans
from enface.errors import RequestError
from enface.inference.judge import Judge
from serving.bodies import read_body
from serving.gateway.engine import Engine
from serving.gateway.errors import CLIENT_GONE, RefusedError, engine_refusal, unprocessable
from serving.gateway.judging import Judging
from serving.gateway.keys import KeyFile
from serving.gateway.limits import Limits, Places, Rates
from serving.gateway.metrics import Metrics
from serving.gateway.reading import body_of
from serving.tasks import Kind, Task, TooLongError, parse_task

Answer = TypeVar("Answer")


class Service:
    """One engine, and the limits of what is asked of it.

    Attributes:
        engine: answers.
        metrics: counts.
        judging: asks the judge.
    """

    def __init__(
        self, engine: Engine, metrics: Metrics, *, limits: Limits, keys: KeyFile | None, judge: Judge | None = None
    ) -> None:
        """Without `keys` everybody is answered, without `judge` nothing is judged."""
        self.engine = engine
        self.metrics = metrics
        self.judging = Judging(judge)
        self._limits = limits
        self._keys = keys
        self._places = Places(limits.places)
        self._rates = Rates(limits.rate_per_s)

    def admit(self, request: Request, key: str | None = None) -> None:
        """Nothing, if the request's sender may ask now.

        Args:
            request: with the key as `Authorization: Bearer ...` or `X-API-Key: ...`.
            key: the key where it stands elsewhere.

        Raises:
            RefusedError: 401 without a known key, 429 over the rate.
        """
        name = ""
        if self._keys:
            presented = key or presented_key(request)
            found = self._keys.name_of(presented) if presented else None
            if found is None:
                message = "no key that is known; send one as Authorization: Bearer KEY, or as X-API-Key"
                raise RefusedError(401, "unauthorized", message, headers={"WWW-Authenticate": "Bearer"})
            name = found
        self._rates.take(name)

    async def read(self, request: Request) -> bytes:
        """The request's body.

        Raises:
            RefusedError: as `body_of`.
        """
        start = time.perf_counter()
        body = await body_of(request, self._limits)
        self.metrics.stage("read", time.perf_counter() - start)
        return body

    async def read_value(self, request: Request) -> Any:
        """The JSON value of the request's body, or that which asks for the text that it is.

        Raises:
            RefusedError: as `read`; 400 where it cannot be read.
        """
        return value_of(await self.read(request), request.headers.get("content-type", ""))

    def task(self, kind: Kind, value: Any, *, steps: int = 0) -> Task:
        """The task that the JSON asks for.

        Raises:
            RefusedError: 422 or 413, where it asks for what cannot be answered.
        """
        rest, is_judged = self.judging.taken_from(value)
        try:
            return replace(parse_task(kind, rest, self.engine.manifest, steps=steps), is_judged=is_judged)
        except TooLongError as error:
            raise RefusedError(413, "texts_too_long", str(error)) from None
        except RequestError as error:
            raise unprocessable(str(error)) from None

    async def answer(self, request: Request, task: Task) -> bytes:
        """The JSON that answers the task, as the translator's handler gives it; judged, where that was asked for.

        Raises:
            RefusedError: there is no place, the client went away, or the engine cannot answer in time.
        """
        async with self.place():
            content = await while_connected(request, self.within(self.time_limit(), request, task))
        self.count(task)
        return content

    def count(self, task: Task) -> None:
        """Adds the words of a task that has been answered."""
        self.metrics.words.inc(sum(len(word_spans(source)) for source in task.sources))

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place among those that are answered, for as long as the block lasts.

        Raises:
            RefusedError: 503 where all are taken.
        """
        self._places.take()
        self.metrics.in_progress.inc()
        try:
            yield
        finally:
            self._places.give_back()
            self.metrics.in_progress.dec()

    def time_limit(self) -> float:
        """When an answer that begins now must be there, on the event loop's clock."""
        return asyncio.get_running_loop().time() + self._limits.answer_s

    async def within(self, time_limit: float, request: Request, task: Task) -> bytes:
        """The engine's answer until then, with the judge's opinion where that was asked for.

        Raises:
            RefusedError: 503 where it is not; as the engine.
        """
        try:
            async with asyncio.timeout_at(time_limit):
                status, content = await self.engine.answer(task, request.state.request_id)
                if status == 200 and task.is_judged:
                    content = await self.judging.judged(task, content)
        except TimeoutError:
            message = f"the answer took more than {self._limits.answer_s:g} s; try again, or send less text"
            raise RefusedError(503, "too_slow", message, retry_after_s=1) from None
        if status != 200:
            raise engine_refusal(status, content)
        return content


def presented_key(request: Request) -> str | None:
    """The key in the request's headers, whose bytes are taken as UTF-8."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    found = key.strip() if scheme.lower() == "bearer" and key else request.headers.get("x-api-key")
    return found and found.encode("latin-1").decode("utf-8", errors="replace")


def value_of(body: bytes, content_type: str) -> Any:
    """The JSON value of a body.

    Raises:
        RefusedError: 400 where it is not JSON, nor a text.
    """
    try:
        return read_body(body, content_type)
    except RequestError as error:
        raise RefusedError(400, "bad_request", str(error)) from None


async def while_connected(request: Request, work: Awaitable[Answer]) -> Answer:
    """What `work` gives, which is cancelled when the client goes away; the request's body has been read.

    It is done in the task that asks: one of its own for every request would cost more than listening does.

    Raises:
        RefusedError: the client went away.
    """
    working, listening = asyncio.current_task(), asyncio.create_task(_disconnected(request))
    assert working, "a coroutine runs in a task"
    has_gone = False

    def on_gone(ended: "asyncio.Task[None]") -> None:
        nonlocal has_gone
        if not ended.cancelled():
            has_gone = True
            working.cancel()

    listening.add_done_callback(on_gone)
    try:
        return await work
    except asyncio.CancelledError:
        if not has_gone or working.uncancel():
            raise
        message = "the client went away before its answer was there"
        raise RefusedError(CLIENT_GONE, "client_gone", message) from None
    finally:
        listening.remove_done_callback(on_gone)
        listening.cancel()


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
