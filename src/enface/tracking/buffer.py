"""Metrics that wait to be written together, since writing each on its own would slow every training step.

What is written where belongs to run.py; this is only when.
"""

import time
from collections.abc import Callable, Mapping

_EVERY_S = 5.0
_PER_BATCH = 500
_KEPT = 20_000

# name, value, milliseconds since 1970, step: the order of MLflow's Metric
Waiting = tuple[str, float, int, int]


class MetricBuffer:
    """Collects metrics and hands them to `write` every few seconds; what `write` refuses waits on, up to a bound."""

    def __init__(self, write: Callable[[list[Waiting]], bool]) -> None:
        self._write = write
        self._waiting: list[Waiting] = []
        self._flushed_s = time.monotonic()

    def add(self, metrics: Mapping[str, float], step: int) -> None:
        """Keeps `metrics` with the time of now, and writes all that wait where that is due."""
        now_ms = int(time.time() * 1000)
        self._waiting += [(name, value, now_ms, step) for name, value in metrics.items()]
        if time.monotonic() - self._flushed_s >= _EVERY_S:
            self.flush()

    def flush(self) -> None:
        """Writes all that wait, until `write` refuses."""
        self._waiting = self._waiting[-_KEPT:]
        while self._waiting and self._write(self._waiting[:_PER_BATCH]):
            del self._waiting[:_PER_BATCH]
        self._flushed_s = time.monotonic()
