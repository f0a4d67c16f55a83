"""A made space in which the analogy holds exactly, and a part of the built-in corpus: what several tests ask."""

from pathlib import Path

import numpy as np

from enface.data.prepare import PrepareSection, prepare
from enface.data.readers.builtin import BuiltinReader
from enface.embeddings.space import WordSpace
from enface.embeddings.words import Word
from enface.params import load_section

PARAMS = Path(__file__).parents[3] / "params.yaml"

# royal, female, many, thing
VECTORS = {
    "king": (1, 0, 0, 0),
    "man": (0, 0.2, 0, 0.1),
    "woman": (0, 1.2, 0, 0.1),
    "queen": (1, 1, 0, 0),
    "queens": (1, 1, 1, 0),
    "table": (0, 0, 0.1, 1),
}


def space() -> WordSpace:
    words = [Word(text, "source", 100 - place) for place, text in enumerate(VECTORS)]
    return WordSpace(words, np.array(list(VECTORS.values()), dtype=float))


def write_prepared(folder: Path, *, train: int) -> Path:
    """So many pairs of the built-in corpus as a prepared folder, of few subwords."""
    settings = load_section(PARAMS, "prepare", PrepareSection).model_copy(update={"vocabulary_size": 1200})
    reader = BuiltinReader("en", "de", seed=1, sizes={"train": train, "validation": 5, "test": 5})
    prepare(reader, folder, title="builtin", languages=("en", "de"), settings=settings)
    return folder
