"""A model's word vectors in two dimensions: which words are shown, and what they are coloured by.

What the vectors are is decided in `enface.embeddings`; the picture is drawn in `wordplot.py`.
"""

import numpy as np
from jaxtyping import Float

from enface.data.grammar.lexicon.parts_of_speech import PARTS_OF_SPEECH, parts_of_speech
from enface.data.prepared import PreparedFolder
from enface.embeddings.projection import project
from enface.embeddings.space import unit_length, word_space
from enface.embeddings.words import training_words
from enface.evaluation.wordplot import OTHER, WordMap


def word_map(prepared: PreparedFolder, embedding: Float[np.ndarray, "V E"], *, words: int) -> WordMap:
    """The most frequent source words of the training text, so many of them, by the vectors of a model.

    They are coloured by their part of speech where the corpus is the built-in one, and by their frequency elsewhere.
    The vectors are denoised and brought to length 1, as for the cosines of `enface embeddings`.

    Raises:
        DataError: the embedding is not that of a model trained on this corpus.
    """
    known = training_words(prepared, ["source"])
    space = word_space(known, embedding, prepared.tokenizer, treatment="denoised")
    shown = known[:words]
    found = project(unit_length(space.vectors[: len(shown)]))
    if prepared.meta.corpus == "builtin":
        part_of = parts_of_speech(prepared.meta.source_language)
        groups, order = [part_of.get(word.text, OTHER) for word in shown], [*PARTS_OF_SPEECH, OTHER]
        return WordMap(shown, groups, order, "part of speech", found.points, found.shares)
    groups = [_frequency(word.count) for word in shown]
    return WordMap(shown, groups, list(dict.fromkeys(groups)), "times in training", found.points, found.shares)


def _frequency(count: int) -> str:
    """The band of a count, of a power of ten each."""
    low: int = 10 ** (len(str(count)) - 1)
    return f"{low} to {10 * low - 1}"
