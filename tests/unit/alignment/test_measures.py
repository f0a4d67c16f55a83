"""How an attention looks at the source."""

from dataclasses import asdict, astuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enface.alignment.links import hard_links
from enface.alignment.matrix import from_attention
from enface.alignment.measures import LEAST_COVERING_WEIGHT, AttentionMeasures, means, measure_words

sizes, seeds = st.integers(1, 7), st.integers(0, 1000)


def measures(weights, links=None) -> AttentionMeasures:
    """Those of one sentence, by default with every target word linked to its heaviest source word."""
    weights = np.array(weights, dtype=float)
    return means([measure_words(weights, links or [(int(row.argmax()), t) for t, row in enumerate(weights)])])


def test_a_case_worked_by_hand():
    found = measures([[0.5, 0.5, 0, 0], [0, 0, 1, 0], [0.85, 0, 0, 0.15]])
    tail = -(0.85 * np.log(0.85) + 0.15 * np.log(0.15))
    assert found.entropy == pytest.approx((np.log(2) + tail) / 3)
    assert found.normalised_entropy == pytest.approx((np.log(2) + tail) / 3 / np.log(4))
    assert found.sharpness == pytest.approx((0.5 + 1 + 0.85) / 3)
    assert found.monotonicity == 0.5  # 0 to 2, and back to 0
    assert found.coverage == 0.75  # 0.15 is too little
    assert found.linked == 1


@pytest.mark.parametrize(("size", "monotonicity"), [(1, None), (2, 1.0), (6, 1.0)])
def test_a_diagonal_is_sharp_covers_all_and_never_goes_back(size, monotonicity):
    assert measures(np.eye(size)) == AttentionMeasures(0.0, 0.0, 1.0, monotonicity, 1.0, 1.0)


def test_an_anti_diagonal_always_goes_back():
    assert measures(np.eye(5)[::-1]) == AttentionMeasures(0.0, 0.0, 1.0, 0.0, 1.0, 1.0)


def test_attention_that_is_even_has_the_greatest_entropy():
    found = measures(np.full((3, 5), 0.2))
    assert found.entropy == pytest.approx(np.log(5))
    assert found.normalised_entropy == pytest.approx(1)
    assert found.sharpness == pytest.approx(0.2)
    assert (found.monotonicity, found.coverage) == (1, 1)


def test_a_source_word_is_covered_by_several_target_words_together():
    share = LEAST_COVERING_WEIGHT / 2
    assert measures([[1 - share, share], [1 - share, share]]).coverage == 1
    assert measures([[1 - share, share], [1.0, 0.0]]).coverage == 0.5


def test_words_without_a_link_count_for_linked_alone():
    weights = np.array([[1, 0, 0], [1 / 3] * 3, [0, 0, 1]])
    without = measures(weights, links=[(0, 0), (2, 2)])
    assert without.linked == pytest.approx(2 / 3)
    assert without.coverage == pytest.approx(2 / 3)
    assert astuple(without)[:4] == (0, 0, 1, 1)


def test_a_model_that_looks_at_the_end_alone_has_no_attention_to_measure():
    matrix = from_attention(np.array([[0.0, 0.0, 1.0], [0.1, 0.1, 0.8]]))
    found = means([measure_words(matrix.weights, hard_links(matrix, 0.3))])
    assert found == AttentionMeasures(None, None, None, None, coverage=0.0, linked=0.0)


def test_words_of_all_sentences_count_alike():
    one, two = np.eye(4), np.full((1, 2), 0.5)
    sentences = [measure_words(one, [(t, t) for t in range(4)]), measure_words(two, [(0, 0)])]
    found = means(sentences)
    assert found.entropy == pytest.approx(np.log(2) / 5)
    assert found.normalised_entropy == pytest.approx(1 / 5)
    assert found.sharpness == pytest.approx(4.5 / 5)
    assert (found.monotonicity, found.coverage, found.linked) == (1, 1, 1)


@pytest.mark.parametrize("shape", [(0, 0), (0, 3), (2, 0)])
def test_empty_sides_have_nothing_to_measure(shape):
    found = means([measure_words(np.zeros(shape), [])])
    assert astuple(found)[:4] == (None,) * 4
    assert found.coverage == (0 if shape[1] else None)
    assert found.linked == (0 if shape[0] else None)


def test_no_sentences_at_all():
    assert set(asdict(means([])).values()) == {None}


@given(seeds, sizes, sizes)
def test_every_measure_keeps_to_its_range(seed, targets, sources):
    weights = np.random.default_rng(seed).dirichlet(np.full(sources, 0.3), size=targets)
    found = measures(weights)
    assert 0 <= found.entropy <= np.log(sources) + 1e-9
    assert 1 / sources - 1e-9 <= found.sharpness <= 1
    for share in (found.normalised_entropy, found.coverage, found.linked, found.monotonicity or 0):
        assert 0 <= share <= 1 + 1e-9


@given(seeds, sizes, sizes)
def test_the_order_of_source_words_matters_to_monotonicity_alone(seed, targets, sources):
    rng = np.random.default_rng(seed)
    weights = rng.dirichlet(np.ones(sources), size=targets)
    one, other = asdict(measures(weights)), asdict(measures(weights[:, rng.permutation(sources)]))
    for name in ("entropy", "normalised_entropy", "sharpness", "coverage", "linked"):
        assert one[name] == pytest.approx(other[name])
