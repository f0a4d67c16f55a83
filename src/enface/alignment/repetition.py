"""Repetition loops: places where a translation says the same words again and again, as search at times finds."""

from collections.abc import Sequence

from enface.alignment.projection import Run

LONGEST = 8
"""The most tokens of what is repeated."""

_TIMES_OF_ONE, _TIMES_OF_MORE = 3, 2


def loops(target: Sequence[str], source: Sequence[str]) -> list[Run]:
    """The runs of target tokens in which one token stands three times, or two to eight stand twice, one after another.

    Case does not count. None is a loop where the source repeats something as often itself, and none lies in another.
    """
    allowed = max((times for _, times in _repeats(source)), default=0)
    runs = [run for run, times in _repeats(target) if times > allowed]
    return sorted(run for run in runs if not any(other != run and _holds(other, run) for other in runs))


def _holds(outer: Run, inner: Run) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _repeats(tokens: Sequence[str]) -> list[tuple[Run, int]]:
    """The runs of repeated tokens and how often they are said; none is inside one of fewer tokens said more often."""
    folded = [token.casefold() for token in tokens]
    found: list[tuple[Run, int]] = []
    for size in range(1, LONGEST + 1):
        least = _TIMES_OF_ONE if size == 1 else _TIMES_OF_MORE
        start = 0
        for at in range(size, len(folded) + 1):
            if at < len(folded) and folded[at] == folded[at - size]:
                continue
            times = (at - start) // size
            if times >= least and not any(_holds(run, (start, at)) for run, _ in found):
                found.append(((start, at), times))
            start = at - size + 1
    return found
