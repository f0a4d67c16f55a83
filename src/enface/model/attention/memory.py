"""What attention is given and what it gives: tensors with names, for every score, window and selection alike.

`*B` are the axes that stand before a sequence: the batch, and with several heads the heads too.
"""

from typing import NamedTuple

from jaxtyping import Bool, Float
from torch import Tensor


class SourceStates(NamedTuple):
    """What an encoder knows of a batch of source sentences."""

    states: Float[Tensor, "B S M"]  # one state per source token
    final: Float[Tensor, "B M"]  # the whole sentence in one state
    valid: Bool[Tensor, "B S"]  # True = real token


class Memory(NamedTuple):
    """What is attended to, prepared once per source batch."""

    keys: Float[Tensor, "*B S A"]  # what a query is compared with
    values: Float[Tensor, "*B S M"]  # what the context is a mean of
    valid: Bool[Tensor, "*#B S"] | None  # True = real token; None: all are


class Attended(NamedTuple):
    """What attention says to N queries."""

    context: Float[Tensor, "*B N M"]
    weights: Float[Tensor, "*B N S"]  # rows sum to 1, exactly 0 on padding and outside the window
    scores: Float[Tensor, "*B N S"]  # what the weights were made from; -inf on padding and outside the window
