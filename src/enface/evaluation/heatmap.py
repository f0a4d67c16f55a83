"""The picture of an alignment: source words along the top, target words down the side, weights as depth of colour.

Words that are read from right to left stand so: the first source word is the rightmost column, and target words are
named on the right of their rows. Letters inside a word are laid out by whatever renders the figure.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Float

from enface.alignment.direction import read_from_right
from enface.alignment.links import Link
from enface.evaluation.figures import ACCENT, INK, MARK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_CELL_INCHES = 0.27
_MARGIN_INCHES = 0.12
_CHARACTER_INCHES = 0.085
_LABEL_POINTS = 9
_LONGEST_LABEL_CHARACTERS = 24


def heat_map(
    source: Sequence[str], target: Sequence[str], weights: Float[np.ndarray, "T S"], *, links: Sequence[Link] = ()
) -> "Figure":
    """The figure of `weights`, a dot on every hard link; it grows with the words, so that 40 a side stay readable.

    Args:
        source: the S source words.
        target: the T target words.
        weights: of the source words for each target word, from 0 to 1.
        links: (source word, target word).
    """
    from matplotlib.figure import Figure

    source, target = [_label(word) for word in source], [_label(word) for word in target]
    left, right = _margins_inches(source, target)
    above, below = _above_inches(source), _MARGIN_INCHES
    width, height = max(len(source), 1) * _CELL_INCHES, max(len(target), 1) * _CELL_INCHES
    whole_width, whole_height = left + width + right, above + height + below
    figure = Figure(figsize=(whole_width, whole_height), facecolor="white")
    axes = figure.add_axes(
        (left / whole_width, below / whole_height, width / whole_width, height / whole_height), facecolor="none"
    )
    _draw_cells(axes, weights, links)
    _draw_words(axes, source, target)
    return figure


def _margins_inches(source: Sequence[str], target: Sequence[str]) -> tuple[float, float]:
    """What is left of the cells and right of them: target words at one side, slanting source words leaning to one."""
    named = 0.25 + _CHARACTER_INCHES * max(map(len, target), default=0)
    leaning = max(0.7 * _above_inches(source), 0.3)
    named_right, leaning_left = read_from_right(target), read_from_right(source)
    left = max(_MARGIN_INCHES, 0 if named_right else named, leaning if leaning_left else 0)
    right = max(_MARGIN_INCHES, named if named_right else 0, 0 if leaning_left else leaning)
    return left, right


def _above_inches(source: Sequence[str]) -> float:
    return 0.25 + 0.75 * _CHARACTER_INCHES * max(map(len, source), default=0)


def _label(word: str) -> str:
    return word if len(word) <= _LONGEST_LABEL_CHARACTERS else word[: _LONGEST_LABEL_CHARACTERS - 1] + "…"


def _draw_cells(axes: "Axes", weights: Float[np.ndarray, "T S"], links: Sequence[Link]) -> None:
    from matplotlib.colors import to_rgba

    targets, sources = weights.shape
    if weights.size:
        colours = np.tile(to_rgba(ACCENT), (targets, sources, 1))
        colours[:, :, 3] = np.clip(weights, 0, 1)
        axes.imshow(colours, aspect="auto", interpolation="none", extent=(-0.5, sources - 0.5, targets - 0.5, -0.5))
    axes.hlines(np.arange(targets + 1) - 0.5, -0.5, sources - 0.5, colors=INK, linewidths=0.5, alpha=0.15)
    axes.vlines(np.arange(sources + 1) - 0.5, -0.5, targets - 0.5, colors=INK, linewidths=0.5, alpha=0.15)
    axes.scatter(
        [link[0] for link in links], [link[1] for link in links], s=20, color=MARK, edgecolors="white", linewidths=0.5
    )
    axes.set(xlim=(-0.5, max(sources, 1) - 0.5), ylim=(max(targets, 1) - 0.5, -0.5))


def _draw_words(axes: "Axes", source: Sequence[str], target: Sequence[str]) -> None:
    """Names the columns and rows; no word is read as mathematics, whatever dollar signs it holds."""
    axes.xaxis.tick_top()
    axes.set_xticks(range(len(source)), list(source), fontsize=_LABEL_POINTS, color=INK, parse_math=False)
    axes.set_yticks(range(len(target)), list(target), fontsize=_LABEL_POINTS, color=INK, parse_math=False)
    from_right = read_from_right(source)
    rotation, begins = (-50, "right") if from_right else (50, "left")
    for word in axes.get_xticklabels():
        word.set(rotation=rotation, ha=begins, va="bottom", rotation_mode="anchor")
    axes.xaxis.set_inverted(from_right)
    if read_from_right(target):
        axes.yaxis.tick_right()
    axes.tick_params(length=0, pad=3)
    axes.spines[:].set_visible(False)
