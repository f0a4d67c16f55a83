"""Placeholders, then terms, then tags, each on what the one before it left, whatever source and alignment are."""

import itertools
from collections import Counter

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from enface.alignment.edits import edited
from enface.alignment.glossary import honour, terms_in
from enface.alignment.markup import parse_markup
from enface.alignment.placeholders import placeholders_in
from enface.alignment.restoring import restore
from enface.alignment.tags import place_tags
from tests.unit.alignment.made import at_random, seeds, texts

GLOSSARY = st.dictionaries(
    st.sampled_from(["dog", "a", "Hund a", "{a}", ".", "ä", "5"]), st.sampled_from(["neu", "a b"])
)


def named(text):
    """The placeholders of a text but for numbers, which may be parted otherwise."""
    return Counter(each.text for each in placeholders_in(text) if each.kind != "number")


def carried(given, target, seed, glossary):
    """The translation before the terms, after them, and with its tags."""
    marked = parse_markup(given)
    drafts = at_random(marked.text, target, seed)
    edits, _ = restore(drafts, placeholders_in(marked.text))
    restored = edited(drafts, edits).texts
    protected = [each.span for each in placeholders_in(restored.target)]
    edits, honoured = honour(restored, terms_in(marked.text, restored.source_spans, glossary), protected)
    final = edited(restored, edits).texts
    return marked, restored, final, honoured, place_tags(marked, final)


def tags(marked):
    return Counter(tag.text for each in marked.elements for tag in (each.start, each.end) if tag)


def nested(marked):
    """Every element with the elements around it that have an end."""
    paths = []
    for each in marked.elements:
        around = paths[each.parent] if each.parent >= 0 else ()
        paths.append((*around, (each.start.text, each.end.text if each.end else None)))
    return Counter(paths)


@settings(max_examples=120, deadline=None)
@given(texts(tags=True), texts(), seeds, GLOSSARY)
def test_every_tag_once_and_nested_or_told_and_no_other_text_changed(given, target, seed, glossary):
    marked, _, final, _, tagged = carried(given, target, seed, glossary)
    after = parse_markup(tagged.text)
    assert tags(after) == tags(marked)
    assert nested(after) == nested(marked)
    assert after.strays == []
    told = Counter((each.tag, each.reason) for each in tagged.unplaced if each.reason != "no_aligned_word")
    lone = [each.start.text for each in marked.elements if each.start.kind == "start" and not each.end]
    strays = [each.text for each in marked.strays]
    assert told == Counter([(tag, "no_end_tag") for tag in lone] + [(tag, "no_start_tag") for tag in strays])
    written = [tagged.text[start:end] for start, end in tagged.characters]
    escapes = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
    assert written == [escapes.get(character, character) for character in final.target]
    assert all(before[1] <= behind[0] for before, behind in itertools.pairwise(tagged.characters))


@settings(max_examples=120, deadline=None)
@given(texts(), texts(), seeds, GLOSSARY)
def test_terms_leave_placeholders_alone_and_are_honoured_or_missed(source, target, seed, glossary):
    marked, restored, final, honoured, _ = carried(source, target, seed, glossary)
    kept, now = named(restored.target), named(final.target)
    assert all(now[text] >= count for text, count in kept.items())
    terms = terms_in(marked.text, final.source_spans, glossary)
    assert len(honoured.replaced) + len(honoured.missed) <= len(terms)
    assert {term.text for term in [*honoured.replaced, *honoured.missed]} <= {term.text for term in terms}


@settings(max_examples=120, deadline=None)
@given(texts(tags=True), texts(), seeds, GLOSSARY)
def test_what_was_carried_over_is_aligned_like_any_translation(given, target, seed, glossary):
    _, _, final, _, _ = carried(given, target, seed, glossary)
    spans = final.target_spans
    assert final.matrix.weights.shape == (len(spans), len(final.source_spans))
    if final.source_spans:
        np.testing.assert_allclose(final.matrix.weights.sum(axis=1), 1.0, atol=1e-6)
    assert all(0 <= start < end <= len(final.target) for start, end in spans)
    assert all(before[1] <= behind[0] for before, behind in itertools.pairwise(spans))


@settings(max_examples=100, deadline=None)
@given(texts(), seeds)
def test_a_copy_without_tags_and_terms_stays_as_it_is(text, seed):
    if any(sign in text for sign in "<&>"):
        return
    marked = parse_markup(text)
    same = at_random(text, text, seed)
    tagged = place_tags(marked, same)
    assert (tagged.text, tagged.unplaced) == (text, [])
