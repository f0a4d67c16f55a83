"""The report's page."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from enface.evaluation.report import Subject, report
from tests.unit.evaluation.made import REFERENCES, findings

SUBJECT = Subject("enface <1>", "en", "de", {"corpus": "builtin", "commit": "a & b"})


class Outline(HTMLParser):
    """The page's tags, its headings and what pictures say in words."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.open, self.told = [], [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        if tag == "svg":
            self.told.append(dict(attributes)["aria-label"])

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_startendtag(self, tag, attributes):
        self.tags.append(tag)


def test_the_page_is_whole_and_its_tags_are_closed():
    outline = Outline(report(SUBJECT, findings()))
    assert outline.open == []
    assert outline.tags.count("h1") == 1
    assert outline.tags.count("article") == 3
    assert outline.tags.count("svg") == 4
    assert all(outline.told)


def test_nothing_is_loaded_from_elsewhere():
    page = report(SUBJECT, findings())
    assert "script" not in Outline(page).tags
    assert set(re.findall(r"https?://[^\"' >]+", page)) <= {
        "http://www.w3.org/2000/svg",
        "http://www.w3.org/1999/xlink",
    }
    assert all(found.startswith(("#", "data:")) for found in re.findall(r'(?:href|src)="([^"]*)"', page))
    assert "@import" not in page
    assert all(found.startswith("#") for found in re.findall(r"url\(([^)]*)\)", page))


def test_everything_from_corpus_and_bundle_is_escaped():
    page = report(SUBJECT, findings())
    assert "enface &lt;1&gt;" in page
    assert "a &amp; b" in page
    assert "<b>eat" not in page
    assert "&lt;b&gt;eat" in page


def test_scores_intervals_signatures_and_alignment_are_told():
    page = report(SUBJECT, findings(["Falsch", *REFERENCES[1:]]))
    assert "tok:13a" in page
    assert re.search(r"<small>\d+\.\d to \d+\.\d</small>", page)
    assert "<td>8.2</td><td>92.0</td><td>91.5</td>" in page
    assert "made by hand" in page
    assert "8-bit weights" in page


def test_what_was_not_measured_is_not_told():
    found = findings()
    split = replace(found.splits[0], alignment=None)
    page = report(SUBJECT, replace(found, splits=[split], gold=None, int8=None))
    assert "Word alignment" not in page
    assert "8-bit" not in page


def test_a_sample_without_words_has_no_picture():
    page = report(SUBJECT, findings(["", *REFERENCES[1:]]))
    assert Outline(page).tags.count("svg") == 3


def test_equal_findings_give_equal_pages():
    assert report(SUBJECT, findings()) == report(SUBJECT, findings())
