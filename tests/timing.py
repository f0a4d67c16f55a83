"""How long something takes, for tests that nothing takes far too long."""

import time
from collections.abc import Callable


def quickest_of_three(call: Callable[[], object]) -> float:
    """Seconds of processor time: a collection of garbage, say, may make one call slow, and hardly three."""
    return min(_seconds(call) for _ in range(3))


def _seconds(call: Callable[[], object]) -> float:
    began = time.thread_time()
    call()
    return time.thread_time() - began
