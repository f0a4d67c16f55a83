"""Hard links from weights and null shares."""

import numpy as np

from enface.alignment.links import hard_links
from enface.alignment.matrix import AlignmentMatrix


def links_of(rows, null, threshold=0.3):
    return hard_links(AlignmentMatrix(np.array(rows, dtype=float), np.array(null, dtype=float)), threshold)


def test_the_best_source_word_is_linked_and_others_from_the_threshold_on():
    assert links_of([[0.5, 0.3, 0.2], [0.29, 0.29, 0.42]], [0.0, 0.0]) == [(0, 0), (1, 0), (2, 1)]


def test_the_best_source_word_is_linked_even_below_the_threshold():
    assert links_of([[0.2, 0.25, 0.15, 0.2, 0.2]], [0.0]) == [(1, 0)]


def test_a_word_that_looks_more_at_the_sentence_end_than_at_all_words_is_unlinked():
    assert links_of([[0.6, 0.4]], [0.5]) == [(0, 0), (1, 0)]
    assert links_of([[0.6, 0.4]], [0.51]) == []


def test_links_are_sorted_by_source_then_target():
    assert links_of([[0.0, 1.0], [1.0, 0.0], [0.5, 0.5]], [0, 0, 0]) == [(0, 1), (0, 2), (1, 0), (1, 2)]


def test_nothing_to_link_gives_no_links():
    assert links_of(np.zeros((0, 3)), []) == []
    assert links_of(np.zeros((2, 0)), [1, 1]) == []
