"""A language of numbered words whose translation is word by word, and one thread, since figures are compared."""

import numpy as np
import pytest
import torch

from enface.data.tokenizer import Tokenizer
from enface.judging.section import JudgeSection
from enface.params import parse_section

SETTINGS = {
    "enabled": True,
    "seed": 1,
    "max_pairs": 200,
    "max_length_tokens": 64,
    "model": {
        "embedding_size": 12,
        "hidden_size": 12,
        "dropout": 0.0,
        "pooling": "mean",
        "attention": {"activation": "sigmoid", "window": "global", "window_radius": 3, "size": 6},
    },
    "epochs": 2,
    "batch_tokens": 256,
    "learning_rate": 0.01,
    "warmup_steps": 5,
    "clip_norm": 1.0,
}


@pytest.fixture(autouse=True)
def _one_thread():
    torch.set_num_threads(1)
    torch.manual_seed(1)


@pytest.fixture(scope="session")
def pairs():
    random = np.random.default_rng(1)
    drawn = [random.integers(10, 30, random.integers(3, 8)) for _ in range(120)]
    return [(" ".join(f"a{n}" for n in ids) + ".", " ".join(f"b{n}" for n in ids) + ".") for ids in drawn]


@pytest.fixture(scope="session")
def tokenizer(pairs):
    return Tokenizer.train([side for pair in pairs for side in pair], vocabulary_size=360)


@pytest.fixture
def section():
    def section(**changes):
        return parse_section({**SETTINGS, **changes}, "params.yaml judge", JudgeSection)

    return section
