"""Repetition loops: places where a translation says the same words again and again, as search at times finds."""

from collections.abc import Sequence

from enface.alignment.projection import Run

LONGEST = 8
"""The most tokens of what is repeated."""

_TIMES_OF_ONE, _TIMES_OF_MORE = 3, 2


def loops(target: Sequence[str], source: Sequence[str]) -> list[Run]:
    """The runs of target tokens in which one token stands three times, or two to eight stand twice, one after another.

    Case does not count. None is a loop where the source repeats something as often itself.
    """
    allowed = max((times for _, times in _repeats(source)), default=0)
    return sorted(run for run, times in _repeats(target) if times > allowed)


def _repeats(tokens: Sequence[str]) -> list[tuple[Run, int]]:
    """The runs of repeated tokens and how often they are said, no run inside another one."""
    folded = [token.casefold() for token in tokens]
    found: list[tuple[Run, int]] = []
    for size in range(1, LONGEST + 1):
        least = _TIMES_OF_ONE if size == 1 else _TIMES_OF_MORE
        start = 0
        for at in range(size, len(folded) + 1):
            if at < len(folded) and folded[at] == folded[at - size]:
                continue
            times = (at - start) // size
            if times >= least and not any(first <= start and at <= last for (first, last), _ in found):
                found.append(((start, at), times))
            start = at - size + 1
    return found
