"""One alignment from two: the forward model's and the backward model's, both as (source, target) links."""

from collections.abc import Set

from enface.alignment.links import Link

_NEIGHBOURS = ((-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))


def intersection(forward: Set[Link], backward: Set[Link]) -> set[Link]:
    """The links both have: precise, few."""
    return set(forward & backward)


def union(forward: Set[Link], backward: Set[Link]) -> set[Link]:
    """The links either has: many, less precise."""
    return set(forward | backward)


def grow_diag_final_and(forward: Set[Link], backward: Set[Link]) -> set[Link]:
    """The intersection, grown by adjacent links of the union, then by links between two words still unlinked.

    Koehn, Och and Marcu (2003), in the order of the pseudocode of the Moses manual: its English word is our target,
    its foreign word our source; points are visited target word by target word.
    """
    links = intersection(forward, backward)
    _grow_diagonally(links, union(forward, backward))
    for candidates in (forward, backward):
        for source, target in _by_target(candidates):
            if _source_is_free(source, links) and _target_is_free(target, links):
                links.add((source, target))
    return links


def _grow_diagonally(links: set[Link], candidates: set[Link]) -> None:
    """Adds to `links`, until none is left, the candidates beside a link that have an unlinked word."""
    before = -1
    while before != len(links):
        before = len(links)
        for point in _by_target(candidates):
            if point in links:
                _add_neighbours(point, links, candidates)


def _add_neighbours(point: Link, links: set[Link], candidates: set[Link]) -> None:
    for target_step, source_step in _NEIGHBOURS:
        source, target = point[0] + source_step, point[1] + target_step
        if (source, target) in candidates and (_source_is_free(source, links) or _target_is_free(target, links)):
            links.add((source, target))


def _by_target(links: Set[Link]) -> list[Link]:
    return sorted(links, key=lambda link: (link[1], link[0]))


def _source_is_free(source: int, links: set[Link]) -> bool:
    return all(source != linked for linked, _ in links)


def _target_is_free(target: int, links: set[Link]) -> bool:
    return all(target != linked for _, linked in links)
