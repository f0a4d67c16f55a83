"""Figures as bytes: heat maps and the plot by length."""

import re

import numpy as np
import pytest

from enface.evaluation.buckets import LengthBucket
from enface.evaluation.figures import png, save_png, svg
from enface.evaluation.heatmap import heat_map
from enface.evaluation.lengths import length_plot
from enface.evaluation.scores import Score

WEIGHTS = np.array([[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]])


def small_map():
    return heat_map(["Äpfel", "$5 a$"], ["où", "<b>", "ž"], WEIGHTS, links=[(0, 0), (1, 1)])


def bucket(first, last, sentences=10, value=50.0):
    return LengthBucket(first, last, sentences, float(first), Score(value, value - 5, value + 5, "signature"))


def test_equal_figures_are_equal_bytes():
    assert png(small_map()) == png(small_map())
    assert png(small_map()).startswith(b"\x89PNG")
    pages = [svg(small_map(), name="one", description="a map") for _ in range(2)]
    assert pages[0] == pages[1]


def test_words_stand_on_the_axes_with_the_source_along_the_top():
    axes = small_map().axes[0]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["Äpfel", "$5 a$"]
    assert [label.get_text() for label in axes.get_yticklabels()] == ["où", "<b>", "ž"]
    assert not any(label.get_parse_math() for label in axes.get_xticklabels())
    assert axes.xaxis.get_ticks_position() == "top"
    assert axes.yaxis_inverted()


HEBREW, ENGLISH = ["אישה", "קוראת", "עיתון"], ["a", "reader"]


def test_source_words_that_are_read_from_the_right_stand_so():
    axes = heat_map(HEBREW, ENGLISH, np.array([[0.9, 0.1, 0], [0.2, 0.8, 0]]), links=[(0, 0)]).axes[0]
    assert axes.xaxis_inverted()
    assert [label.get_text() for label in axes.get_xticklabels()] == HEBREW
    across = axes.transData.transform([(place, 0) for place in range(3)])[:, 0]
    assert across[0] > across[1] > across[2]
    assert axes.collections[-1].get_offsets().tolist() == [[0, 0]]
    assert all(label.get_ha() == "right" and label.get_rotation() == 310 for label in axes.get_xticklabels())
    assert axes.yaxis.get_ticks_position() == "left"


def test_target_words_that_are_read_from_the_right_stand_there():
    axes = heat_map(ENGLISH, HEBREW, np.full((3, 2), 0.5)).axes[0]
    assert not axes.xaxis_inverted()
    assert axes.yaxis.get_ticks_position() == "right"
    assert axes.yaxis_inverted()


@pytest.mark.parametrize("source", [ENGLISH, HEBREW], ids=["left", "right"])
@pytest.mark.parametrize("target", [ENGLISH, HEBREW], ids=["left", "right"])
def test_all_words_are_inside_the_picture(source, target):
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    source, target = ([*side, side[-1] * 3] for side in (source, target))
    figure = heat_map(source, target, np.full((len(target), len(source)), 0.1))
    FigureCanvasAgg(figure).draw()
    for label in [*figure.axes[0].get_xticklabels(), *figure.axes[0].get_yticklabels()]:
        box = label.get_window_extent()
        assert figure.bbox.x0 <= box.x0 <= box.x1 <= figure.bbox.x1
        assert figure.bbox.y0 <= box.y0 <= box.y1 <= figure.bbox.y1


def test_a_page_lays_out_the_letters_of_a_word_itself():
    assert ">אישה<" in svg(heat_map(HEBREW, ENGLISH, np.full((2, 3), 0.3)), name="one", description="")


def test_cells_are_as_deep_as_their_weights_and_links_have_dots():
    axes = small_map().axes[0]
    np.testing.assert_allclose(axes.images[0].get_array()[:, :, 3], WEIGHTS)
    assert axes.collections[-1].get_offsets().tolist() == [[0, 0], [1, 1]]


def test_a_map_grows_with_its_words():
    def size(words):
        return heat_map(["word"] * words, ["word"] * words, np.full((words, words), 0.1)).get_size_inches()

    assert size(40) == pytest.approx(size(10) + 30 * 0.27)


def test_an_overlong_word_is_cut():
    axes = heat_map(["x" * 40], ["a"], np.ones((1, 1))).axes[0]
    assert axes.get_xticklabels()[0].get_text() == "x" * 23 + "…"


def test_an_empty_translation_can_be_drawn():
    assert png(heat_map(["a", "b"], [], np.zeros((0, 2))))


def test_svg_takes_the_ink_of_its_page_and_keeps_ids_apart():
    one, two = (svg(small_map(), name=name, description="") for name in ("one", "two"))
    assert "currentColor" in one
    assert "#1c2126" not in one
    ids = [set(re.findall(r'\bid="([^"]+)"', page)) for page in (one, two)]
    assert ids[0]
    assert ids[0].isdisjoint(ids[1])
    references = re.findall(r'(?:href="#|url\(#)([^")]+)', one)
    assert references
    assert set(references) <= ids[0]


def test_svg_is_described_and_escaped():
    page = svg(small_map(), name="one", description='"<a>" & b')
    assert page.startswith('<svg role="img" aria-label="&quot;&lt;a&gt;&quot; &amp; b"')
    assert "&lt;b&gt;" in page
    assert "<b>" not in page


def test_no_pyplot_is_used():
    import subprocess
    import sys

    code = (
        "import sys, enface.evaluation.report as r; sys.exit('matplotlib' in sys.modules or 'sacrebleu' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_png_files_are_written(tmp_path):
    save_png(small_map(), tmp_path / "maps" / "1.png")
    assert (tmp_path / "maps" / "1.png").read_bytes() == png(small_map())


def test_the_plot_has_a_line_for_each_system_and_counts_under_each_bucket():
    systems = {"additive": [bucket(1, 5), bucket(6, None, 3)], "none": [bucket(1, 5), bucket(6, None, 4, 20.0)]}
    axes = length_plot(systems).axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == ["additive", "none"]
    assert [label.get_text() for label in axes.get_xticklabels()] == ["1–5\nn = 10", "6+\nn = 3 to 4"]
    assert [container.lines[0].get_ydata().tolist() for container in axes.containers] == [[50, 50], [50, 20]]


def test_a_name_that_begins_with_an_underscore_is_in_the_legend():
    axes = length_plot({"_old": [bucket(1, 5)], "new": [bucket(1, 5)]}).axes[0]
    assert [text.get_text() for text in axes.get_legend().get_texts()] == [" _old", "new"]


def test_a_system_without_sentences_in_a_bucket_skips_it():
    systems = {"$a$": [bucket(1, 5), bucket(6, 9)], "b": [bucket(6, 9), bucket(10, None)]}
    axes = length_plot(systems).axes[0]
    assert len(axes.get_xticklabels()) == 3
    assert png(length_plot(systems))
