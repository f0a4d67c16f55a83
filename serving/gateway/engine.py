"""What answers the gateway's tasks: TorchServe behind it, or a translator inside it. Both give the same answers."""

from typing import Protocol

from enface.bundle import Manifest
from enface.errors import EnfaceError
from serving.bodies import Reply
from serving.tasks import Task


class Engine(Protocol):
    """One bundle's translator, wherever it runs."""

    @property
    def manifest(self) -> Manifest:
        """What the bundle says of itself."""

    @property
    def is_warm(self) -> bool:
        """Whether it has translated since it was last started."""

    @property
    def failure(self) -> EnfaceError | None:
        """Why it will never answer any more; None while it may."""

    async def start(self) -> None:
        """Begins to work; returns before it is warm."""

    async def stop(self) -> None:
        """Ends all that `start` began."""

    async def is_ready(self) -> bool:
        """Whether it could answer a task now."""

    async def answer(self, task: Task, request_id: str) -> Reply:
        """The status and JSON that answer a task; `request_id` is for the log.

        Cancelled, it no longer waits.

        Raises:
            RefusedError: it cannot answer at present.
        """

    async def metrics(self) -> bytes:
        """Figures of its own in Prometheus' format; empty where it has none."""
