"""Hard links: which source words a target word is said to come from, read off a soft alignment."""

import numpy as np

from enface.alignment.matrix import AlignmentMatrix

Link = tuple[int, int]
"""(source word, target word), both from 0."""


def hard_links(matrix: AlignmentMatrix, link_threshold: float) -> list[Link]:
    """The links of `matrix`, sorted.

    A target word has none where its null share exceeds the unnormalised weight of its best source word; else it is
    linked to that word and to every other whose weight is at least `link_threshold`.
    """
    if matrix.weights.size == 0:
        return []
    best = matrix.weights.max(axis=1)
    linked = matrix.weights >= link_threshold
    linked[np.arange(len(best)), matrix.weights.argmax(axis=1)] = True
    linked[matrix.null > best * (1 - matrix.null)] = False
    return sorted((int(source), int(target)) for target, source in np.argwhere(linked))
