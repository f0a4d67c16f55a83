"""What is carried over into a translation: on a hand-made draft, and through the toy translator, which copies."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings

from enface.alignment.words import split_words
from enface.inference.carrying import Draft, carry
from enface.inference.options import TranslateOptions
from enface.inference.source import read_source
from enface.inference.translator import Translator
from tests.unit.alignment.made import aligned, texts

OPTIONS = TranslateOptions(format="html", glossary={"terms": {"dog": "Hund", "cat": "Katze"}})


@pytest.fixture(scope="module")
def translator(toy_bundle):
    return Translator(toy_bundle, threads=1)


def one(translator, text, **options):
    return translator.translate([text], TranslateOptions(**options))[0]


def test_placeholders_then_terms_then_tags():
    source = read_source("<b>{x}</b> &amp; a <i>dog</i>, cat", OPTIONS)
    assert source.text == "{x} & a dog, cat"
    texts = aligned(source.text, "ixi & ein Köter,", [(0, 0), (1, 1), (2, 2), (3, 3), (4, 4)])
    carried = carry(source, Draft(texts, texts, list(range(5))))
    assert carried.text == "<b>{x}</b> &amp; ein <i>Hund</i>,"
    assert [carried.text[start:end] for start, end in carried.spans] == ["{x}", "&amp;", "ein", "Hund", ","]
    assert carried.draft.origins == [None, 1, 2, None, 4]
    assert carried.reports.to_dict() == {
        "markup": {"unplaced": []},
        "placeholders": {"replaced": ["{x}"], "inserted": [], "removed": [], "rewritten": []},
        "glossary": {
            "replaced": [{"text": "dog", "wanted": "Hund", "span": [22, 25]}],
            "missed": [{"text": "cat", "wanted": "Katze", "span": [31, 34]}],
        },
    }


def test_without_anything_to_carry_nothing_is_reported(translator):
    assert list(one(translator, "a dog").to_dict()) == ["text", "score", "source", "target", "alignment"]
    assert "placeholders" not in one(translator, "{x}", protect=False).to_dict()
    assert one(translator, "a dog", glossary={"terms": {"cat": "x"}}).to_dict()["glossary"] == {
        "replaced": [],
        "missed": [],
    }


@pytest.mark.parametrize("kind", ["word", "subword", "none"])
def test_tags_come_through_a_copy(translator, kind):
    given = "A <b>young <i>dog</i></b> &amp; {x}<br/>."
    found = one(translator, given, format="html", alignment=kind)
    assert found.text == "A <b>young <i>dog</i></b> &amp; {x} <br/>."
    assert (found.matrix is None) == (kind == "none")
    if kind != "subword":
        assert found.source.tokens == found.target.tokens == ["A", "young", "dog", "&", "{x}", "."]
        assert [given[start:end] for start, end in found.source.spans] == ["A", "young", "dog", "&amp;", "{x}", "."]
        assert [found.text[start:end] for start, end in found.target.spans] == [
            "A",
            "young",
            "dog",
            "&amp;",
            "{x}",
            ".",
        ]
    entry = found.to_dict()
    assert entry["markup"] == {"unplaced": []}
    assert entry["placeholders"] == {"replaced": [], "inserted": [], "removed": [], "rewritten": []}
    assert json.loads(json.dumps(entry)) == entry


@pytest.mark.parametrize("kind", ["word", "subword", "none"])
def test_a_term_takes_its_words_place_in_the_alignment(translator, kind):
    found = one(translator, "A hot dog.", glossary={"terms": {"hot dog": "Wurst"}}, alignment=kind)
    assert found.text == "A Wurst."
    if kind == "word":
        assert found.target.tokens == ["A", "Wurst", "."]
        np.testing.assert_allclose(found.matrix, [[1, 0, 0, 0], [0, 0.5, 0.5, 0], [0, 0, 0, 1]])
        assert found.links == [(0, 0), (1, 1), (2, 1), (3, 2)]
    if kind == "subword":
        assert "Wurst" in found.target.tokens
        assert [found.text[start:end] for start, end in found.target.spans if end > start][-2:] == ["Wurst", "."]


def test_a_source_of_tags_alone_has_them_in_the_empty_translation(translator):
    found = one(translator, "<b> <br></b>", format="html", n_best=2)
    assert [found.text, found.alternatives[0].text] == ["<b><br></b>"] * 2
    assert found.target.tokens == []


def test_alternatives_have_their_own_reports(translator):
    entry = one(translator, "a <b>dog", format="html", n_best=2).to_dict()
    expected = {"unplaced": [{"tag": "<b>", "span": [2, 5], "reason": "no_end_tag"}]}
    assert entry["markup"] == entry["alternatives"][0]["markup"] == expected


def test_texts_with_different_glossaries_share_nothing(translator):
    wanted = [one(translator, "a dog", glossary={"terms": {"dog": want}}).text for want in ("x", "y", "x")]
    assert wanted == ["a x", "a y", "a x"]


def test_what_changes_late_is_not_said_early(translator):
    options = TranslateOptions(glossary={"terms": {"dog": "cat"}})
    [begun] = translator.begin(["a young dog runs"], options, steps=3)
    assert begun.to_dict()["target"] == {"tokens": [], "spans": []}
    assert begun.matrix.shape == (0, 4)
    [ended] = translator.begin(["a young dog runs"], options, steps=99)
    assert ended.translation.text == "a young cat runs"


@settings(max_examples=100, deadline=None)
@given(texts(tags=True))
def test_anything_can_be_translated(translator, text):
    text = re.sub("[\0\ud800-\udfff]", "", text)
    for kind in ("word", "subword"):
        found = one(translator, text, format="html", glossary=OPTIONS.glossary, alignment=kind, max_length=40)
        json.dumps(found.to_dict(), ensure_ascii=False).encode()
        assert found.matrix.shape == (len(found.target.tokens), len(found.source.tokens))
        assert all(0 <= start <= end <= len(text) for start, end in found.source.spans)
        assert all(0 <= start <= end <= len(found.text) for start, end in found.target.spans)
    plain = one(translator, text, max_length=40)
    assert plain.target.tokens == split_words(plain.text)
