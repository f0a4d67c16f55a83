import pytest

from enface.data.links import linked_subwords, to_subwords
from enface.errors import DataError


def test_every_subword_of_a_word_is_linked_to_every_one_of_the_other():
    """`hot | air | bal loon` and `Heiß luft ballon`: three words, one of them in two pieces, to one word in three."""
    links = to_subwords([(0, 1), (2, 1)], source_words=[0, 1, 2, 2], target_words=[0, 1, 1, 1])
    assert links.tolist() == [[source, target] for target in (1, 2, 3) for source in (0, 2, 3)]


def test_no_links_and_no_subwords_make_no_links():
    assert to_subwords([], source_words=[0, 0], target_words=[0]).shape == (0, 2)
    assert to_subwords([], source_words=[], target_words=[]).shape == (0, 2)


def test_a_line_links_all_subwords_of_its_words():
    """`the | qu een | .` and `die | Kön igin | !`, whose mark is a space and itself."""
    linked = linked_subwords("0-0 1-1 2-2", [0, 1, 1, 2], [0, 1, 1, 2, 2], where="x:1")
    assert linked.tolist() == [[0, 0], [1, 1], [2, 1], [1, 2], [2, 2], [3, 3], [3, 4]]


def test_possible_links_are_left_out():
    assert linked_subwords("0?0 1-0", [0, 1], [0, 1], where="x:1").tolist() == [[1, 0]]


def test_a_malformed_line_is_named_with_its_place():
    with pytest.raises(DataError, match=r"train\.links:7: got '0_0', need links as 0-0"):
        linked_subwords("0_0", [0], [0], where="train.links:7")
