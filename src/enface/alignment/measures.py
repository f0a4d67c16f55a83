"""How an attention looks at the source, in numbers: how sharply, in which order, and whether at all of it.

Measured on alignments of words (or of subwords), one sentence at a time, and then over as many sentences as wanted:
words of all sentences count alike. How right the links are is measured in `error_rate.py`.

A target word without a link has most of its attention on the source's end, which means 'aligned to nothing' (see
`links.py`). What is left of its row says nothing, so such a word is counted by `linked` alone and left out of the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float

from enface.alignment.links import Link

LEAST_COVERING_WEIGHT = 0.2
"""The attention, summed over target words, from which a source word is covered: a fifth of one target word's."""


@dataclass(frozen=True)
class AttentionMeasures:
    """Means over words, from 0 to 1 but for the entropy; None where there is no word to take the mean over.

    With a_tj the weight of source word j for target word t, and S source words:

    Attributes:
        entropy: of the weights of a target word, - sum_j a_tj ln a_tj, in nats, as Ghader and Monz (2017) measure how
            attention is spread: 0 is all on one source word, ln S the same on each.
        normalised_entropy: the same divided by ln S, to compare sentences of different length; 0 where S is 1.
        sharpness: the largest weight of a target word.
        monotonicity: the share of neighbouring target words whose heaviest source words stand in the same order, or are
            the same one. Words without a link are stepped over.
        coverage: the share of source words whose coverage, sum_t a_tj (Tu et al. 2016; Wu et al. 2016, equation 14),
            is at least `LEAST_COVERING_WEIGHT`.
        linked: the share of target words that have a link.
    """

    entropy: float | None
    normalised_entropy: float | None
    sharpness: float | None
    monotonicity: float | None
    coverage: float | None
    linked: float | None


@dataclass(frozen=True)
class WordMeasures:
    """What each word of a sentence adds to the means of the same name: of its L linked words, T target, S source."""

    entropy: Float[np.ndarray, " L"]
    normalised_entropy: Float[np.ndarray, " L"]
    sharpness: Float[np.ndarray, " L"]
    monotonicity: Bool[np.ndarray, " pairs"]
    coverage: Bool[np.ndarray, " S"]
    linked: Bool[np.ndarray, " T"]


def measure_words(weights: Float[np.ndarray, "T S"], links: Sequence[Link]) -> WordMeasures:
    """The measures of one sentence's words.

    Args:
        weights: of the source words for each target word; rows sum to 1.
        links: the (source word, target word) pairs read off them, as `hard_links` gives them.
    """
    targets, sources = weights.shape
    linked = np.isin(np.arange(targets), [target for _, target in links])
    looking = weights[linked]
    spread = entropy(looking)
    return WordMeasures(
        entropy=spread,
        normalised_entropy=spread / np.log(sources) if sources > 1 else spread,
        sharpness=looking.max(axis=1, initial=0.0),
        monotonicity=np.diff(looking.argmax(axis=1)) >= 0 if len(looking) else np.zeros(0, dtype=bool),
        coverage=looking.sum(axis=0) >= LEAST_COVERING_WEIGHT,
        linked=linked,
    )


def means(sentences: Sequence[WordMeasures]) -> AttentionMeasures:
    """The measures over all words of the sentences together."""
    return AttentionMeasures(
        **{
            field.name: _mean([getattr(sentence, field.name) for sentence in sentences])
            for field in fields(WordMeasures)
        }
    )


def entropy(weights: Float[np.ndarray, "L S"]) -> Float[np.ndarray, " L"]:
    """The entropy of each row in nats, 0 ln 0 being 0."""
    logarithms = np.log(weights, out=np.zeros_like(weights), where=weights > 0)
    spread: np.ndarray = 0.0 - (weights * logarithms).sum(axis=1)
    return spread


def _mean(parts: Sequence[np.ndarray]) -> float | None:
    values = np.concatenate(parts) if parts else np.zeros(0)
    return float(values.mean()) if values.size else None
