import itertools

import pytest
from hypothesis import given

from enface.alignment.placeholders import Occurrences, Placeholder, placeholders_in, same_number
from tests.timing import quickest_of_three
from tests.unit.alignment.made import texts


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("{name} {0} {} {x:>3} ${x} %{x} #{x} {{ user.name }} { x }", "name", "{name} {0} {} {x:>3} ${x} %{x} #{x}"),
        ("%s %d %(x)d %1$s %.2f %5d %% %1 %@", "printf", "%s %d %(x)d %1$s %.2f %5d %1 %@"),
        ("100% sure, 50%d, 5 % of, 100%s", "printf", ""),
        ("https://a.b/c?x=1. (see http://d.e/F_(g)), www.h.de!", "url", "https://a.b/c?x=1 http://d.e/F_(g) www.h.de"),
        ("me@x.org, a.b+c@d-e.co.uk. @me x@y", "email", "me@x.org a.b+c@d-e.co.uk"),
        ("1 2.5 1,000.50 12:30 2024-01-02 1/2 5–10 ٣", "number", "1 2.5 1,000.50 12:30 2024-01-02 1/2 5–10 ٣"),
        ("5% $5 -5 (5) 10.", "number", "5 5 5 5 10"),
        ("B2B 3rd 4x4 5km 1990s v1.2 ²", "number", ""),
    ],
)
def test_what_is_a_placeholder(text, kind, found):
    texts = [each.text for each in placeholders_in(text) if each.kind == kind]
    assert [text for text in texts if " " not in text] == found.split()


def test_blanks_may_stand_in_braces():
    assert [each.text for each in placeholders_in("{{ user.name }} { x } {a b}")] == ["{{ user.name }}", "{ x }"]


@given(texts())
def test_they_stand_where_it_is_said(text):
    found = placeholders_in(text)
    assert all(text[slice(*each.span)] == each.text != "" for each in found)
    assert all(before.span[1] <= after.span[0] for before, after in itertools.pairwise(found))


@given(texts())
def test_a_number_is_the_same_as_itself(text):
    for each in placeholders_in(text):
        if each.kind == "number":
            assert each.span in [match.span() for match in same_number(each.text).finditer(text)]


@pytest.mark.parametrize(
    ("number", "text", "found"),
    [
        ("3.5", "3,5 3.5 3.50 13.5 3 5", ["3,5", "3.5"]),
        ("1,000.5", "1.000,5 1000,5", ["1.000,5"]),
        ("5", "5% 5er 5-10 2:5 3.5 5.1 15 51 B5 x5", ["5", "5", "5", "5"]),
    ],
)
def test_a_number_may_be_parted_otherwise(number, text, found):
    assert same_number(number).findall(text) == found


def test_occurrences_do_not_share_characters():
    found = Occurrences("{5} 5 3,5 {5}")
    assert found.of(Placeholder("name", "{5}", (0, 3))) == [(0, 3), (10, 13)]
    assert found.of(Placeholder("number", "3.5", (0, 3))) == [(6, 9)]
    assert found.of(Placeholder("number", "5", (0, 1))) == [(4, 5)]
    assert found.of(Placeholder("name", "{6}", (0, 3))) == []


PIECES = ["{", "{a", "a@", "a.", "1.", "1-", "%(", "%0", "{{", "http://", "()", "a@b.", "-", "%(aaaa", "@a-.", ")"]


@pytest.mark.parametrize("piece", [*PIECES, "0", "0#", ".0"])
@pytest.mark.parametrize("begin", ["", "http://", "{", "a@", "%", "%.", "%1$"])
def test_no_text_takes_long(begin, piece):
    text = begin + piece * (10_000 // len(piece))
    assert quickest_of_three(lambda: placeholders_in(text)) < 1
