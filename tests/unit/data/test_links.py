import pytest

from enface.data.links import linked_subwords, to_subwords
from enface.data.tokenizer import Encoding
from enface.errors import DataError


def encoding(*pieces):
    """Subwords that follow each other; one that begins with a space begins a word."""
    spans, end = [], 0
    for piece in pieces:
        start = end + len(piece) - len(piece.lstrip())
        end += len(piece)
        spans.append((start, end))
    return "".join(pieces), Encoding(list(range(len(pieces))), list(pieces), spans)


def test_every_subword_of_a_word_is_linked_to_every_one_of_the_other():
    """`hot | air | bal loon` and `Heiß luft ballon`: three words, one of them in two pieces, to one word in three."""
    links = to_subwords([(0, 1), (2, 1)], source_words=[0, 1, 2, 2], target_words=[0, 1, 1, 1])
    assert links.tolist() == [[source, target] for target in (1, 2, 3) for source in (0, 2, 3)]


def test_no_links_and_no_subwords_make_no_links():
    assert to_subwords([], source_words=[0, 0], target_words=[0]).shape == (0, 2)
    assert to_subwords([], source_words=[], target_words=[]).shape == (0, 2)


def test_words_are_those_of_the_text_and_marks_of_punctuation_are_words():
    source, target = encoding("the", " qu", "een", "."), encoding("die", " Kön", "igin", " ", "!")
    assert linked_subwords("0-0 1-1 2-2", source, target, where="x:1").tolist() == [
        [0, 0], [1, 1], [2, 1], [1, 2], [2, 2], [3, 3], [3, 4],
    ]  # fmt: skip


def test_possible_links_are_left_out():
    source, target = encoding("is", " seen"), encoding("sieht", " man")
    assert linked_subwords("0?0 1-0", source, target, where="x:1").tolist() == [[1, 0]]


def test_a_malformed_line_is_named_with_its_place():
    with pytest.raises(DataError, match=r"train\.links:7: got '0_0', need links as 0-0"):
        linked_subwords("0_0", encoding("a"), encoding("b"), where="train.links:7")
