"""How much is taken on: bytes and seconds of a request, requests at once, requests in a second.

What is over a limit is refused at once, with the time after which it is worth trying again. Lengths of texts and
answers are bounded by what answers them (`serving.tasks`, `serving.bodies`).
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass

from serving.answering import MAX_BODY_BYTES
from serving.gateway.errors import RefusedError


@dataclass(frozen=True)
class Limits:
    """What one gateway takes on.

    Attributes:
        body_bytes: of a request's body.
        body_s: how long a body may take to arrive.
        answer_s: how long an answer may take from then on.
        places: requests that are being answered or wait for it.
        rate_per_s: requests of one key, on average; twice as many may come at once. 0: any number.
    """

    body_bytes: int = MAX_BODY_BYTES
    body_s: float = 10.0
    answer_s: float = 60.0
    places: int = 100
    rate_per_s: float = 0.0


class Places:
    """The places of the requests that are being answered; whoever takes one gives it back."""

    def __init__(self, count: int) -> None:
        self.taken = 0
        self._count = count

    def take(self) -> None:
        """Takes a place.

        Raises:
            RefusedError: all are taken.
        """
        if self.taken >= self._count:
            message = f"{self._count} requests are being answered or wait for it; try again"
            raise RefusedError(503, "too_busy", message, retry_after_s=1)
        self.taken += 1

    def give_back(self) -> None:
        """Gives one back."""
        self.taken -= 1


class Rates:
    """A bucket of tokens for each client: it fills evenly, and a request takes one."""

    def __init__(self, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        """Every bucket is full, with the tokens of two seconds and at least one.

        Args:
            per_s: tokens that each bucket gets in a second; 0: nothing is counted.
            clock: seconds from any beginning.
        """
        self._per_s = per_s
        self._most = max(1.0, 2 * per_s)
        self._clock = clock
        self._buckets: dict[str, tuple[float, float]] = {}

    def take(self, client: str) -> None:
        """Takes a token of the client's.

        Raises:
            RefusedError: there is none; it says when there will be.
        """
        if not self._per_s:
            return
        now = self._clock()
        tokens, before = self._buckets.get(client, (self._most, now))
        tokens = min(self._most, tokens + (now - before) * self._per_s)
        if tokens < 1:
            wait_s = math.ceil((1 - tokens) / self._per_s)
            message = f"more than {self._per_s:g} requests a second; try again in {wait_s} s"
            raise RefusedError(429, "too_many_requests", message, retry_after_s=wait_s)
        self._buckets[client] = (tokens - 1, now)
