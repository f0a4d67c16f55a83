"""How much memory each part of the server holds, as requests pass; and whether it grows."""

import asyncio
import contextlib
import statistics
from collections.abc import AsyncIterator

import psutil

from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.load import Load
from benchmarks.chaos.server import Server

GROWTH_MB = 16.0
"""What the gateway and the worker may grow by over the second half of the requests; Java has its own limit, -Xmx."""

_JUDGED = ("gateway", "worker")
_SAMPLE_S = 0.5
_MB = 1_048_576


class Memory:
    """Resident memory by role, sampled while nothing is done to the server.

    Attributes:
        samples: megabytes, by role, in order.
    """

    def __init__(self, server: Server, load: Load) -> None:
        """Nothing is sampled yet."""
        self.samples: dict[str, list[float]] = {}
        self._roles = server.roles()
        self._load = load
        self._first = load.count

    @contextlib.asynccontextmanager
    async def sampled(self) -> AsyncIterator[None]:
        """Samples while the block lasts."""
        sampling = asyncio.create_task(self._sample())
        try:
            yield
        finally:
            sampling.cancel()
            await asyncio.gather(sampling, return_exceptions=True)

    def judge(self, ledger: Ledger) -> dict[str, dict[str, float]]:
        """Where each role was half way and at the end, in MB, over how many requests; too much growth is entered."""
        found = {}
        for role, samples in self.samples.items():
            tenth = max(len(samples) // 10, 1)
            half, end = (statistics.median(part) for part in (samples[len(samples) // 2 :][:tenth], samples[-tenth:]))
            found[role] = {"first": round(samples[0], 1), "half_way": round(half, 1), "end": round(end, 1)}
            if role in _JUDGED and end - half > GROWTH_MB:
                ledger.violate(f"memory: {role} grew by {end - half:.0f} MB in the second half, need <= {GROWTH_MB:g}")
        return found

    @property
    def requests(self) -> int:
        """How many requests passed since it was made."""
        return self._load.count - self._first

    async def _sample(self) -> None:
        while True:
            for role, process in self._roles.items():
                with contextlib.suppress(psutil.NoSuchProcess):
                    self.samples.setdefault(role, []).append(process.memory_info().rss / _MB)
            await asyncio.sleep(_SAMPLE_S)
