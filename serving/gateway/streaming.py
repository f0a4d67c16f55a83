"""A translation as server-sent events: each word when it is decided, then the whole answer.

The search is asked again and again, each time for half as many steps more, until it has ended. A word is decided when
every hypothesis of the beam has it and goes on behind it (`enface.inference.beginning`); the search continues none but
those, so a decided word stays. All searches together cost about three times the last of them. Rounding may differ
from one search to the next where two hypotheses are as good as equal: should a word change after all, `revised` says
from which on, and the words are sent again; so too where the model is replaced meanwhile, and `source` comes again.

    event: source    {"model": {...}, "tokens": [...], "spans": [...]}
    event: word      {"index": 0, "token": "Ein", "span": [0, 3], "weights": [...], "links": [0]}
    event: revised   {"index": 0}
    event: answer    what POST /v1/translate answers
    event: error     the JSON of a refusal, in place of the answer
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from enface.inference.options import MAX_LENGTH
from serving.bodies import to_json
from serving.gateway.errors import RefusedError, error_body, unprocessable
from serving.gateway.refusals import responses
from serving.gateway.schemas import EXAMPLE, PLAIN_TEXT, StreamRequest, request_body, schema_of
from serving.gateway.service import Service, while_connected
from serving.tasks import Task

_FIRST_STEPS = 4
_TAKE_S = 10.0
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
_EVENT = {
    "type": "object",
    "properties": {
        "event": {"type": "string", "enum": ["source", "word", "revised", "answer", "error"]},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
    "required": ["event", "data"],
}
_EVENTS = "Events: source, word (one each), revised (should a word change), answer or error."


def streaming_routes(service: Service) -> APIRouter:
    """The route of the stream."""
    router = APIRouter(prefix="/v1", tags=["Translation"])
    described = responses(None, _EVENTS)
    described[200]["content"] = {"text/event-stream": {"schema": _EVENT}}

    @router.post(
        "/translate/stream",
        summary="Translate one text, word by word as they are decided",
        responses=described,
        openapi_extra=request_body(schema_of(StreamRequest), {"text": EXAMPLE}, **PLAIN_TEXT),
        response_class=StreamingResponse,
    )
    async def stream(request: Request) -> Response:
        service.admit(request)
        search = Search(service, request, await service.read_value(request))
        async with contextlib.AsyncExitStack() as place:
            await place.enter_async_context(service.place())
            first = await while_connected(request, search.first())
            until = search.time_limit + _TAKE_S
            return EventStream(search.events(first), until=until, on_end=place.pop_all().aclose)

    return router


class Search:
    """One text's search, asked for more and more steps.

    Attributes:
        time_limit: when its answer must be there, on the event loop's clock.
    """

    def __init__(self, service: Service, request: Request, value: Any) -> None:
        """Nothing is asked yet.

        Raises:
            RefusedError: 422 or 413, where the request cannot be answered.
        """
        if isinstance(value, dict) and isinstance(value.get("text"), list):
            raise unprocessable("text: got a list, need one string; a stream has one translation")
        self._service = service
        self._request = request
        self._value = value
        self._steps = search_steps()
        self.time_limit = service.time_limit()
        self._task = self._next_task()

    async def first(self) -> dict[str, Any]:
        """The answer to the first steps."""
        return await self._begun(self._task)

    async def events(self, begun: dict[str, Any]) -> AsyncIterator[bytes]:
        """The events that follow from the answer to the first steps, and from those that it asks for."""
        [entry] = begun["translations"]
        yield _source(begun)
        sent: list[dict[str, Any]] = []
        try:
            while True:
                words = list(_words(entry["translation"] or entry))
                kept = _agreeing(sent, words)
                if kept < len(sent):
                    yield event("revised", {"index": kept})
                for word in words[kept:]:
                    yield event("word", word)
                sent = words
                if entry["translation"]:
                    break
                before, begun = begun, await self._begun(self._next_task())
                [entry] = begun["translations"]
                if begun["model"] != before["model"]:
                    yield event("revised", {"index": 0}) + _source(begun)
                    sent = []
        except RefusedError as error:
            self._service.metrics.rejects.labels(error.code).inc()
            yield event("error", error_body(error, self._request.state.request_id))
            return
        self._service.count(self._task)
        yield event("answer", {"model": begun["model"], "translations": [entry["translation"]]})

    async def _begun(self, task: Task) -> dict[str, Any]:
        return dict(json.loads(await self._service.within(self.time_limit, self._request, task)))

    def _next_task(self) -> Task:
        return self._service.task("begin", self._value, steps=next(self._steps))


class EventStream(StreamingResponse):
    """A stream of events that says when it is over, whichever way."""

    def __init__(self, events: AsyncIterator[bytes], *, until: float, on_end: Callable[[], Awaitable[None]]) -> None:
        """Nothing is sent yet.

        Args:
            events: what is sent.
            until: when it must have been taken, on the event loop's clock; who does not read keeps no place.
            on_end: called when it is over.
        """
        super().__init__(events, headers=_HEADERS, media_type="text/event-stream")
        self._until = until
        self._on_end = on_end

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Sends the events until they, the client's patience or the time end."""
        try:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(self._until):
                    await super().__call__(scope, receive, send)
        finally:
            await self._on_end()


def event(name: str, data: dict[str, Any]) -> bytes:
    """One server-sent event."""
    return b"event: " + name.encode() + b"\ndata: " + to_json(data) + b"\n\n"


def _source(begun: dict[str, Any]) -> bytes:
    return event("source", {"model": begun["model"]} | begun["translations"][0]["source"])


def search_steps() -> Iterator[int]:
    """How many steps each search has; the last has as many as any translation may, and so an end."""
    steps = _FIRST_STEPS
    while steps < MAX_LENGTH:
        yield steps
        steps += steps // 2
    yield MAX_LENGTH


def _words(entry: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Each decided token, with its row of the alignment where there is one."""
    target, alignment = entry["target"], entry.get("alignment")
    for index, (token, span) in enumerate(zip(target["tokens"], target["spans"], strict=True)):
        word = {"index": index, "token": token, "span": span}
        if alignment:
            links = [source for source, of in alignment["links"] if of == index]
            word |= {"weights": alignment["matrix"][index], "links": links}
        yield word


def _agreeing(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> int:
    """How many tokens are the same in both, before the first that is not."""
    for index, (old, new) in enumerate(zip(before, after, strict=False)):
        if (old["token"], old["span"]) != (new["token"], new["span"]):
            return index
    return min(len(before), len(after))
