import pytest

from enface.data.grammar.words import Word, capitalised, pharaoh, phrase, render, settle_commas, text_of
from enface.errors import DataError


def test_a_phrase_without_marks_renders_every_english_word():
    assert phrase("Bushaltestelle", 2) == (("Bushaltestelle", (0, 1), ()),)


def test_marks_say_which_english_words_are_meant():
    assert phrase("à?0 côté:01 de:1", 2) == (("à", (), (0,)), ("côté", (0, 1), ()), ("de", (1,), ()))
    assert phrase("tasse:1 de? café:0", 2)[1] == ("de", (), (0, 1))
    assert phrase("du:1?0", 2) == (("du", (1,), (0,)),)


def test_a_mark_beyond_the_english_words_is_refused():
    with pytest.raises(DataError, match="grammar phrase 'am:2': a mark in 'am:2' is beyond its 2 English words"):
        phrase("am:2", 2)


def test_rendered_words_refer_to_the_anchors_of_their_node():
    assert render(phrase("am:01 Abend:2", 3), 40) == [Word("am", (40, 41)), Word("Abend", (42,))]


def test_links_are_sure_where_sure_anchors_meet_and_possible_where_one_side_hesitates():
    source = [Word("is", (2,)), Word("waiting", (1,)), Word("for", (3,)), Word("rain", (9,), (2,))]
    target = [Word("wartet", (1,), (2,)), Word("auf", (3,))]
    assert pharaoh(source, target) == "0?0 1-0 2-1"


def test_two_possible_anchors_make_no_link_and_sure_wins_over_possible():
    assert pharaoh([Word("a", (), (1,))], [Word("b", (), (1,))]) == ""
    assert pharaoh([Word("a", (1,), (2,))], [Word("b", (1, 2))]) == "0-0"


def test_a_comma_gives_way_to_the_mark_after_it():
    words = [
        Word(",", (1,)),
        Word("a"),
        Word(",", (), (5,)),
        Word(",", (6,)),
        Word("b"),
        Word(",", (7,)),
        Word(".", (8,)),
    ]
    assert settle_commas(words) == [Word("a"), Word(",", (6,), (5,)), Word("b"), Word(".", (8,))]


def test_text_has_its_capital_and_its_spaces():
    words = capitalised([Word("où"), Word("est-il"), Word(","), Word("Max"), Word("?")])
    assert text_of(words) == "Où est-il, Max?"
    assert text_of(words, space_before_question_mark=True) == "Où est-il, Max ?"
