"""The translator inside the gateway: a queue, and threads that take from it whatever waits, a batch at a time.

Nothing is held back to fill a batch. While one batch is translated the next gathers by itself, so that a lone request
waits for nobody and many at once share their passes through the graph. A task whose request was given up is left out
when its turn comes.
"""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from enface.bundle import Manifest
from enface.inference.translator import Translator
from serving.answering import answer_tasks
from serving.bodies import Reply
from serving.gateway.metrics import Metrics
from serving.tasks import Task

MOST_TOGETHER = 32


@dataclass(frozen=True)
class _Waiting:
    """A task in the queue, the reply to come, and since when it waits."""

    task: Task
    request_id: str
    reply: "asyncio.Future[Reply]"
    since: float


class InProcessEngine:
    """The engine that is one translator and a few threads."""

    failure = None

    def __init__(self, translator: Translator, metrics: Metrics, *, workers: int = 1) -> None:
        """Nothing runs before `start`.

        Args:
            translator: answers; it is called by several threads where there are several workers.
            metrics: learns of each batch.
            workers: batches that are translated side by side.
        """
        self.is_warm = False
        self._translator = translator
        self._metrics = metrics
        self._workers = workers

    @property
    def manifest(self) -> Manifest:
        """What the bundle says of itself."""
        return self._translator.manifest

    async def start(self) -> None:
        """Starts the threads, and translates once."""
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue()
        self._threads = ThreadPoolExecutor(self._workers, thread_name_prefix="translator")
        self._tasks = [asyncio.create_task(self._work()) for _ in range(self._workers)]
        await asyncio.get_running_loop().run_in_executor(self._threads, self._translator.translate, ["a"])
        self.is_warm = True

    async def stop(self) -> None:
        """Ends the threads; what they are translating is finished."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._threads.shutdown()

    async def is_ready(self) -> bool:
        """Whether the threads take from the queue."""
        return self.is_warm and not any(task.done() for task in self._tasks)

    async def answer(self, task: Task, request_id: str) -> Reply:
        """The reply, when its batch has been translated; cancelled before its turn, it is not translated at all."""
        waiting = _Waiting(task, request_id, asyncio.get_running_loop().create_future(), time.perf_counter())
        self._queue.put_nowait(waiting)
        reply = await waiting.reply
        self._metrics.stage("engine", time.perf_counter() - waiting.since)
        return reply

    async def metrics(self) -> bytes:
        """None of its own."""
        return b""

    async def _work(self) -> None:
        while True:
            batch = [await self._queue.get()]
            while len(batch) < MOST_TOGETHER and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            if wanted := [each for each in batch if not each.reply.done()]:
                await self._answer(wanted)

    async def _answer(self, batch: list[_Waiting]) -> None:
        start = time.perf_counter()
        tasks, ids = [each.task for each in batch], [each.request_id for each in batch]
        loop = asyncio.get_running_loop()
        replies = await loop.run_in_executor(self._threads, answer_tasks, self._translator, tasks, ids)
        compute_s = time.perf_counter() - start
        for each, reply in zip(batch, replies, strict=True):
            self._metrics.batch(len(batch), queue_s=start - each.since, compute_s=compute_s)
            if not each.reply.done():
                each.reply.set_result(reply)
