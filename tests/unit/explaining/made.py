"""A tokenizer of a few sentences, and explanations that small untrained models give with it: no test."""

from functools import cache

import numpy as np

from enface.data.tokenizer import Tokenizer
from enface.explaining.document import Explained
from enface.explaining.explanation import Candidate, Explanation, Looking, make_side
from enface.explaining.trace import explain
from tests.unit.model import tiny

SENTENCES = ["A young dog sees the old tree.", "Der junge Hund sieht den alten Baum.", "The dog sleeps."]
TEXT = "The old dog sees a tree."


@cache
def tokenizer():
    return Tokenizer.train(SENTENCES * 3, vocabulary_size=360)


def model(**changes):
    return tiny.model(tokenizer().vocabulary_size, **changes)


def explanation(made, text=TEXT, **changes):
    search = {"beam_size": 3, "max_length": 9, "length_penalty": 0.8} | changes
    return explain(made, tokenizer(), text, **search)


def by_hand():
    """`Hunde bellen` written as Hund, e, bellen, end; read as do, gs, bark, end; every number is easy."""
    source = make_side("dogs bark", ["▁do", "gs", "▁bark"], [(0, 2), (2, 4), (5, 9)], ended=True)
    target = make_side("Hunde bellen", ["▁Hund", "e", "▁bellen"], [(0, 4), (4, 5), (6, 12)], ended=True)
    weights = np.array([[0.5, 0.25, 0.25, 0], [0.25, 0.75, 0, 0], [0, 0, 1, 0], [0, 0, 0.5, 0.5]])
    with np.errstate(divide="ignore"):
        scores = np.log(weights)
    values = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    candidates = [
        [Candidate("▁Hund", 0.5, chosen=True), Candidate("▁Katz", 0.25, chosen=False)],
        [Candidate("n", 0.6, chosen=False), Candidate("e", 0.4, chosen=True)],
        [Candidate("▁bellen", 0.9, chosen=True)],
        [Candidate("</s>", 1.0, chosen=True)],
    ]
    looking = Looking(0, None, weights, scores, values, weights @ values, np.array([0.0, 1.0, 2.0, 3.5]))
    return Explanation(source, target, -0.25, values, candidates, [looking], 0)


def explained(found=None, name="by hand"):
    return Explained(name, "additive score", "a network", found or by_hand())
