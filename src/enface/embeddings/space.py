"""Whole words as vectors: what of a model's embedding they are made of, and what is done to them before comparing.

A model knows subwords; a word of several is the mean of their vectors. Of one side of the corpus at a time, as the two
languages lie in different parts of the space, three things can be looked at:

    raw       as trained
    centred   less their mean, which says what the side's words have in common and nothing of any one of them
    denoised  centred, and without the random start of training as far as it can be told from what was learnt; where
              nothing stands out from it, no more than centred, with a warning

Files are read elsewhere (`enface.model.folder`, `enface.data.prepared`).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Float

from enface.data.tokenizer import Tokenizer
from enface.embeddings.denoising import denoise
from enface.embeddings.words import Word
from enface.errors import DataError

logger = logging.getLogger(__name__)

Treatment = Literal["denoised", "centred", "raw"]


@dataclass(frozen=True)
class WordSpace:
    """Words and the vector of each."""

    words: list[Word]
    vectors: Float[np.ndarray, "W E"]


def word_space(
    words: Sequence[Word], embedding: Float[np.ndarray, "V E"], tokenizer: Tokenizer, *, treatment: Treatment
) -> WordSpace:
    """The vectors of `words`.

    Args:
        words: those of a side stand together; a side is centred and denoised by itself.
        embedding: the model's vectors, one for each subword of `tokenizer`.
        tokenizer: the one that the model was trained with.
        treatment: see above.

    Raises:
        DataError: the embedding has not as many vectors as the tokenizer has subwords.
    """
    if len(embedding) != tokenizer.vocabulary_size:
        raise DataError(
            f"the model has {len(embedding)} vectors, the prepared corpus {tokenizer.vocabulary_size} subwords; "
            "need a model that was trained on this corpus"
        )
    ids = tokenizer.encode_ids([word.text for word in words])
    means = np.array([embedding[subwords].mean(axis=0) for subwords in ids], dtype=np.float64)
    sides = np.array([word.side for word in words])
    for side in dict.fromkeys(sides.tolist()):
        means[sides == side] = _treated(means[sides == side], treatment)
    return WordSpace(list(words), means)


def unit_length(vectors: Float[np.ndarray, "W E"]) -> Float[np.ndarray, "W E"]:
    """The vectors brought to length 1, so that products are cosines; one of zeros stays so, and is near to nothing."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Float[np.ndarray, "W E"] = vectors / np.where(lengths, lengths, 1.0)
    return unit


def _treated(vectors: Float[np.ndarray, "W E"], treatment: Treatment) -> Float[np.ndarray, "W E"]:
    centred: Float[np.ndarray, "W E"] = vectors - vectors.mean(axis=0)
    match treatment:
        case "raw":
            return vectors
        case "centred":
            return centred
        case "denoised":
            denoised = denoise(centred)
            if denoised.directions:
                return denoised.matrix
            logger.warning("nothing stands out from the random start of %d vectors; they stay as trained", len(vectors))
            return centred
