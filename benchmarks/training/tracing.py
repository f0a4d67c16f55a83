"""What is noted of a training, in the same way for every tool: standard library alone, as it runs in all environments.

A trainer asks an iterator for batches. Between the asking and the answer it waits for data; between an answer and the
next asking it trains: forward, backward, optimiser, its own counting and logging. Target tokens are those that the loss
is taken of: subwords and the end of the sentence, no padding. Cells are the places of the padded matrices. Loading
alone is the same with nothing done in between: the trainer never gets its first batch.
"""

import json
import os
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple


class Counts(NamedTuple):
    """Of one batch."""

    source_tokens: int
    source_cells: int
    target_tokens: int
    target_cells: int


class Trace:
    """Writes a line for each step, and ends the process once enough target tokens are counted.

    Args:
        path: the file to write; its first line is of the network, its last of memory, all others of steps.
        warm_up_steps: not counted.
        target_tokens: counted before the process ends, which it does at the end of the batches, too.
        loading_alone: whether the batches are only made.
    """

    def __init__(self, path: Path, *, warm_up_steps: int, target_tokens: int, loading_alone: bool) -> None:
        self._file = path.open("w", encoding="utf-8")
        self._left = [warm_up_steps, target_tokens]
        self._loading_alone = loading_alone

    def tell_parameters(self, count: int) -> None:
        """Notes how many numbers the network has."""
        self._write({"parameters": count})

    def watch(self, batches: Iterable[Any], count: Callable[[Any], Counts]) -> Iterator[Any]:
        """The batches, as they are asked for."""
        asked = time.perf_counter()
        for batch in batches:
            given = time.perf_counter()
            counts = count(batch)
            if not self._loading_alone:
                yield batch
            done = time.perf_counter()
            self._step(counts, waited=given - asked, worked=0.0 if self._loading_alone else done - given)
            asked = time.perf_counter()
        if self._loading_alone:
            self._end()

    def _step(self, counts: Counts, *, waited: float, worked: float) -> None:
        counted = self._left[0] <= 0
        self._write({**counts._asdict(), "waited_s": waited, "worked_s": worked, "counted": counted})
        if counted:
            self._left[1] -= counts.target_tokens
        self._left[0] -= 1
        if self._left[1] <= 0:
            self._end()

    def _end(self) -> None:
        self._write({"peak_mib": peak_mib()})
        self._file.close()
        os._exit(0)  # what a tool does at the end of a training is no part of its speed

    def _write(self, row: dict[str, Any]) -> None:
        self._file.write(json.dumps(row) + "\n")


def peak_mib() -> float:
    """The most memory that this process held; what `getrusage` says begins with that of the parent."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024
