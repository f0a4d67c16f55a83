"""The queue in front of an engine: what waits is answered together, a batch at a time.

Nothing is held back to fill a batch. While one is answered the next gathers by itself, so that a lone request waits for
nobody and many at once share their passes through the graph. A batch is what one pass can answer: the first task that
waits, and of those behind it all with the same options, as long as they have no more than 4,000 characters together.
Where several batches can be answered side by side, what waits is shared out among them. A task whose request was given
up is left out when its turn comes.
"""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from serving.answering import PORTION_CHARACTERS
from serving.bodies import Reply
from serving.gateway.metrics import Metrics
from serving.tasks import Task

MOST_TOGETHER = 32


class Answered(NamedTuple):
    """The replies to a batch, in order, and the seconds that the translator took for them."""

    replies: Sequence[Reply]
    compute_s: float


Together = Callable[[Sequence[Task], Sequence[str]], Awaitable[Answered]]
"""Answers tasks of one way; beside them the ids of their requests. What it raises is raised to each of the requests."""


@dataclass(frozen=True)
class _Waiting:
    """A task in the queue, the reply to come, and since when it waits."""

    task: Task
    request_id: str
    reply: "asyncio.Future[Reply]"
    since: float


class Gathering:
    """A queue, and the batches that are being answered."""

    def __init__(self, together: Together, metrics: Metrics, *, at_once: int = 1, most: int = MOST_TOGETHER) -> None:
        """Nothing waits yet.

        Args:
            together: answers a batch.
            metrics: learns of each batch.
            at_once: batches that are answered side by side.
            most: tasks of a batch.
        """
        self._together = together
        self._metrics = metrics
        self._at_once = at_once
        self._most = most
        self._queue: deque[_Waiting] = deque()
        self._running: dict[asyncio.Task[None], list[_Waiting]] = {}

    async def answer(self, task: Task, request_id: str) -> Reply:
        """The reply, when its batch is answered; cancelled before its turn, it is not answered at all.

        Raises:
            RefusedError: as what answers batches.
        """
        reply: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._queue.append(_Waiting(task, request_id, reply, time.perf_counter()))
        self._begin()
        return await reply

    async def stop(self) -> None:
        """Gives up what is being answered."""
        running = list(self._running)
        for each in running:
            each.cancel()
        await asyncio.gather(*running, return_exceptions=True)

    def _begin(self) -> None:
        """Begins one more batch, where something waits for it; what arrives in the same moment is still of it."""
        if self._queue and len(self._running) < self._at_once:
            batch: list[_Waiting] = []
            running = asyncio.create_task(self._answer_next(batch))
            self._running[running] = batch
            running.add_done_callback(self._ended)

    def _ended(self, running: "asyncio.Task[None]") -> None:
        """Passes on what went wrong with a batch to those that wait for it."""
        batch = self._running.pop(running)
        if running.cancelled():
            return
        if error := running.exception():
            for waiting in batch:
                if not waiting.reply.done():
                    waiting.reply.set_exception(error)
        self._begin()

    async def _answer_next(self, batch: list[_Waiting]) -> None:
        batch += self._take()
        self._begin()
        if not batch:
            return
        tasks, ids = [each.task for each in batch], [each.request_id for each in batch]
        replies, compute_s = await self._together(tasks, ids)
        now = time.perf_counter()
        for waiting, reply in zip(batch, replies, strict=True):
            elapsed = now - waiting.since
            self._metrics.stage("engine", elapsed)
            self._metrics.batch(len(batch), queue_s=max(elapsed - compute_s, 0.0), compute_s=compute_s)
            if not waiting.reply.done():
                waiting.reply.set_result(reply)

    def _take(self) -> list[_Waiting]:
        """The next batch, out of the queue: of what waits, no more than its share."""
        wanted = [waiting for waiting in self._queue if not waiting.reply.done()]
        free = self._at_once - sum(bool(batch) for batch in self._running.values())
        most = min(self._most, -(-len(wanted) // free))
        taken: list[_Waiting] = []
        left: deque[_Waiting] = deque()
        characters = 0
        for waiting in wanted:
            characters += waiting.task.characters
            if not taken or (len(taken) < most and characters <= PORTION_CHARACTERS and _alike(waiting, taken[0])):
                taken.append(waiting)
            else:
                characters -= waiting.task.characters
                left.append(waiting)
        self._queue = left
        return taken


def _alike(one: _Waiting, other: _Waiting) -> bool:
    return one.task.way == other.task.way
