"""Vectors brought to two dimensions, to be drawn: the directions along which they differ most."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float


class Projection(NamedTuple):
    """A point for each vector, and the part of the vectors' variance that each of the two axes shows, 0 to 1."""

    points: Float[np.ndarray, "W 2"]
    shares: tuple[float, float]


def project(vectors: Float[np.ndarray, "W E"]) -> Projection:
    """The two principal components of `vectors` (Pearson 1901), by the singular value decomposition.

    Both axes have the vectors' own unit of length. Their directions, which the decomposition leaves open, are such that
    the point farthest out along an axis is positive. Needs two vectors of two numbers or more.
    """
    left, values, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
    points = left[:, :2] * values[:2]
    farthest = points[np.abs(points).argmax(axis=0), [0, 1]]
    variance = values**2 / (float(values @ values) or 1.0)
    return Projection(points * np.where(farthest < 0, -1.0, 1.0), (float(variance[0]), float(variance[1])))
