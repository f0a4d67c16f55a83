"""How far probabilities can be believed: accuracy, ranking, calibration, and the scaling that mends the last."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

BINS = 10

_NEWTON_STEPS = 100
_SMALL = 1e-9


@dataclass(frozen=True)
class Bin:
    """The pairs whose probability lies from `low` up to `high`; there is at least one."""

    low: float
    high: float
    pairs: int
    mean_probability: float
    translations: float  # the part of them that are translations


@dataclass(frozen=True)
class Measures:
    """What is known of probabilities whose truth is known.

    Attributes:
        pairs: how many.
        kept: the part of the translations with a probability of 0.5 or more, 0 to 100.
        found: the part of the wrong pairs with less, 0 to 100.
        accuracy: the part judged rightly of both together, 0 to 100.
        auc: how often a translation has a higher probability than a wrong pair, ties counted half, 0 to 1.
        expected_calibration_error: the mean distance of a bin's mean probability from the part of its pairs that are
            translations, weighted by the number of its pairs, 0 to 1 (Naeini et al. 2015; Guo et al. 2017, equation
            3, there of the likelier class alone).
        bins: those of ten of equal width that are not empty (the reliability diagram).
    """

    pairs: int
    kept: float
    found: float
    accuracy: float
    auc: float
    expected_calibration_error: float
    bins: list[Bin]


def measure(right: Float[np.ndarray, " R"], wrong: Float[np.ndarray, " W"]) -> Measures:
    """The measures of the probabilities that translations and wrong pairs were given; there are some of each."""
    probabilities = np.concatenate([right, wrong])
    labels = np.repeat([1.0, 0.0], [len(right), len(wrong)])
    bins = _bins(probabilities, labels)
    return Measures(
        pairs=len(labels),
        kept=100 * float((right >= 0.5).mean()),
        found=100 * float((wrong < 0.5).mean()),
        accuracy=100 * float(((probabilities >= 0.5) == labels).mean()),
        auc=_auc(right, wrong),
        expected_calibration_error=sum(b.pairs * abs(b.mean_probability - b.translations) for b in bins) / len(labels),
        bins=bins,
    )


def platt_scaling(logits: Float[np.ndarray, " P"], labels: Float[np.ndarray, " P"]) -> tuple[float, float]:
    """Slope and intercept with which logits become best calibrated: sigmoid(slope * z + intercept) (Platt 1999).

    A logistic regression on the logit by Newton's method, its step halved until it helps; labels are drawn in as Platt
    does (section 2.2), so that it ends also where a threshold parts the classes wholly.
    """
    ones = float(labels.sum())
    targets = np.where(labels > 0, (ones + 1) / (ones + 2), 1 / (len(labels) - ones + 2))
    design = np.stack([logits, np.ones_like(logits)], axis=1)
    found, best = np.array([1.0, 0.0]), _cross_entropy(design @ np.array([1.0, 0.0]), targets)
    for _ in range(_NEWTON_STEPS):
        predicted = sigmoid(design @ found)
        gradient = design.T @ (predicted - targets)
        curvature = (design * (predicted * (1 - predicted))[:, None]).T @ design + _SMALL * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        while (now := _cross_entropy(design @ (found - step), targets)) > best and np.abs(step).max() > _SMALL:
            step = step / 2
        if np.abs(step).max() <= _SMALL:
            break
        found, best = found - step, now
    return float(found[0]), float(found[1])


def sigmoid(logits: Float[np.ndarray, " P"]) -> Float[np.ndarray, " P"]:
    """1 / (1 + exp(-z)), also of large numbers."""
    half: Float[np.ndarray, " P"] = 0.5 * (1 + np.tanh(0.5 * logits))
    return half


def _bins(probabilities: Float[np.ndarray, " P"], labels: Float[np.ndarray, " P"]) -> list[Bin]:
    places = np.minimum((probabilities * BINS).astype(np.int64), BINS - 1)
    return [
        Bin(
            low=place / BINS,
            high=(place + 1) / BINS,
            pairs=int((places == place).sum()),
            mean_probability=float(probabilities[places == place].mean()),
            translations=float(labels[places == place].mean()),
        )
        for place in np.unique(places).tolist()
    ]


def _auc(right: Float[np.ndarray, " R"], wrong: Float[np.ndarray, " W"]) -> float:
    """From the ranks of the right ones among all (Mann and Whitney 1947); equal ones share their mean rank."""
    _, places, counts = np.unique(np.concatenate([right, wrong]), return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[places]
    above = ranks[: len(right)].sum() - len(right) * (len(right) + 1) / 2
    return float(above / (len(right) * len(wrong)))


def _cross_entropy(logits: Float[np.ndarray, " P"], targets: Float[np.ndarray, " P"]) -> float:
    return float((np.logaddexp(0, logits) - targets * logits).sum())
