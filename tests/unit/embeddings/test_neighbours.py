import numpy as np
import pytest

from enface.embeddings.neighbours import analogy, nearest
from enface.embeddings.space import WordSpace
from enface.embeddings.words import Word
from enface.errors import ParamsError
from tests.unit.embeddings import made


def unit(text):
    vector = np.array(made.VECTORS[text], dtype=float)
    return vector / np.sqrt((vector**2).sum())


def cosine(left, right):
    return float(left @ right / np.sqrt((left**2).sum() * (right**2).sum()))


def test_the_nearest_are_in_the_order_of_their_cosines_without_the_word_itself():
    found = nearest(made.space(), "queen")
    assert [neighbour.word.text for neighbour in found] == ["queens", "king", "woman", "man", "table"]
    assert [neighbour.rank for neighbour in found] == [1, 2, 3, 4, 5]
    for neighbour in found:
        assert neighbour.similarity == pytest.approx(cosine(unit("queen"), unit(neighbour.word.text)))


def test_an_analogy_adds_vectors_of_length_one_and_leaves_its_three_words_out():
    found = analogy(made.space(), ("king", "man", "woman"))
    assert {neighbour.word.text for neighbour in found} == {"queen", "queens", "table"}
    wanted = unit("king") - unit("man") + unit("woman")
    for neighbour in found:
        assert neighbour.similarity == pytest.approx(cosine(wanted, unit(neighbour.word.text)))
    assert found == sorted(found, key=lambda neighbour: -neighbour.similarity)


def test_among_restricts_the_answer_and_keeps_the_rank_among_all():
    found = nearest(made.space(), "queen", among=["table", "king", "queen"])
    assert [(neighbour.word.text, neighbour.rank) for neighbour in found] == [("king", 2), ("table", 5)]


def test_a_word_in_another_case_is_asked_for_and_no_answer_either():
    assert nearest(made.space(), "QUEEN", among=["KING"]) == nearest(made.space(), "queen", among=["king"])
    assert nearest(made.space(), "Queen") == nearest(made.space(), "queen")
    assert analogy(made.space(), ("King", "MAN", "woman")) == analogy(made.space(), ("king", "man", "woman"))


def test_of_a_word_of_both_sides_the_source_is_asked_and_neither_is_an_answer():
    words = [Word("in", "source", 9), Word("die", "source", 8), Word("in", "target", 7), Word("das", "target", 6)]
    space = WordSpace(words, np.array([[1.0, 0.0], [0.5, 1.0], [0.0, 1.0], [1.0, 0.1]]))
    assert [neighbour.word for neighbour in nearest(space, "in")] == [words[3], words[1]]


def test_a_vector_of_zeros_is_near_to_nothing():
    space = WordSpace([Word("a", "source", 2), Word("b", "source", 1)], np.array([[0.0, 0.0], [1.0, 2.0]]))
    assert [neighbour.similarity for neighbour in nearest(space, "a")] == [0.0]
    assert [neighbour.similarity for neighbour in nearest(space, "b")] == [0.0]


@pytest.mark.parametrize("among", [[], ["queen", "quen"]])
def test_unknown_words_are_refused_with_near_spellings(among):
    with pytest.raises(ParamsError) as caught:
        analogy(made.space(), ("Qeen", "man", "woman"), among=among)
    text = "quen" if among else "Qeen"
    assert str(caught.value) == (
        f"{text!r}: no such word; near spellings are queen, queens\n"
        "need words of the source side of the training text, of which there are 6"
    )
