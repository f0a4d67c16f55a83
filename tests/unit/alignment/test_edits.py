import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enface.alignment.edits import Edit, edited
from enface.alignment.matrix import AlignmentMatrix
from enface.alignment.projection import AlignedTexts
from enface.alignment.words import split_words
from tests.unit.alignment.made import at_random, monotone, seeds, texts

SOURCE, TARGET = "Hello {name}, dear dog.", "Hallo {nam}, lieber Hund."


@pytest.mark.parametrize(
    ("edits", "text", "origins"),
    [
        ([], TARGET, [0, 1, 2, 3, 4, 5]),
        ([Edit(6, 11, "{name}", (6, 12))], "Hallo {name}, lieber Hund.", [0, None, 2, 3, 4, 5]),
        ([Edit(6, 11, "zu Dir", (6, 12))], "Hallo zu Dir, lieber Hund.", [0, None, None, 2, 3, 4, 5]),
        ([Edit(5, 11, "", (0, 0))], "Hallo, lieber Hund.", [0, 2, 3, 4, 5]),
        ([Edit(0, 0, "x", (6, 12))], "x Hallo {nam}, lieber Hund.", [None, 0, 1, 2, 3, 4, 5]),
        ([Edit(24, 24, "x", (6, 12))], "Hallo {nam}, lieber Hund x.", [0, 1, 2, 3, 4, None, 5]),
        ([Edit(25, 25, "x", (6, 12)), Edit(25, 25, "y", (0, 0))], TARGET + " x y", [0, 1, 2, 3, 4, 5, None, None]),
        ([Edit(20, 24, "b", (0, 0)), Edit(6, 11, "a", (0, 0))], "Hallo a, lieber b.", [0, None, 2, 3, None, 5]),
        ([Edit(6, 12, "a", (0, 0)), Edit(11, 12, "b", (0, 0))], "Hallo a b lieber Hund.", [0, None, None, 3, 4, 5]),
    ],
)
def test_words_are_replaced_put_in_and_taken_out(edits, text, origins):
    changed = edited(monotone(SOURCE, TARGET), edits)
    assert changed.texts.target == text
    assert changed.origins == origins
    assert [text[start:end] for start, end in changed.texts.target_spans] == split_words(text)


def test_a_copy_is_aligned_word_by_word_and_anything_else_evenly():
    before = monotone("see http://a.b now", "x y z")
    copy = edited(before, [Edit(2, 3, "http://a.b", (4, 14))]).texts.matrix
    assert copy.weights.tolist()[1:6] == np.eye(len(before.source_spans))[1:6].tolist()
    other = edited(before, [Edit(2, 3, "dort", (4, 14))]).texts.matrix
    np.testing.assert_allclose(other.weights[1], [0, 0.2, 0.2, 0.2, 0.2, 0.2, 0])
    assert other.null.tolist() == [0, 0, 0]


def test_what_stands_for_nothing_is_aligned_to_nothing():
    changed = edited(monotone("a b", "x y"), [Edit(0, 1, "z", (0, 0))]).texts.matrix
    assert changed.weights[0].tolist() == [0.5, 0.5]
    assert changed.null.tolist() == [1, 0]


def test_subwords_give_way_with_their_words():
    subwords = [(0, 5), (6, 6), (6, 8), (8, 11), (11, 12)]
    matrix = AlignmentMatrix(np.eye(5), np.zeros(5))
    before = AlignedTexts(
        "Hello {name},", [(0, 5), (6, 7), (7, 11), (11, 12), (12, 13)], "Hallo {nam},", subwords, matrix
    )
    changed = edited(before, [Edit(6, 11, "{name}", (6, 12))])
    assert changed.origins == [0, None, 4]
    assert changed.texts.target_spans == [(0, 5), (6, 12), (12, 13)]
    np.testing.assert_allclose(changed.texts.matrix.weights[1], [0, 1 / 3, 1 / 3, 1 / 3, 0])


@given(texts(), texts(), seeds, st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), texts()), max_size=4))
def test_tokens_stay_words_and_rows_stay_whole(source, target, seed, changes):
    before = at_random(source, target, seed)
    edits = []
    for first, count, text in changes:
        words = before.target_spans[first : first + count]
        at = before.target_spans[first][0] if first < len(before.target_spans) else len(target)
        edits.append(Edit(at, words[-1][1] if words else at, " ".join(split_words(text)), (0, len(source))))
    changed = edited(before, edits)
    spans, text = changed.texts.target_spans, changed.texts.target
    assert [text[start:end] for start, end in spans] == split_words(text)
    assert len(changed.origins) == len(spans) == len(changed.texts.matrix.weights) == len(changed.texts.matrix.null)
    np.testing.assert_allclose(changed.texts.matrix.weights.sum(axis=1), 1.0 if before.source_spans else 0.0)
    for origin, (start, end) in zip(changed.origins, spans, strict=True):
        if origin is not None:
            assert text[start:end] == target[slice(*before.target_spans[origin])]
