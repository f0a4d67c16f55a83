"""A word aligner that needs no network: IBM Model 1, as a second opinion on what a network's attention says."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int

Ids = Int[np.ndarray, "..."]

_ROUNDS = 5
_NULL = -1  # the word that stands for no word of the other side


@dataclass(frozen=True)
class Lexicon:
    """How probable each token is as the translation of each token, for pairs of tokens that were seen together."""

    pairs: Int[np.ndarray, " P"]  # sorted keys, see `_keys`
    probabilities: Float[np.ndarray, " P"]

    def posteriors(self, given: Ids, generated: Ids) -> Float[np.ndarray, "generated given_and_null"]:
        """For each generated token, the shares of the given ones in its having come about; the last is of no token.

        A token never seen with any of them is told to come from none.
        """
        keys = _keys(np.append(given, _NULL)[None, :], np.asarray(generated)[:, None])
        places = np.minimum(np.searchsorted(self.pairs, keys), len(self.pairs) - 1)
        known = np.where(self.pairs[places] == keys, self.probabilities[places], 0.0)
        known[:, -1] += np.where(known.any(axis=1), 0.0, 1.0)
        shares: Float[np.ndarray, "generated given_and_null"] = known / known.sum(axis=1, keepdims=True)
        return shares


def learn_lexicon(pairs: Sequence[tuple[Ids, Ids]]) -> Lexicon:
    """The lexicon t(generated | given) of sentence pairs (given, generated).

    Brown et al. 1993, section 4.1 (Model 1): five rounds of expectation and maximisation from a uniform table, with an
    empty word on the given side. Needs 40 bytes or so for each pair of tokens that stand in one sentence pair.
    """
    keys = [_keys(np.append(given, _NULL)[None, :], np.asarray(generated)[:, None]) for given, generated in pairs]
    sizes = np.concatenate([np.full(key.shape[0], key.shape[1]) for key in keys])  # of each generated token's row
    flat = np.concatenate([key.ravel() for key in keys])
    known, cell = np.unique(flat, return_inverse=True)
    starts = np.cumsum(sizes) - sizes
    _, given_of = np.unique(known >> 32, return_inverse=True)
    probabilities = np.ones(len(known))
    for _ in range(_ROUNDS):
        expected = probabilities[cell]
        expected /= np.repeat(np.add.reduceat(expected, starts), sizes)
        counts = np.bincount(cell, expected, minlength=len(known))
        probabilities = counts / np.bincount(given_of, counts)[given_of]
    return Lexicon(known, probabilities)


def _keys(given: np.ndarray, generated: np.ndarray) -> np.ndarray:
    """One number for every pair of tokens, ordered by the given one."""
    return ((given.astype(np.int64) + 1) << 32) | generated.astype(np.int64)
