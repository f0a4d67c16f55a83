from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enface.alignment.edits import edited
from enface.alignment.placeholders import digit_groups, placeholders_in
from enface.alignment.restoring import Restored, restore
from tests.unit.alignment.made import aligned, at_random, seeds, texts


def restored(texts):
    edits, done = restore(texts, placeholders_in(texts.source))
    return edited(texts, edits).texts.target, done


@pytest.mark.parametrize(
    ("source", "target", "links", "text", "done"),
    [
        ("Hi {name} !", "Hallo {name}!", [(0, 0), (1, 1), (2, 2)], "Hallo {name}!", Restored()),
        ("Hi {name} !", "Hallo {nam}!", [(0, 0), (1, 1), (2, 2)], "Hallo {name}!", Restored(replaced=["{name}"])),
        ("Hi {name} !", "Hallo!", [(0, 0), (2, 1)], "Hallo {name}!", Restored(inserted=["{name}"])),
        (
            "Hi {name} !",
            "Hallo {name} {name}!",
            [(0, 0), (1, 2), (2, 3)],
            "Hallo {name}!",
            Restored(removed=["{name}"]),
        ),
        ("{a} {b}", "{a} {a}", [(0, 0), (1, 1)], "{a} {b}", Restored(replaced=["{b}"], removed=["{a}"])),
        ("{a} dog {a}", "{a} Hund", [(2, 0), (1, 1)], "{a} {a} Hund", Restored(inserted=["{a}"])),
        ("%s dogs", "die Hunde", [(0, 0), (1, 1)], "%s Hunde", Restored(replaced=["%s"])),
        (
            "see http://a.b",
            "siehe http: /a",
            [(0, 0), (1, 1), (4, 3)],
            "siehe http://a.b",
            Restored(replaced=["http://a.b"]),
        ),
        ("{a}", "", [], "{a}", Restored(inserted=["{a}"])),
        ("{a} {b}", "", [], "{a} {b}", Restored(inserted=["{a}", "{b}"])),
        ("costs $5", "kostet Dollar", [(0, 0), (1, 1)], "kostet $5", Restored(replaced=["5"])),
        ("{n}x{m}", "{n} x", [(0, 0), (0, 1)], "{n}x{m}", Restored(replaced=["{m}"])),
    ],
)
def test_each_stands_in_the_answer_as_often_as_in_the_source(source, target, links, text, done):
    assert restored(aligned(source, target, links)) == (text, done)


@pytest.mark.parametrize(
    ("source", "target", "links", "text", "done"),
    [
        ("15 dogs", "15 Hunde", [(1, 0), (0, 1)], "15 Hunde", Restored()),
        ("15 dogs", "51 Hunde", [(0, 0), (1, 1)], "15 Hunde", Restored(replaced=["15"])),
        ("3.5 dogs", "3,5 Hunde", [(0, 0), (3, 3)], "3,5 Hunde", Restored(rewritten=[("3.5", "3,5")])),
        ("two of 2", "2 von 2", [(0, 0), (1, 1), (2, 2)], "2 von 2", Restored()),
        ("2 dogs", "2 2 Hunde", [(0, 0), (0, 1), (1, 2)], "2 Hunde", Restored(removed=["2"])),
        ("5 or 3.5", "5 oder 3", [(0, 0), (1, 1), (2, 2), (3, 2), (4, 2)], "5 oder 3.5", Restored(replaced=["3.5"])),
    ],
)
def test_a_number_that_was_copied_stays(source, target, links, text, done):
    assert restored(aligned(source, target, links)) == (text, done)


def test_no_word_gives_way_that_comes_mostly_from_elsewhere():
    texts = aligned("5 dogs", "Hunde", [(0, 0), (1, 0)])
    assert restored(texts) == ("5 Hunde", Restored(inserted=["5"]))


@pytest.mark.parametrize(
    ("source", "target", "links", "text"),
    [
        ("a 5.", "ein.", [(0, 0), (0, 1)], "ein 5."),
        ("a. 5", "ein.", [(0, 0), (1, 1)], "ein. 5"),
        ("a 5.", "ein", [(0, 0)], "ein 5"),
    ],
)
def test_nothing_is_put_behind_the_sentence(source, target, links, text):
    assert restored(aligned(source, target, links))[0] == text


def test_a_placeholder_that_is_right_does_not_give_way_to_another():
    texts = aligned("{a} {b} c", "{a} x", [(1, 0), (2, 1)])
    assert restored(texts) == ("{b} {a} x", Restored(inserted=["{b}"]))


@settings(max_examples=200, deadline=None)
@given(texts(), texts(), seeds)
def test_anything_can_be_restored(source, target, seed):
    restored(at_random(source, target, seed))


WORDS = ["dog", "Hund", ".", ",", "{a}", "{b}", "${c}", "%s", "%(x)d", "http://a.b/c", "me@a.b", "7", "8.5", "(", ")"]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(WORDS), max_size=9),
    st.lists(st.sampled_from([*WORDS, "{a}{b}", "x{a}", "8,5"]), max_size=9),
    seeds,
)
def test_the_answer_has_each_as_often_as_the_source(source, target, seed):
    texts = at_random(" ".join(source), " ".join(target), seed)
    if not texts.source_spans:
        return
    text, done = restored(texts)
    expected, found = placeholders_in(texts.source), placeholders_in(text)
    count = Counter(each.text for each in found)
    for each, times in Counter(each.text for each in expected if each.kind != "number").items():
        assert count[each] == times
    numbers = Counter(tuple(digit_groups(each.text)) for each in found if each.kind == "number")
    for each, times in Counter(tuple(digit_groups(each.text)) for each in expected if each.kind == "number").items():
        assert numbers[each] >= times
    assert np.all([was in texts.source and now in text for was, now in done.rewritten])
