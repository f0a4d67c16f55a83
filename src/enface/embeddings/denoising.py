"""A matrix without the noise that its training began with.

Embeddings start as random numbers, and what a small corpus teaches them comes on top: much of a trained vector is still
its random start, which makes cosines small and analogies a matter of chance. What was learnt is shared by many words
and lies in few directions; the start lies in all of them alike. So directions no stronger than noise alone would make
them go, and the others are shortened by what noise has added to them. What the rows stand for is not known here.
"""

from functools import cache
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

_STEPS = 20_001


class Denoised(NamedTuple):
    """The matrix that is left, how many directions it has, and the standard deviation of the noise taken out."""

    matrix: Float[np.ndarray, "W E"]
    directions: int
    noise: float


def denoise(matrix: Float[np.ndarray, "W E"]) -> Denoised:
    """The best guess at a matrix of few directions to which noise of one, unknown, strength was added.

    In units of noise times the root of the longer side, a singular value y becomes sqrt((y^2 - b - 1)^2 - 4 b) / y, and
    0 up to 1 + sqrt(b), b being the ratio of the shorter to the longer side: the optimal shrinker for squared error
    (Gavish and Donoho 2017, "Optimal Shrinkage of Singular Values"). How strong the noise is, is told by the median
    singular value (Gavish and Donoho 2014, "The Optimal Hard Threshold for Singular Values Is 4/sqrt(3)").
    """
    left, values, right = np.linalg.svd(matrix, full_matrices=False)
    shorter, longer = sorted(matrix.shape)
    ratio = shorter / longer
    unit = float(np.median(values)) / np.sqrt(_median_of_noise(ratio))
    shrunk = _shrunk(values / unit, ratio) * unit if unit else values
    return Denoised((left * shrunk) @ right, int(np.count_nonzero(shrunk)), float(unit / np.sqrt(longer)))


def _shrunk(values: Float[np.ndarray, " D"], ratio: float) -> Float[np.ndarray, " D"]:
    shrunk = np.zeros_like(values)
    kept = values > 1 + np.sqrt(ratio)
    shrunk[kept] = np.sqrt((values[kept] ** 2 - ratio - 1) ** 2 - 4 * ratio) / values[kept]
    return shrunk


@cache
def _median_of_noise(ratio: float) -> float:
    """The median squared singular value of noise of strength 1, over the longer side: of Marchenko and Pastur's law."""
    low, high = (1 - np.sqrt(ratio)) ** 2, (1 + np.sqrt(ratio)) ** 2
    # Steps of sin^2 are short at both ends, where the density is steep, and without bound for a square matrix.
    at = low + (high - low) * np.sin(np.linspace(0.0, np.pi / 2, _STEPS)[1:-1]) ** 2
    density = np.sqrt((high - at) * (at - low)) / (2 * np.pi * ratio * at)
    mass = np.cumsum(density * np.gradient(at))
    return float(np.interp(mass[-1] / 2, mass, at))
