"""The translator inside the gateway: threads that answer the batches that gather."""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from enface.bundle import Manifest
from enface.inference.translator import Translator
from serving.answering import answer_tasks
from serving.bodies import Reply
from serving.gateway.gathering import MOST_TOGETHER, Answered, Gathering
from serving.gateway.metrics import Metrics
from serving.tasks import Task


class InProcessEngine:
    """The engine that is one translator and a few threads."""

    failure = None

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
        await asyncio.get_running_loop().run_in_executor(self._threads, self._translator.translate, ["a"])
        self.is_warm = True

    async def stop(self) -> None:
        """Ends the threads; what they are translating is finished."""
        self.is_warm = False
        await self._gathering.stop()
        self._threads.shutdown()

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
