"""Hard links: which source words a target word is said to come from, read off a soft alignment."""

import numpy as np

from enface.alignment.matrix import AlignmentMatrix

Link = tuple[int, int]
"""(source word, target word), both from 0."""


def hard_links(matrix: AlignmentMatrix, link_threshold: float) -> list[Link]:
    """The links of `matrix`, sorted.

    A target word has none where its null share exceeds a half; else it is linked to its best source word and to every
    other whose weight is at least `link_threshold`.
    """
    if matrix.weights.size == 0:
        return []
    linked = matrix.weights >= link_threshold
    linked[np.arange(len(linked)), matrix.weights.argmax(axis=1)] = True
    linked[matrix.null > 0.5] = False
    return sorted((int(source), int(target)) for target, source in np.argwhere(linked))
