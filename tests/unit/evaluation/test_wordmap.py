"""Word vectors in two dimensions: which words, in which groups, and the picture of them."""

import csv
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from enface.data.tokenizer import Tokenizer
from enface.evaluation.figures import png
from enface.evaluation.folder import write_findings
from enface.evaluation.report import Subject, report
from enface.evaluation.wordmap import word_map
from enface.evaluation.wordplot import word_map_section, word_plot, write_word_map
from tests.unit.evaluation.made import WORD_MAP, findings

TEXT = ["the king sees the queen", "the old king sleeps", "the dog sleeps quietly", "<b> $x$"]


@pytest.fixture
def prepared(tmp_path):
    tokenizer = Tokenizer.train(TEXT, vocabulary_size=330)
    (tmp_path / "train.source").write_text("\n".join(TEXT * 3) + "\n", encoding="utf-8")
    return SimpleNamespace(
        path=tmp_path, tokenizer=tokenizer, meta=SimpleNamespace(corpus="builtin", source_language="en")
    )


@pytest.fixture
def embedding(prepared):
    return np.random.default_rng(2).normal(size=(prepared.tokenizer.vocabulary_size, 6)).astype(np.float32)


def test_the_most_frequent_words_have_their_parts_of_speech_in_the_builtin_corpus(prepared, embedding):
    found = word_map(prepared, embedding, words=6)
    assert [(word.text, word.count) for word in found.words[:3]] == [("the", 12), ("king", 6), ("sleeps", 6)]
    groups = {word.text: group for word, group in zip(found.words, found.groups, strict=True)}
    assert groups.items() >= {"the": "other", "king": "noun", "sleeps": "verb"}.items()
    assert found.grouped_by == "part of speech"
    assert found.points.shape == (6, 2)
    assert 0 <= found.shares[1] <= found.shares[0] <= 1


def test_elsewhere_words_are_grouped_by_how_often_they_come(prepared, embedding):
    prepared.meta.corpus = "multi30k"
    found = word_map(prepared, embedding, words=50)
    assert list(found.groups[:2]) == ["10 to 99", "1 to 9"]
    assert found.order == ["10 to 99", "1 to 9"]
    assert found.grouped_by == "times in training"


def test_the_figure_has_a_dot_a_word_and_names_those_that_have_room():
    figure = word_plot(WORD_MAP)
    (axes,) = figure.axes
    dots = [offset for collection in axes.collections for offset in collection.get_offsets().tolist()]
    assert sorted(dots) == sorted(WORD_MAP.points.tolist())
    assert [text.get_text() for text in axes.texts] == ["the", "<dog>", "$x$"]  # "cat" would lie over "<dog>"
    assert not any(text.get_parse_math() for text in axes.texts)
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["noun", "other"]
    assert png(word_plot(WORD_MAP)) == png(figure)


def test_both_axes_have_one_scale():
    figure = word_plot(WORD_MAP)
    (axes,) = figure.axes
    corners = axes.transData.transform([(0, 0), (1, 1)])
    assert np.ptp(corners[:, 0]) == pytest.approx(np.ptp(corners[:, 1]))


def test_words_at_one_point_are_drawn_too():
    word_plot(replace(WORD_MAP, points=np.zeros((4, 2))))


def test_the_files_hold_picture_and_points(tmp_path):
    write_word_map(tmp_path, WORD_MAP)
    assert (tmp_path / "words.png").read_bytes() == png(word_plot(WORD_MAP))
    with (tmp_path / "words.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    assert rows[:3] == [["word", "count", "group", "x", "y"], ["the", "30", "other", "1.0000", "0.0000"],
                        ["<dog>", "9", "noun", "0.0000", "1.0000"]]  # fmt: skip


def test_the_report_and_the_folder_show_them_where_there_are_any(tmp_path):
    subject = Subject("title", "en", "de", {})
    assert "Word vectors" not in report(subject, findings())
    page = report(subject, replace(findings(), words=WORD_MAP))
    assert word_map_section(WORD_MAP, "en") in page
    assert "4 words in two dimensions, by part of speech: 2 noun, 2 other" in page
    assert "The two show 75% of the variance" in page
    assert "<dog>" not in page
    write_findings(tmp_path, replace(findings(), words=WORD_MAP))
    assert (tmp_path / "words.png").exists()
