import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enface.alignment.edits import edited
from enface.alignment.glossary import Honoured, Term, honour, terms_in
from enface.alignment.words import word_spans
from tests.timing import quickest_of_three
from tests.unit.alignment.made import aligned, at_random, monotone, seeds, texts


def found(text, glossary):
    return [(term.text, term.wanted) for term in terms_in(text, word_spans(text), glossary)]


@pytest.mark.parametrize(
    ("text", "glossary", "expected"),
    [
        ("The dog.", {"dog": "Hund"}, [("dog", "Hund")]),
        ("Dog, DOG, dogs", {"dog": "Hund"}, [("Dog", "Hund"), ("DOG", "Hund")]),
        ("us US", {"US": "USA"}, [("US", "USA")]),
        ("A hot dog", {"dog": "Hund", "hot dog": "Wurst"}, [("hot dog", "Wurst")]),
        ("A hot  dog", {"hot dog": "Wurst"}, [("hot  dog", "Wurst")]),
        ("a a a", {"a a": "x"}, [("a a", "x")]),
        ("caf\u0065\u0301", {"café": "x"}, [("caf\u0065\u0301", "x")]),
        ("dog", {}, []),
    ],
)
def test_terms_are_found_by_their_words(text, glossary, expected):
    assert found(text, glossary) == expected


@pytest.mark.parametrize(
    ("target", "links", "wanted", "text", "replaced", "missed"),
    [
        ("ein Köter", [(0, 0), (1, 1)], "Hund", "ein Hund", 1, 0),
        ("ein Köter", [(0, 0), (1, 1)], "hund", "ein Hund", 1, 0),
        ("ein köter", [(0, 0), (1, 1)], "Hund", "ein Hund", 1, 0),
        ("ein köter", [(0, 0), (1, 1)], "guter Hund", "ein guter Hund", 1, 0),
        ("ein Hund", [(0, 0), (1, 1)], "Hund", "ein Hund", 0, 0),
        ("ein Hundes", [(0, 0), (1, 1)], "hund", "ein Hundes", 0, 0),
        ("Hund ein", [(0, 0), (1, 1)], "Hund", "Hund ein", 0, 0),
        ("Hund", [(0, 0)], "Hund", "Hund", 0, 0),
        ("ein", [(0, 0)], "Hund", "ein", 0, 1),
        ("", [], "Hund", "", 0, 1),
    ],
)
def test_a_term_is_honoured_or_missed(target, links, wanted, text, replaced, missed):
    texts = aligned("a dog", target, links)
    edits, honoured = honour(texts, terms_in("a dog", texts.source_spans, {"dog": wanted}))
    assert edited(texts, edits).texts.target == text
    assert (len(honoured.replaced), len(honoured.missed)) == (replaced, missed)


def test_a_word_counts_for_one_term_only():
    texts = aligned("a dog a dog", "Hund", [(0, 0)])
    terms = terms_in(texts.source, texts.source_spans, {"dog": "Hund"})
    assert honour(texts, terms) == ([], Honoured(missed=[Term("dog", "Hund", (8, 11))]))


def test_what_is_protected_stays():
    texts = monotone("a dog", "ein {x}")
    terms = terms_in(texts.source, texts.source_spans, {"dog": "Hund"})
    assert honour(texts, terms, [(4, 7)]) == ([], Honoured(missed=terms))


@settings(max_examples=200, deadline=None)
@given(texts(), texts(), seeds, st.dictionaries(st.sampled_from(["dog", "a", "Hund a", "{a}", "."]), st.just("neu")))
def test_every_term_is_in_the_answer_or_missed(source, target, seed, glossary):
    texts = at_random(source, target, seed)
    terms = terms_in(source, texts.source_spans, glossary)
    edits, honoured = honour(texts, terms)
    text = edited(texts, edits).texts.target
    assert text.casefold().count("neu") >= len(terms) - len(honoured.missed)


@pytest.mark.parametrize("term", ["b ", "a "])
def test_many_long_terms_take_no_time(term):
    text = "a " * 5_000
    glossary = {term * size + "c": "x" for size in range(100)}
    words = word_spans(text)
    assert quickest_of_three(lambda: terms_in(text, words, glossary)) < 5
