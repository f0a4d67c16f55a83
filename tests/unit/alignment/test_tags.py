import re
from collections import Counter

import pytest
from hypothesis import given, settings

from enface.alignment.markup import parse_markup
from enface.alignment.tags import Unplaced, place_tags
from tests.timing import quickest_of_three
from tests.unit.alignment.made import aligned, at_random, monotone, seeds, texts


def place(given, target, links):
    marked = parse_markup(given)
    return place_tags(marked, aligned(marked.text, target, links))


@pytest.mark.parametrize(
    ("given", "target", "links", "text"),
    [
        ("A <b>dog</b> runs.", "Ein Hund rennt.", [(0, 0), (1, 1), (2, 2), (3, 3)], "Ein <b>Hund</b> rennt."),
        ("<i>A dog.</i>", "Nun, ein Hund.", [(0, 2), (1, 3), (2, 4)], "<i>Nun, ein Hund.</i>"),
        ("a <b>red <i>dog</i></b>", "le chien rouge", [(0, 0), (1, 2), (2, 1)], "le <b><i>chien</i> rouge</b>"),
        ("<b>he</b> <i>ran</i>", "lief er", [(0, 1), (1, 0)], "<i>lief</i> <b>er</b>"),
        ("<b>gives up</b> it", "gibt es auf", [(0, 0), (1, 2), (2, 1)], "<b>gibt es auf</b>"),
        ("H<sub>2</sub>O ice", "H2O Eis", [(0, 0), (1, 1)], "H<sub>2</sub>O Eis"),
        ("<b>d</b>og ice", "Hund Eis", [(0, 0), (1, 1)], "<b>Hund</b> Eis"),
        ("see <a href='x'><b>me</b></a>", "sieh mich", [(0, 0), (1, 1)], "sieh <a href='x'><b>mich</b></a>"),
        ("&lt;a&gt; &amp; b", "<c> & d", [(0, 0), (1, 1), (2, 2)], "&lt;c&gt; &amp; d"),
        ("<u></u>", "", [], "<u></u>"),
        ("<p>a</p><p>b</p>", "x y", [(0, 0), (1, 1)], "<p>x</p> <p>y</p>"),
    ],
)
def test_elements_go_around_what_stands_for_their_words(given, target, links, text):
    found = place(given, target, links)
    assert (found.text, found.unplaced) == (text, [])


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("a dog<fn/> runs", "der Hund<fn/> rennt"),
        ("a dog <img> runs", "der Hund <img>rennt"),
        ("a dog <img>runs", "der Hund <img>rennt"),
        ("<img>a dog runs", "<img>der Hund rennt"),
        ("a dog runs<fn/>", "der Hund rennt<fn/>"),
        ("a dog<br>runs", "der Hund <br>rennt"),
        ("a <b></b>dog runs", "der <b></b>Hund rennt"),
        ("a <b>dog<fn/></b> runs", "der <b>Hund<fn/></b> rennt"),
        ("a <!-- x --> dog runs", "der <!-- x -->Hund rennt"),
    ],
)
def test_tags_without_text_go_beside_the_word_that_they_are_written_to(given, text):
    assert place(given, "der Hund rennt", [(0, 0), (1, 1), (2, 2)]).text == text


def test_what_could_not_be_placed_is_told():
    found = place("</u>a <b>dog</b> <i>runs", "der rennt", [(0, 0), (2, 1)])
    assert found.text == "der <b></b><i>rennt"
    assert found.unplaced == [
        Unplaced("</u>", (0, 4), "no_start_tag"),
        Unplaced("<b>", (6, 9), "no_aligned_word"),
        Unplaced("<i>", (17, 20), "no_end_tag"),
    ]


def test_an_element_without_words_of_its_own_takes_the_word_that_has_most_of_it():
    found = place("he <b>is</b> going", "er geht", [(0, 0), (2, 1)])
    assert found.unplaced
    marked = parse_markup("he <b>is</b> going")
    shared = aligned(marked.text, "er geht", [(0, 0), (1, 1), (2, 1)])
    assert place_tags(marked, shared).text == "er <b>geht</b>"


def test_it_is_told_where_each_character_is_written():
    found = place("<b>a</b> b", "x & y", [(0, 0), (1, 2)])
    assert found.text == "<b>x</b> &amp; y"
    assert [found.text[start:end] for start, end in found.characters] == ["x", " ", "&amp;", " ", "y"]


def bare(html_text):
    """The text of an answer as written, its tags taken out."""
    marked = parse_markup(html_text)
    return "".join(
        character for character, (start, end) in zip(marked.text, marked.characters, strict=True) if end > start
    )


@settings(max_examples=200, deadline=None)
@given(texts(tags=True), texts(), seeds)
def test_every_tag_stands_in_the_answer_once_and_nested_and_no_text_changes(given, target, seed):
    before = parse_markup(given)
    found = place_tags(before, at_random(before.text, target, seed))
    after = parse_markup(found.text)
    assert bare(found.text) == target
    assert [found.text[start:end] for start, end in found.characters] == [
        {"&": "&amp;", "<": "&lt;", ">": "&gt;"}.get(character, character) for character in target
    ]
    assert after.strays == []
    assert Counter(pairs(after)) == Counter(pairs(before))
    told = [problem.tag for problem in found.unplaced if problem.reason == "no_start_tag"]
    assert told == [tag.text for tag in before.strays]


def pairs(marked):
    """Every element with the elements around it."""
    paths = []
    for element in marked.elements:
        above = paths[element.parent] if element.parent >= 0 else ()
        paths.append((*above, (element.start.text, element.end.text if element.end else None)))
    return paths


@settings(max_examples=100, deadline=None)
@given(texts(tags=True), seeds)
def test_in_a_copy_tags_with_text_stand_where_they_stood(given, seed):
    marked = parse_markup(given)
    if re.search("[<>&]|  |\n", marked.text) or any(each.end is None for each in marked.elements) or marked.strays:
        return
    found = place_tags(marked, monotone(marked.text, marked.text))
    assert found.unplaced == []


def test_deep_nesting_is_no_recursion():
    given = "<b>" * 1_100 + "a" + "</b>" * 1_100
    assert place(given, "x", [(0, 0)]).text == given.replace("a", "x")


def test_many_tags_take_no_time():
    marked = parse_markup("<b>a " * 500 + "</b>" * 500)
    alignment = at_random(marked.text, "x " * 200, 1)
    assert quickest_of_three(lambda: place_tags(marked, alignment)) < 20
