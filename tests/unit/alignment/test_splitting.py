import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from enface.alignment.splitting import split_at
from tests.unit.alignment.made import aligned, at_random, monotone, seeds, texts


def test_a_copy_is_cut_with_its_source():
    cut = split_at(monotone("drink H2O now", "trink H2O jetzt"), [7, 8, 6, 0, 99])
    assert [cut.source[start:end] for start, end in cut.source_spans] == ["drink", "H", "2", "O", "now"]
    assert [cut.target[start:end] for start, end in cut.target_spans] == ["trink", "H", "2", "O", "jetzt"]
    assert cut.matrix.weights.tolist() == np.eye(5).tolist()


def test_the_parts_of_what_is_no_copy_share_its_weight():
    cut = split_at(monotone("doghouse a", "Hundehütte b"), [3])
    assert cut.matrix.weights.tolist() == [[0.375, 0.625, 0], [0, 0, 1]]
    assert len(cut.target_spans) == 2


def test_a_word_spelt_the_same_but_not_aligned_is_no_copy():
    assert len(split_at(aligned("in a", "a in", [(0, 0)]), [1]).target_spans) == 2


@given(texts(), texts(), seeds, st.lists(st.integers(0, 30)))
def test_weights_stay_whole(source, target, seed, positions):
    before = at_random(source, target, seed)
    cut = split_at(before, positions)
    assert cut.matrix.weights.shape == (len(cut.target_spans), len(cut.source_spans))
    assert len(cut.matrix.null) == len(cut.target_spans)
    np.testing.assert_allclose(cut.matrix.weights.sum(axis=1), 1.0 if before.source_spans else 0.0)
    words = {start for start, _ in before.source_spans}
    inside = {at for at in positions if any(start < at < end for start, end in before.source_spans)}
    assert {start for start, _ in cut.source_spans} == words | inside
