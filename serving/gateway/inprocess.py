"""The translator inside the gateway: threads that answer the batches that gather."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from enface.bundle import Manifest
from enface.errors import EnfaceError, ServingError
from enface.inference.translator import Translator
from serving.answering import answer_tasks
from serving.bodies import Reply
from serving.gateway.gathering import MOST_TOGETHER, Answered, Gathering
from serving.gateway.metrics import Metrics
from serving.tasks import Task, parse_task

_WARM_UP = "warm-up"


class InProcessEngine:
    """The engine that is one translator and a few threads.

    Attributes:
        is_warm: whether it has translated since it was started.
        failure: why it cannot translate, as its first translation has shown.
    """

    def __init__(
        self, translator: Translator, metrics: Metrics, *, workers: int = 1, together: int = MOST_TOGETHER
    ) -> None:
        """Nothing runs before `start`.

        Args:
            translator: answers; it is called by several threads where there are several workers.
            metrics: learns of each batch.
            workers: batches that are translated side by side.
            together: the most requests of a batch.
        """
        self.is_warm = False
        self.failure: EnfaceError | None = None
        self._translator = translator
        self._workers = workers
        self._gathering = Gathering(self._together, metrics, at_once=workers, most=together)

    @property
    def manifest(self) -> Manifest:
        """What the bundle says of itself."""
        return self._translator.manifest

    async def start(self) -> None:
        """Starts the threads, and translates once."""
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="translator")
        warm_up = parse_task("translate", {"text": "a"}, self.manifest)
        [(status, _)] = (await self._together([warm_up], [_WARM_UP])).replies
        self.is_warm = status == 200
        if not self.is_warm:
            self.failure = ServingError(f"the model cannot translate; the log has the reason under {_WARM_UP}")

    async def stop(self) -> None:
        """Ends the threads; what they are translating is finished."""
        self.is_warm = False
        await self._gathering.stop()
        await asyncio.to_thread(self._threads.shutdown)

    async def is_ready(self) -> bool:
        """Whether it has translated."""
        return self.is_warm

    async def answer(self, task: Task, request_id: str) -> Reply:
        """The reply, when its batch has been translated; cancelled before its turn, it is not translated at all."""
        return await self._gathering.answer(task, request_id)

    async def metrics(self) -> bytes:
        """None of its own."""
        return b""

    async def _together(self, tasks: Sequence[Task], ids: Sequence[str]) -> Answered:
        loop, start = asyncio.get_running_loop(), time.perf_counter()
        replies = await loop.run_in_executor(self._threads, answer_tasks, self._translator, tasks, ids)
        return Answered(replies, time.perf_counter() - start)
