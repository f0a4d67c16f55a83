"""A word aligner that needs no network and no teacher: links learnt from the parallel text itself, both ways.

Two models, each of how the words of one side come from those of the other (`one_way.py`), that learn together: at
first without order (Brown et al. 1993, Model 1), then from what both believe, and at last each from its own beliefs
once more. Two words are linked where either model finds it likeliest.

It links the very pairs it learns from; nothing is kept for others. Memory: about 150 bytes for each source word with
each target word of a pair, 1 GB for 40,000 pairs of 13 words.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool

from enface.alignment.cells import Cells, Side
from enface.alignment.links import Link
from enface.alignment.one_way import OneWay

_ROUNDS_WITHOUT_ORDER, _ROUNDS_TOGETHER = 4, 6


def align_corpus(pairs: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[list[Link]]:
    """The links of each pair, sorted: of both models, each word with the one it comes from, unless that is none.

    Args:
        pairs: the words of source and target; in lower case, if case is not to matter. A side may be empty.
    """
    source, target = (Side([pair[side] for pair in pairs]) for side in (0, 1))
    cells = Cells(source, target)
    if not len(cells):
        return [[] for _ in pairs]
    forward, backward = OneWay(cells.one_way(given_source=True)), OneWay(cells.one_way(given_source=False))
    _learn(forward, backward)
    return _links(forward.linked() | backward.linked(), cells)


def _learn(forward: OneWay, backward: OneWay) -> None:
    """All rounds of both models.

    Learning together is Liang, Taskar and Klein 2006: a cell counts for both by the product of both's beliefs, so that
    what only one of them takes for a translation is none. That also takes from a word that stands for several all but
    one of them; the last round gives them back.
    """
    for _ in range(_ROUNDS_WITHOUT_ORDER):
        for model in (forward, backward):
            model.learn(model.beliefs, in_order=False)
    for _ in range(_ROUNDS_TOGETHER):
        shared = forward.beliefs * backward.beliefs
        for model in (forward, backward):
            model.learn(shared, in_order=True)
    for model in (forward, backward):
        model.learn(model.beliefs, in_order=True)


def _links(linked: Bool[np.ndarray, " cells"], cells: Cells) -> list[list[Link]]:
    links: list[list[Link]] = [[] for _ in cells.starts]
    places = np.flatnonzero(linked)
    for pair, place in zip(np.searchsorted(cells.starts, places, side="right") - 1, places, strict=True):
        target, source = divmod(int(place - cells.starts[pair]), int(cells.source.lengths[pair]))
        links[pair].append((source, target))
    return [sorted(found) for found in links]
