"""What became of every request, and each thing that the server had promised not to do.

A request is answered, refused, lost (it was sent whole, and nothing came back) or abandoned (we did not wait). A 503 is
right while a fault is on, and wrong at any other time.
"""

import contextlib
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any

_MOST_TOLD = 20


class Ledger:
    """The counts of one run; an answer is entered once, as what it was.

    Attributes:
        sent: requests.
        answered: rightly.
        refused: with the status that they should have, by status.
        abandoned: those that we did not wait for.
        lost: sent whole, and never answered.
        violations: what must not happen, in words, without any text that was sent.
        recovery_s: how long it took until a request was answered again, by fault.
    """

    def __init__(self) -> None:
        self.sent = self.answered = self.abandoned = self.lost = 0
        self.refused: Counter[int] = Counter()
        self.violations: list[str] = []
        self.recovery_s: dict[str, list[float]] = {}
        self._faults = 0
        self._fault_ended = 0.0

    @contextlib.contextmanager
    def fault(self) -> Iterator[None]:
        """While the block lasts, 503 is a right answer."""
        self._faults += 1
        try:
            yield
        finally:
            self._faults -= 1
            self._fault_ended = time.monotonic()

    def may_refuse(self, sent_at: float) -> bool:
        """Whether a fault has been on since then, on the monotonic clock."""
        return self._faults > 0 or self._fault_ended >= sent_at

    def violate(self, what: str) -> None:
        """Adds something that must not happen."""
        self.violations.append(what)

    def lose(self, what: str) -> None:
        """Adds a request that was never answered."""
        self.lost += 1
        self.violate(f"lost: {what}")

    def recover(self, fault: str, seconds: float, *, at_most_s: float) -> None:
        """Adds how long a fault lasted for those who asked."""
        self.recovery_s.setdefault(fault, []).append(round(seconds, 2))
        if seconds > at_most_s:
            self.violate(f"{fault}: over after {seconds:.1f} s, need <= {at_most_s:g} s")

    def to_json(self) -> dict[str, Any]:
        """All of it."""
        counts = {"sent": self.sent, "answered": self.answered, "abandoned": self.abandoned, "lost": self.lost}
        refused = {str(status): count for status, count in sorted(self.refused.items())}
        told = [f"{what} ({count} times)" for what, count in Counter(self.violations).most_common(_MOST_TOLD)]
        return counts | {"refused_rightly": refused, "recovery_s": self.recovery_s, "violations": told}
