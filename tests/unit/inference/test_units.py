import numpy as np

from enface.inference.units import aligned, units_of

SPANS = [(0, 2), (2, 4), (5, 8), (8, 9)]
PIECES = ["▁An", "na", "▁ran", "."]


def test_words_are_the_texts_own():
    units = units_of("Anna ran.", PIECES, SPANS, "word")
    assert units.side.tokens == ["Anna", "ran", "."]
    assert units.side.spans == [(0, 4), (5, 8), (8, 9)]
    assert units.of_subword == [0, 0, 1, 2]


def test_subwords_are_the_tokenizers():
    units = units_of("Anna ran.", PIECES, SPANS, "subword")
    assert (units.side.tokens, units.side.spans) == (PIECES, SPANS)
    assert units.of_subword == [0, 1, 2, 3]


def test_words_without_a_subword_are_left_out():
    units = units_of("a \x07 b \x07", ["▁a", "▁b"], [(0, 1), (4, 5)], "word")
    assert units.side.tokens == ["a", "b"]
    assert units.of_subword == [0, 1]


def test_no_subwords_make_no_words():
    assert units_of("\x07", [], [], "word").side.tokens == []


def test_a_hypothesis_of_white_space_has_no_words():
    units = units_of("", ["▁"], [(0, 0)], "word")
    assert units.side.tokens == []
    source = units_of("a", ["▁a"], [(0, 1)], "word")
    assert aligned(np.array([[1.0, 0.0]]), source, units).matrix.weights.shape == (0, 1)


def test_without_attention_nothing_is_aligned():
    source = units_of("Anna ran.", PIECES, SPANS, "word")
    texts = aligned(None, source, source)
    assert (texts.source, texts.target, texts.target_spans) == ("Anna ran.", "Anna ran.", source.side.spans)
    assert texts.matrix.weights.tolist() == [[0.0] * 3] * 3
    assert texts.matrix.null.tolist() == [1.0] * 3


def test_weights_are_summed_over_source_and_averaged_over_target_subwords():
    source = units_of("Anna ran.", PIECES, SPANS, "word")
    target = units_of("Ana", ["▁A", "na"], [(0, 1), (1, 3)], "word")
    attention = np.array([[0.25, 0.25, 0.25, 0.0, 0.25], [0.5, 0.25, 0.25, 0.0, 0.0]])
    matrix = aligned(attention, source, target).matrix
    np.testing.assert_allclose(matrix.weights, [[(2 / 3 + 0.75) / 2, (1 / 3 + 0.25) / 2, 0.0]])
    np.testing.assert_allclose(matrix.null, [0.125])
