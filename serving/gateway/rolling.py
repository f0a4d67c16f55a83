"""An engine that is replaced while it answers: the bundle was replaced by a new one, and no request shall notice.

The next engine is opened and warmed up beside the one that answers. From then on it has the new requests, while those
that had begun are answered by the engine that they began with; it ends with the last of them. An engine that cannot be
opened, or does not get warm, changes nothing but the log. How engines are opened is their opener's matter, so this
works for TorchServe and in process alike; both models are in memory for that while.
"""

import asyncio
import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from enface.bundle import Manifest
from enface.errors import EnfaceError, ServingError
from serving.bodies import Reply
from serving.gateway.engine import Engine
from serving.tasks import Task

_LOOK_EVERY_S = 0.05

Opener = Callable[[], contextlib.AbstractContextManager[Engine]]
"""Opens an engine of the bundle that there is now; it ends with its block."""

logger = logging.getLogger("enface.gateway")


@dataclass
class _Opened:
    """An engine, what ends it, and how many requests it is answering."""

    engine: Engine
    ending: contextlib.ExitStack
    answering: int = 0


class RollingEngine:
    """The engine that there is now; used in a `with` block, which opens the first and ends the last."""

    def __init__(self, opener: Opener, say: Callable[[str], None]) -> None:
        """Nothing is opened before the block begins.

        Args:
            opener: opens each engine, the first in this thread, others in another.
            say: is told of each new version that answers.
        """
        self._opener = opener
        self._say = say
        self._asked = asyncio.Event()
        self._is_stopping = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def __enter__(self) -> Self:
        self._now = self._opened()
        return self

    def __exit__(self, *_: object) -> None:
        self._now.ending.close()

    @property
    def manifest(self) -> Manifest:
        """What the bundle that answers new requests says of itself."""
        return self._now.engine.manifest

    @property
    def is_warm(self) -> bool:
        """Whether it has translated."""
        return self._now.engine.is_warm

    @property
    def failure(self) -> EnfaceError | None:
        """Why it will never answer any more; None while it may."""
        return self._now.engine.failure

    async def start(self) -> None:
        """Starts the first engine, and begins to wait for `roll`."""
        self._loop = asyncio.get_running_loop()
        await self._now.engine.start()
        self._rolling = asyncio.create_task(self._roll_when_asked())

    async def stop(self) -> None:
        """Ends what `start` began; an engine that is being opened is given up."""
        self._loop = None
        self._is_stopping = True
        self._asked.set()
        await self._rolling
        await self._now.engine.stop()

    def roll(self) -> None:
        """Has the engine replaced, soon; not before the first was started. Any thread and signal handlers may call it.

        Asked while one is being replaced, it does so once more afterwards.
        """
        if self._loop:
            self._loop.call_soon_threadsafe(self._asked.set)

    async def is_ready(self) -> bool:
        """Whether it could answer a task now."""
        return await self._now.engine.is_ready()

    async def answer(self, task: Task, request_id: str) -> Reply:
        """The reply of the engine that there is when the task arrives.

        Raises:
            RefusedError: as that engine.
        """
        opened = self._now
        opened.answering += 1
        try:
            return await opened.engine.answer(task, request_id)
        finally:
            opened.answering -= 1

    async def metrics(self) -> bytes:
        """The engine's own figures."""
        return await self._now.engine.metrics()

    def _opened(self) -> _Opened:
        with contextlib.ExitStack() as ending:
            return _Opened(ending.enter_context(self._opener()), ending.pop_all())

    async def _roll_when_asked(self) -> None:
        while not self._is_stopping:
            await self._asked.wait()
            self._asked.clear()
            if not self._is_stopping:
                await self._roll()

    async def _roll(self) -> None:
        """Opens the next engine, gives it the new requests, and ends the one before after its last."""
        try:
            following = await asyncio.to_thread(self._opened)
            await self._warm_up(following)
        except Exception as error:  # whatever it is, what answers goes on and may be replaced once more
            reason = error if isinstance(error, EnfaceError | OSError) else type(error).__name__
            logger.error("The new bundle is not served: %s\nVersion %s goes on.", reason, self.manifest.version)
            return
        before, self._now = self._now, following
        self._say(f"Version {self.manifest.version} answers now, in place of {before.engine.manifest.version}.")
        while before.answering:
            await asyncio.sleep(_LOOK_EVERY_S)
        await self._end(before)

    async def _warm_up(self, opened: _Opened) -> None:
        """Starts an engine; returns when it has translated.

        Raises:
            EnfaceError: it will never do so, or all is stopping; it has been ended then.
        """
        try:
            await opened.engine.start()
            while not opened.engine.is_warm:
                if self._is_stopping or opened.engine.failure:
                    raise opened.engine.failure or ServingError("the server is stopped")
                await asyncio.sleep(_LOOK_EVERY_S)
        except Exception:
            await self._end(opened)
            raise

    async def _end(self, opened: _Opened) -> None:
        await opened.engine.stop()
        await asyncio.to_thread(opened.ending.close)
