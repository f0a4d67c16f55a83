"""The picture of words in two dimensions, its files and its part of the report.

A dot a word, coloured by its group, and its name where there is room. Which words, and where, is `wordmap.py`'s.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from jaxtyping import Float

from enface.evaluation.figures import INK, PALETTE, save_png, svg

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from enface.embeddings.words import Word

OTHER = "other"
"""The group of words that are in none: it is grey."""

_WIDTH, _HEIGHT = 9.6, 6.6  # inches
_LEFT, _BOTTOM, _RIGHT, _TOP = 0.65, 0.55, 0.75, 0.1
_LABEL_POINTS, _POINTS_AN_INCH = 8, 72
_COLUMNS = ("word", "count", "group", "x", "y")


@dataclass(frozen=True)
class WordMap:
    """W words in two dimensions, the most frequent first.

    `groups` says what each word is coloured by, and `grouped_by` what that is; `order` has the groups in the order of
    the legend. `shares` is the part of the variance that each axis shows, 0 to 1.
    """

    words: "Sequence[Word]"
    groups: Sequence[str]
    order: Sequence[str]
    grouped_by: str
    points: Float[np.ndarray, "W 2"]
    shares: tuple[float, float]


class _Box(NamedTuple):
    """Where a name stands, in inches."""

    left: float
    bottom: float
    right: float
    top: float

    def overlaps(self, other: "_Box") -> bool:
        beside = self.left >= other.right or other.left >= self.right
        return not (beside or self.bottom >= other.top or other.bottom >= self.top)


def word_plot(shown: WordMap) -> "Figure":
    """The figure: a colour a group, both axes to one scale; words that have room bear their name, the first first."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(_WIDTH, _HEIGHT), facecolor="white")
    inner = np.array([_WIDTH - _LEFT - _RIGHT, _HEIGHT - _BOTTOM - _TOP])
    axes = figure.add_axes((_LEFT / _WIDTH, _BOTTOM / _HEIGHT, inner[0] / _WIDTH, inner[1] / _HEIGHT), facecolor="none")
    lowest, highest = shown.points.min(axis=0), shown.points.max(axis=0)
    an_inch = 1.05 * float(((highest - lowest) / inner).max()) or 1.0
    corner = (lowest + highest - an_inch * inner) / 2
    axes.set_xlim(corner[0], corner[0] + an_inch * inner[0])
    axes.set_ylim(corner[1], corner[1] + an_inch * inner[1])
    _draw_dots(axes, shown)
    _label_axes(axes, shown)
    _name_words(axes, shown, (shown.points - corner) / an_inch)
    return figure


def word_map_section(shown: WordMap, language: str) -> str:
    """The part of the report's page that shows the picture; `language` is that of the words."""
    groups = ", ".join(f"{list(shown.groups).count(group)} {group}" for group in shown.order if group in shown.groups)
    picture = svg(
        word_plot(shown),
        name="words",
        description=f"{len(shown.words)} words in two dimensions, by {shown.grouped_by}: {groups}",
    )
    return (
        f'<h2>Word vectors</h2>\n<figure class="plot scroll" lang="{escape(language)}">{picture}</figure>\n'
        f'<p class="note">The {len(shown.words)} most frequent words of the source side by {escape(shown.grouped_by)}, '
        "in the two directions in which their vectors differ most. The random start of training is taken out, and all "
        f"are of length 1. The two show {sum(shown.shares):.0%} of the variance: words that lie together here may be "
        "apart in other directions.</p>"
    )


def write_word_map(folder: Path, shown: WordMap) -> None:
    """Writes `words.png` and `words.csv` into the folder, which is there."""
    save_png(word_plot(shown), folder / "words.png")
    rows = zip(shown.words, shown.groups, shown.points.tolist(), strict=True)
    with (folder / "words.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows([word.text, word.count, group, f"{x:.4f}", f"{y:.4f}"] for word, group, (x, y) in rows)


def _draw_dots(axes: "Axes", shown: WordMap) -> None:
    for number, group in enumerate(group for group in shown.order if group in shown.groups):
        x, y = shown.points[[other == group for other in shown.groups]].T
        colour = PALETTE[-1] if group == OTHER else PALETTE[number % (len(PALETTE) - 1)]
        axes.scatter(x, y, s=14, color=colour, label=group, linewidths=0)


def _label_axes(axes: "Axes", shown: WordMap) -> None:
    axes.set_xlabel(f"First principal component: {shown.shares[0]:.0%} of the variance", color=INK)
    axes.set_ylabel(f"Second: {shown.shares[1]:.0%}", color=INK)
    axes.tick_params(colors=INK, labelsize=8)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set(color=INK, alpha=0.4)
    legend = axes.legend(title=shown.grouped_by, frameon=False, labelcolor=INK, loc="best", fontsize=9)
    for text in (legend.get_title(), *legend.get_texts()):
        text.set(color=INK, parse_math=False)


def _name_words(axes: "Axes", shown: WordMap, places: Float[np.ndarray, "W 2"]) -> None:
    """Writes the words that overlap none before them, beside their dots; `places` are those of the dots, in inches."""
    height = _LABEL_POINTS / _POINTS_AN_INCH
    taken: list[_Box] = []
    for word, point, (x, y) in zip(shown.words, shown.points, places.tolist(), strict=True):
        box = _Box(x, y - height / 2, x + 0.06 + 0.6 * height * len(word.text), y + height / 2)
        if any(box.overlaps(other) for other in taken):
            continue
        taken.append(box)
        axes.annotate(
            word.text, tuple(point), xytext=(3, 0), textcoords="offset points", va="center", fontsize=_LABEL_POINTS,
            color=INK, parse_math=False,
        )  # fmt: skip
