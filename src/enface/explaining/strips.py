"""Long vectors as strips of a few cells, to be drawn: their coordinates along the directions in which they differ most.

The map is linear but for its offset, and the weights of a context sum to 1. So the strip of a context is the mean of
the values' strips, weighted as the values themselves are: what is seen to be mixed is what is mixed.
"""

import numpy as np
from jaxtyping import Float

CELLS = 8


def strips(
    values: Float[np.ndarray, "S C"], contexts: Float[np.ndarray, "T C"]
) -> tuple[Float[np.ndarray, "S cells"], Float[np.ndarray, "T cells"]]:
    """The strips of values and contexts: principal components of the values (Pearson 1901), from -1 to 1.

    Each component is divided by its largest amount among the values, and contexts outside of their range are cut off.
    Its direction, which the decomposition leaves open, is such that the value farthest out is positive. Cells for which
    there is no direction left are 0.
    """
    centre = values.mean(axis=0)
    _, lengths, directions = np.linalg.svd(values - centre, full_matrices=False)
    chosen = directions[:CELLS][lengths[:CELLS] > 1e-6 * max(float(lengths[0]), 1e-30)]
    points = (values - centre) @ chosen.T
    farthest = points[np.abs(points).argmax(axis=0), np.arange(len(chosen))]
    missing = ((0, 0), (0, CELLS - len(chosen)))
    return (
        np.pad(points / farthest, missing),
        np.pad(np.clip((contexts - centre) @ chosen.T / farthest, -1.0, 1.0), missing),
    )
