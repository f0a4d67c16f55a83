import numpy as np
import pytest

from enface.alignment.matrix import AlignmentMatrix
from enface.inference.confidence import confidence_of
from enface.inference.options import TranslateOptions
from enface.inference.translator import Translator


@pytest.fixture(scope="module")
def translator(toy_bundle):
    return Translator(toy_bundle, threads=1)


def test_each_token_has_its_figures_and_what_was_put_in_has_none():
    matrix = AlignmentMatrix(np.array([[1.0, 0, 0], [0, 1, 0], [0.5, 0.5, 0]]), np.zeros(3))
    found = confidence_of(matrix, np.array([-0.5, -2.0]), [0, None, 1], (["a", "b", "c"], ["x", "y", "z"]))
    assert found.log_probabilities == [-0.5, None, -2.0]
    assert found.entropies == [0.0, None, pytest.approx(np.log(2))]
    assert found.uncovered == [2]
    assert found.loops == []
    assert found.to_dict() == {
        "log_probabilities": [-0.5, None, -2.0],
        "entropies": [0.0, None, 0.693147],
        "uncovered": [2],
        "loops": [],
    }


def test_what_looks_at_the_end_covers_nothing():
    matrix = AlignmentMatrix(np.array([[1.0, 0], [0, 1]]), np.array([0.0, 0.9]))
    assert confidence_of(matrix, np.zeros(2), [0, 1], (["a", "b"], ["x", "y"])).uncovered == [1]


def test_nothing_said_covers_nothing():
    found = confidence_of(AlignmentMatrix(np.zeros((0, 2)), np.zeros(0)), np.zeros(0), [], (["a", "b"], []))
    assert (found.log_probabilities, found.uncovered) == ([], [0, 1])


def test_loops_are_told():
    matrix = AlignmentMatrix(np.ones((3, 1)), np.zeros(3))
    assert confidence_of(matrix, np.zeros(3), [0, 1, 2], (["a"], ["x", "x", "X"])).to_dict()["loops"] == [[0, 3]]


@pytest.mark.parametrize("kind", ["word", "none"])
def test_a_words_log_probability_is_its_subwords_together(translator, kind):
    text = "A newspaper {x}."
    [found] = translator.translate([text], TranslateOptions(confidence=True, alignment=kind, n_best=2))
    [subwords] = translator.translate([text], TranslateOptions(confidence=True, alignment="subword"))
    assert subwords.confidence.log_probabilities == pytest.approx([-0.1] * len(subwords.target.tokens))
    assert sum(found.confidence.log_probabilities) == pytest.approx(-0.1 * len(subwords.target.tokens))
    assert sum(found.alternatives[0].confidence.log_probabilities) == pytest.approx(-0.2 * len(subwords.target.tokens))
    assert len(found.confidence.log_probabilities) == len(found.confidence.entropies) == len(found.target.tokens) == 4
    assert found.confidence.uncovered == found.confidence.loops == []
    assert found.to_dict()["confidence"] == found.confidence.to_dict()


def test_nothing_is_told_that_was_not_asked(translator):
    [found] = translator.translate(["a dog"])
    assert found.confidence is None
    assert "confidence" not in found.to_dict()


def test_a_term_that_was_put_in_has_no_figures(translator):
    options = TranslateOptions(confidence=True, glossary={"terms": {"dog": "Hund"}})
    [found] = translator.translate(["a dog"], options)
    assert found.confidence.log_probabilities[1] is found.confidence.entropies[1] is None
    assert found.confidence.uncovered == []


def test_given_pairs_and_empty_texts_have_theirs(translator):
    options = TranslateOptions(confidence=True)
    given, empty = translator.align([("a dog", "ein Hund"), ("a dog", "")], options)
    assert len(given.confidence.log_probabilities) == 2
    assert (empty.confidence.log_probabilities, empty.confidence.uncovered) == ([], [0, 1])
    assert translator.translate([" "], options)[0].to_dict()["confidence"] == {
        "log_probabilities": [],
        "entropies": [],
        "uncovered": [],
        "loops": [],
    }


def test_a_loop_is_told(translator):
    [found] = translator.align([("a dog", "ein Hund ein Hund ein Hund")], TranslateOptions(confidence=True))
    assert found.confidence.loops == [(0, 6)]
