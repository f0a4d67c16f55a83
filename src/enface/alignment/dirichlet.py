"""Sparse probabilities from few counts: variational Bayes with a Dirichlet prior, for tables of a great many words."""

import numpy as np
from jaxtyping import Float, Int


def variational_weights(
    counts: Float[np.ndarray, " P"], groups: Int[np.ndarray, " P"], *, prior: float
) -> Float[np.ndarray, " P"]:
    """What takes the place of counts / sum(counts of the group): exp(psi(count + a) - psi(sum + a * size)).

    Beal 2003, section 3.4; Riley and Gildea 2012, equation 8, for alignment, where it keeps rare words from taking on
    whatever stands beside them. With a prior a below 1, small counts weigh less than in proportion. The weights of a
    group sum to less than 1.

    Args:
        counts: expected, 0 or more.
        groups: which distribution each belongs to, numbered from 0.
        prior: a, above 0.
    """
    sums = np.bincount(groups, counts) + prior * np.bincount(groups)
    weights: np.ndarray = np.exp(digamma(counts + prior) - digamma(np.maximum(sums, prior))[groups])
    return weights


def digamma(values: Float[np.ndarray, " P"]) -> Float[np.ndarray, " P"]:
    """The derivative psi of the logarithm of the gamma function, for values above 0, to ten digits or so.

    psi(x) = psi(x + 1) - 1 / x up to x of 6 or more, then the asymptotic series (Abramowitz and Stegun 1964, 6.3.5 and
    6.3.18).
    """
    shifted, below = values.astype(np.float64), np.zeros(len(values))
    for _ in range(6):
        below += 1 / shifted
        shifted += 1
    square = 1 / (shifted * shifted)
    series = square * (1 / 12 - square * (1 / 120 - square * (1 / 252 - square * (1 / 240 - square / 132))))
    found: np.ndarray = np.log(shifted) - 0.5 / shifted - series - below
    return found
