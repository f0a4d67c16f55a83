"""What evaluation asks of a translator, and how many sentences are put through one.

The translator itself is handed in: evaluation sees the same answers that callers of a served bundle see and knows
nothing of how they are made.
"""

import logging
import statistics
import time
from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar, runtime_checkable

import numpy as np
from jaxtyping import Float

from enface.alignment.links import Link
from enface.alignment.words import Span

logger = logging.getLogger(__name__)

_CHUNK_SENTENCES = 200


@runtime_checkable
class Side(Protocol):
    """One side of an answer."""

    @property
    def tokens(self) -> Sequence[str]:
        """Its words."""

    @property
    def spans(self) -> Sequence[Span]:
        """Where they stand in its text, in characters."""


@runtime_checkable
class Translation(Protocol):
    """One answer: a text and where its words come from."""

    @property
    def text(self) -> str:
        """The translation."""

    @property
    def source(self) -> Side:
        """The words translated."""

    @property
    def target(self) -> Side:
        """The words of the translation."""

    @property
    def matrix(self) -> Float[np.ndarray, "T S"] | None:
        """Weights of the source words for each target word; none where no alignment was asked for."""

    @property
    def links(self) -> Sequence[Link]:
        """The hard links (source word, target word)."""


Item = TypeVar("Item")
Ask = Callable[[Sequence[Item]], Sequence[Translation]]
"""Answers for a batch, one each: `Ask[str]` translates texts, `Ask[tuple[str, str]]` aligns given pairs."""


def ask_all(ask: Ask[Item], items: Sequence[Item], *, what: str) -> list[Translation]:
    """The answers for all `items`, in their order, with progress logged.

    Args:
        ask: translates or aligns some of them; how many go through the graph at once is its own affair.
        items: texts or pairs of texts.
        what: what the log lines call the items, as `test`.
    """
    answers: list[Translation] = []
    for start in range(0, len(items), _CHUNK_SENTENCES):
        answers += ask(items[start : start + _CHUNK_SENTENCES])
        logger.info("%s: %d of %d sentences", what, len(answers), len(items))
    return answers


def latency_ms(ask: Ask[Item], items: Sequence[Item]) -> float:
    """The median time of an answer in milliseconds, where the items are asked for one by one.

    The first is asked for once before, as what runs for the first time is slower.

    Args:
        ask: translates or aligns some of them.
        items: at least one.
    """
    ask(items[:1])
    seconds = []
    for item in items:
        start = time.perf_counter()
        ask([item])
        seconds.append(time.perf_counter() - start)
    return 1000 * statistics.median(seconds)
