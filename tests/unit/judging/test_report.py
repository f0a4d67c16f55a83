import json

import numpy as np
import pytest

from enface.errors import DataError
from enface.evaluation.figures import png
from enface.inference.judge import Judge, Look
from enface.judging.calibration import measure
from enface.judging.corruption import KINDS
from enface.judging.reliability import reliability_diagram
from enface.judging.report import ALL, draw_look, judge_held_out, look_at_example, metrics, write_report

NUMBERS = {"kept", "found", "accuracy", "auc", "expected_calibration_error"}


class Knowing:
    """A judge that knows the right pairs, and is a little unsure of shuffled ones."""

    def __init__(self, pairs):
        self.right = set(pairs)
        self.sources = {source for source, _ in pairs}
        self.targets = {target for _, target in pairs}

    def probability(self, pairs):
        return np.array([self._of(pair) for pair in pairs])

    def _of(self, pair):
        if pair in self.right:
            return 0.9
        return 0.6 if pair[0] in self.sources and pair[1] in self.targets else 0.1


@pytest.fixture
def measured(pairs):
    return judge_held_out(Knowing(pairs), pairs)


def test_each_kind_is_measured_against_all_right_pairs(measured, pairs):
    assert list(measured) == [ALL, *KINDS]
    assert measured["shuffled"].found == 0
    assert measured["shuffled"].accuracy == pytest.approx(50, abs=1)
    assert measured["dropped"].found == measured["truncated"].found == measured["wrong_language"].found == 100
    assert all(found.kept == 100 and found.auc == 1 for found in measured.values())
    assert measured["dropped"].pairs == 2 * len(pairs)


def test_the_mixture_has_as_many_right_pairs_as_wrong_ones_and_equally_many_of_each_kind(measured, pairs):
    assert measured[ALL].pairs == pytest.approx(2 * len(pairs), abs=4)
    assert measured[ALL].found == pytest.approx(75, abs=2)


def test_what_is_watched_are_the_numbers_by_kind(measured):
    watched = metrics(measured)
    assert watched.keys() == {ALL, *KINDS}
    assert all(numbers.keys() == NUMBERS for numbers in watched.values())


def test_pairs_that_cannot_be_made_wrong_are_an_error():
    with pytest.raises(DataError) as caught:
        judge_held_out(Knowing([("a", "x"), ("b", "y")]), [("a", "x"), ("b", "y")])
    assert str(caught.value) == (
        "judge: none of 2 held-out pairs can be made wrong by truncated; need a test split with several sentences of "
        "several words"
    )


def test_the_report_is_written_the_same_each_time(measured, toy_judge, pairs, tmp_path):
    looks = look_at_example(Judge(toy_judge, threads=1), pairs)
    assert list(looks) == ["translation", *KINDS]
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        write_report(tmp_path / folder, measured, looks)
    files = sorted(path.relative_to(tmp_path / "one") for path in (tmp_path / "one").rglob("*.*"))
    assert [str(file) for file in files] == [
        *sorted(f"attention/{kind}.png" for kind in looks),
        "metrics.json",
        "reliability.png",
        "report.json",
    ]
    assert all((tmp_path / "one" / file).read_bytes() == (tmp_path / "two" / file).read_bytes() for file in files)
    written = json.loads((tmp_path / "one/metrics.json").read_text())
    assert written["enabled"] is True
    assert written["shuffled"]["found"] == 0
    assert json.loads((tmp_path / "one/report.json").read_text())["dropped"]["bins"][0]["pairs"] == len(pairs)


def test_the_example_is_of_a_few_words_and_comes_first_in_each_kind(toy_judge, pairs):
    looks = look_at_example(Judge(toy_judge, threads=1), [("a b.", "c d."), ("one two three four five six.", "x y.")])
    assert looks["translation"].tokens[0] != "▁a"
    assert "".join(looks["wrong_language"].tokens).count("</s>") == 1


def test_the_diagram_has_a_panel_for_each_kind_with_its_error(measured):
    figure = reliability_diagram(measured)
    titles = [axes.get_title() for axes in figure.axes]
    assert [title.partition("\n")[0] for title in titles] == [
        "all",
        "shuffled",
        "truncated",
        "dropped",
        "wrong language",
    ]
    error = measured["shuffled"].expected_calibration_error
    assert titles[1].endswith(f"error {error:.3f}")
    points = figure.axes[1].collections[0].get_offsets().tolist()
    assert points == [pytest.approx([0.6, 0.0]), pytest.approx([0.9, 1.0])]


def test_a_look_is_drawn_from_each_rows_smallest_weight_to_its_largest():
    look = Look(["a", "</s>", "b"], np.array([[0.3, 0.4, 0.3], [0.2, 0.5, 0.3], [1 / 3] * 3], np.float32))
    (image,) = draw_look(look).axes[0].images
    drawn = image.get_array()[:, :, 3]
    np.testing.assert_allclose(drawn, [[0, 1, 0], [0, 1, 1 / 3], [0, 0, 0]], atol=1e-5)
    assert png(draw_look(look)) == png(draw_look(look))


def test_a_single_bin_can_be_drawn():
    reliability_diagram({"all": measure(np.array([0.5]), np.array([0.5]))})
