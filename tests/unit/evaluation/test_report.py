"""The report's page."""

import re
from dataclasses import replace
from html.parser import HTMLParser

from enface.alignment.measures import means
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


def test_the_attention_is_told_for_the_split_and_beside_each_picture():
    found = findings()
    page = report(SUBJECT, found)
    head, _, rest = page.partition("<h2>Attention</h2>")
    assert head
    assert f"<td>{found.splits[0].attention.sharpness:.2f}</td><td>1.00</td><td>0.92</td><td>1.00</td></tr>" in rest
    assert "at least 0.2 of what" in rest
    pictures = re.findall(
        r'<div class="seen"><figure.*?</svg>\s*</figure><dl class="measures">(.*?)</dl></div>', page, re.S
    )
    assert len(pictures) == 3
    for sample, shown in zip(found.samples, pictures, strict=True):
        assert f"<dt>Sharpness</dt><dd>{sample.attention.sharpness:.2f}</dd>" in shown
        assert f"<dt>Coverage</dt><dd>{sample.attention.coverage:.2f}</dd>" in shown


def test_a_measure_that_nothing_was_measured_for_is_a_dash():
    found = findings()
    nothing = replace(found.splits[0].attention, entropy=None)
    page = report(SUBJECT, replace(found, splits=[replace(found.splits[0], attention=nothing)]))
    assert '<th scope="row">test</th><td>–</td><td>' in page


def test_texts_are_laid_out_in_their_own_direction():
    assert report(SUBJECT, findings()).count('dir="auto"') == 9


def test_what_was_not_measured_is_not_told():
    found = findings()
    split = replace(found.splits[0], alignment=None, attention=means([]))
    page = report(SUBJECT, replace(found, splits=[split], gold=None, int8=None))
    assert "Word alignment" not in page
    assert "<h2>Attention</h2>" not in page
    assert "8-bit" not in page


def test_a_sample_without_words_has_no_picture():
    page = report(SUBJECT, findings(["", *REFERENCES[1:]]))
    assert Outline(page).tags.count("svg") == 3


def test_equal_findings_give_equal_pages():
    assert report(SUBJECT, findings()) == report(SUBJECT, findings())
