"""TorchServe behind the gateway: each batch that has gathered is one HTTP request to it, with its token.

`serving.supervising` starts it, and starts it again; `serving.tokens` renews its tokens. What comes from the handler is
passed on as it is, and what TorchServe says itself (a worker died, its queue is full) is a 503 that may be tried again.
"""

import asyncio
import contextlib
from collections.abc import Sequence

import httpx

from enface.bundle import Manifest
from enface.errors import EnfaceError, ServingError
from serving.bodies import BATCH_SECONDS_HEADER, Reply
from serving.gateway.errors import RefusedError
from serving.gateway.gathering import MOST_TOGETHER, Answered, Gathering
from serving.gateway.loopback import Answer, Connections
from serving.gateway.metrics import Metrics
from serving.parcels import PARCEL_TYPE, REPLIES_HEADER, packed, parted
from serving.supervising import Supervised
from serving.tasks import Task
from serving.tokens import was_refused
from serving.torchserve import HOST, TorchServe, has_ready_worker

_PARCEL = {"Content-Type": PARCEL_TYPE}
_ASK_S = 2.0
_FRESH_EVERY_S = 60.0
_STARTING_S = 3
_RENEWAL_PAUSES, _RENEWAL_PAUSE_S = 20, 0.05


class TorchServeEngine:
    """The engine that is a TorchServe on the loopback."""

    def __init__(
        self,
        manifest: Manifest,
        supervised: Supervised,
        metrics: Metrics,
        *,
        workers: int = 1,
        together: int = MOST_TOGETHER,
    ) -> None:
        """Nothing is asked before `start`.

        Args:
            manifest: of the bundle in TorchServe's archive.
            supervised: keeps TorchServe running.
            metrics: learns of each batch.
            workers: TorchServe's, and so the batches that it is sent at once.
            together: the most requests of a batch.
        """
        self.manifest = manifest
        self._supervised = supervised
        self._gathering = Gathering(self._together, metrics, at_once=workers, most=together)
        self._served: TorchServe | None = None
        self._connections = Connections(HOST, 0)

    @property
    def is_warm(self) -> bool:
        """Whether a server is there; it has answered a translation before it is."""
        return self._supervised.current is not None

    @property
    def failure(self) -> EnfaceError | None:
        """Why no server will come any more."""
        return self._supervised.failure

    async def start(self) -> None:
        """Opens the client, and begins to keep the token fresh."""
        self._client = httpx.AsyncClient(trust_env=False, timeout=_ASK_S)
        self._fresh = asyncio.create_task(self._keep_token_fresh())

    async def stop(self) -> None:
        """Closes the connections; the server is its supervisor's."""
        self._fresh.cancel()
        await self._gathering.stop()
        self._connections.close()
        await self._client.aclose()

    async def is_ready(self) -> bool:
        """Whether TorchServe has a worker that is ready."""
        server = self._supervised.current
        with contextlib.suppress(httpx.TransportError, ServingError):
            if server:
                return has_ready_worker(await self._client.get(server.management_address, auth=server.management_auth))
        return False

    async def answer(self, task: Task, request_id: str) -> Reply:
        """The handler's reply.

        Raises:
            RefusedError: 503; TorchServe starts, ended meanwhile, or refuses.
        """
        return await self._gathering.answer(task, request_id)

    async def metrics(self) -> bytes:
        """TorchServe's own figures."""
        server = self._supervised.current
        with contextlib.suppress(httpx.TransportError):
            if server:
                return (await self._client.get(server.metrics_address)).content
        return b""

    async def _together(self, tasks: Sequence[Task], ids: Sequence[str]) -> Answered:
        """The replies to a batch; what did not fit into one request or response is asked for in another.

        Raises:
            RefusedError: 503; TorchServe starts, ended meanwhile, or refuses.
        """
        replies: list[Reply] = []
        seconds = 0.0
        while len(replies) < len(tasks):
            answer = await self._answer_of(self._server(), packed(tasks[len(replies) :], ids[len(replies) :]))
            if REPLIES_HEADER.lower() not in answer.headers:
                message = f"TorchServe answered {answer.status} itself; try again"
                raise RefusedError(503, "unavailable", message, retry_after_s=1)
            seconds += float(answer.headers[BATCH_SECONDS_HEADER.lower()])
            replies += parted(answer.headers[REPLIES_HEADER.lower()], answer.content)
        return Answered(replies, seconds)

    async def _answer_of(self, server: TorchServe, content: bytes) -> Answer:
        """The answer; a connection that ends before one is tried once more, for it may have been an old one."""
        for last_try in (False, True):
            try:
                return await self._authorized(server, content)
            except (OSError, ServingError):
                self._connections.close()
                if last_try:
                    raise RefusedError(503, "unavailable", "TorchServe ended; try again", retry_after_s=1) from None
        raise AssertionError("the last try answers or raises")

    async def _authorized(self, server: TorchServe, content: bytes) -> Answer:
        """The answer; where the token is renewed meanwhile, or should be, once that is done."""
        path = httpx.URL(server.address).path
        for pause in range(_RENEWAL_PAUSES):
            answer = await self._connections.post(path, _PARCEL | server.auth.headers(), content)
            if not was_refused(answer.status, answer.content):
                break
            if pause == 0:
                await self._use_token(server)
            await asyncio.sleep(_RENEWAL_PAUSE_S)
        return answer

    def _server(self) -> TorchServe:
        """The server that there is now, with connections to it."""
        server = self._supervised.current
        if server is None:
            message = "the translator is being started; try again"
            raise RefusedError(503, "unavailable", message, retry_after_s=_STARTING_S)
        if server is not self._served:
            self._connections.close()
            self._served, self._connections = server, Connections(HOST, server.ports.inference)
        return server

    async def _keep_token_fresh(self) -> None:
        while True:
            await asyncio.sleep(_FRESH_EVERY_S)
            if server := self._supervised.current:
                await self._use_token(server)

    async def _use_token(self, server: TorchServe) -> None:
        """Asks for next to nothing, and so has the token renewed where its end is near."""
        with contextlib.suppress(httpx.TransportError, ServingError):
            await self._client.get(httpx.URL(server.address).join("/ping"), auth=server.auth)
