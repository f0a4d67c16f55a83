"""Alignments as text: a line of `source-target` pairs from 0, `source?target` where a link is possible, not sure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from enface.alignment.links import Link
from enface.errors import DataError

_PAIR = re.compile(r"([0-9]+)([-?])([0-9]+)")


@dataclass(frozen=True)
class GoldAlignment:
    """A person's links for one sentence pair: those sure, and those possible, which include the sure ones."""

    sure: frozenset[Link]
    possible: frozenset[Link]


def parse_pharaoh(line: str, where: str) -> GoldAlignment:
    """The alignment that `line` writes down.

    Args:
        line: such as `0-0 1-2 3?4`; empty where nothing is linked.
        where: the file and the line's number, as `gold.align:7`; begins the error's message.

    Raises:
        DataError: a part of the line is not such a pair.
    """
    sure, possible = set(), set()
    for part in line.split():
        pair = _PAIR.fullmatch(part)
        if pair is None:
            raise DataError(f"{where}: got {part!r}, need links as 0-0 (sure) or 0?0 (possible), words counted from 0")
        link = (int(pair[1]), int(pair[3]))
        possible.add(link)
        if pair[2] == "-":
            sure.add(link)
    return GoldAlignment(frozenset(sure), frozenset(possible))


def format_pharaoh(links: Iterable[Link], possible: Iterable[Link] = ()) -> str:
    """`links` as a line, sorted, followed by those of `possible` that are not among them."""
    sure = set(links)
    parts = [f"{source}-{target}" for source, target in sorted(sure)]
    return " ".join(parts + [f"{source}?{target}" for source, target in sorted(set(possible) - sure)])
