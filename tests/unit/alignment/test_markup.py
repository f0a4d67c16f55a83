import itertools

import pytest
from hypothesis import example, given

from enface.alignment.markup import parse_markup
from tests.timing import quickest_of_three
from tests.unit.alignment.made import texts


def shape(given):
    marked = parse_markup(given)
    elements = [(each.start.text, each.end.text if each.end else None, each.parent) for each in marked.elements]
    return marked.text, elements, [tag.text for tag in marked.strays]


@pytest.mark.parametrize(
    ("given", "text", "elements"),
    [
        ("a dog", "a dog", []),
        ("<b>a</b> dog", "a dog", [("<b>", "</b>", -1)]),
        ("<a href='x>y'>a <b>dog</b></A >", "a dog", [("<a href='x>y'>", "</A >", -1), ("<b>", "</b>", 0)]),
        ("a<br>b<img src=x>c<x/>d", "a bcd", [("<br>", None, -1), ("<img src=x>", None, -1), ("<x/>", None, -1)]),
        ("<p>a</p><p>b</p>", "a b ", [("<p>", "</p>", -1), ("<p>", "</p>", -1)]),
        (
            "a<!-- <b> --><!doctype x><?php 1>2 ?>b",
            "ab",
            [(tag, None, -1) for tag in ("<!-- <b> -->", "<!doctype x>", "<?php 1>2 ?>")],
        ),
        ("<script>if (a<b) '</b>'</script>x", "x", [("<script>if (a<b) '</b>'</script>", None, -1)]),
        ("<i>a <b>c</i> d", "a c d", [("<i>", "</i>", -1), ("<b>", None, 0)]),
        ("<p>a <b>c</b>", "a c", [("<p>", None, -1), ("<b>", "</b>", -1)]),
    ],
)
def test_tags_are_taken_out_and_paired(given, text, elements):
    assert shape(given) == (text, elements, [])


@pytest.mark.parametrize(
    "given", ["1 < 2 > 1", "<3", "a <b", "<", "<>", "< b>", "</>", "<!-- a", "<script>a", "</style>", '<a "b>']
)
def test_what_is_no_tag_is_text(given):
    assert shape(given) == (given, [], [])


def test_an_end_tag_that_ends_nothing_is_a_stray():
    assert shape("a</b> <i>c</u></i>") == ("a c", [("<i>", "</i>", -1)], ["</b>", "</u>"])


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("a &amp; b", "a & b"),
        ("&lt;b&gt;", "<b>"),
        ("&auml;&#228;&#xE4;", "äää"),
        ("AT&T &foo; & &; &#;", "AT&T &foo; & &; &#;"),
        ("&nbsp;", "\u00a0"),
        ("&#0;&#xD800;", "\ufffd\ufffd"),
        ("&#1;", ""),
        (f"&#{'9' * 5000};", None),
    ],
)
def test_entities_are_what_they_stand_for(given, text):
    assert parse_markup(given).text == text or text is None


def test_every_character_is_written_somewhere():
    marked = parse_markup("a<br>&lt;b")
    assert marked.text == "a <b"
    assert marked.characters == [(0, 1), (1, 1), (5, 9), (9, 10)]
    assert [(tag.start.span, tag.start.position) for tag in marked.elements] == [((1, 5), 2)]


@given(texts(tags=True))
@example("İ<script></script>")
def test_anything_can_be_read(given):
    marked = parse_markup(given)
    assert len(marked.text) == len(marked.characters)
    tags = [tag for each in marked.elements for tag in (each.start, each.end) if tag] + marked.strays
    assert all(given[slice(*tag.span)] == tag.text for tag in tags)
    covered = sorted([tag.span for tag in tags] + [span for span in set(marked.characters) if span[0] < span[1]])
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(covered))
    assert all(
        each.parent < index and (each.parent < 0 or marked.elements[each.parent].end)
        for index, each in enumerate(marked.elements)
    )


@pytest.mark.parametrize(
    "piece", ["<", "<b", "<b>", "</b>", "<!--", "<script>", "<a '", '<a "', "&", "&#", "&a", "<?", "<![CDATA["]
)
def test_no_text_takes_long(piece):
    text = piece * (10_000 // len(piece))
    assert quickest_of_three(lambda: parse_markup(text)) < 2
