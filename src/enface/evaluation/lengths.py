"""The plot of BLEU by source length, for one system or for several beside one another."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from enface.evaluation.buckets import LengthBucket
from enface.evaluation.figures import INK, PALETTE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_APART = 0.09
"""How far the points of neighbouring systems stand from each other, in bucket widths, so that intervals stay apart."""


def length_plot(systems: Mapping[str, Sequence[LengthBucket]]) -> "Figure":
    """The figure: a line a system through the BLEU of each bucket, with its 95 % interval.

    Args:
        systems: the buckets of each system (or test split) by its name; all made with the same ends.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.2, 3.9), facecolor="white", layout="constrained")
    axes = figure.add_subplot(facecolor="none")
    places = {first: place for place, first in enumerate(sorted({b.first for s in systems.values() for b in s}))}
    for number, (name, buckets) in enumerate(systems.items()):
        shift = (number - (len(systems) - 1) / 2) * _APART
        _draw_line(axes, [places[bucket.first] + shift for bucket in buckets], buckets, name=name, number=number)
    _label_axes(axes, systems, places)
    return figure


def _draw_line(
    axes: "Axes", places: Sequence[float], buckets: Sequence[LengthBucket], *, name: str, number: int
) -> None:
    values = [bucket.bleu.value for bucket in buckets]
    below = [max(bucket.bleu.value - bucket.bleu.low, 0) for bucket in buckets]
    above = [max(bucket.bleu.high - bucket.bleu.value, 0) for bucket in buckets]
    colour, marker = PALETTE[number % len(PALETTE)], "osD^vP"[number % 6]
    axes.errorbar(
        places, values, yerr=(below, above), label=_label(name), color=colour, marker=marker, markersize=5,
        linewidth=1.8, elinewidth=1.2, capsize=3,
    )  # fmt: skip


def _label(name: str) -> str:
    """The name; matplotlib leaves out of a legend what begins with an underscore."""
    return f" {name}" if name.startswith("_") else name


def _label_axes(axes: "Axes", systems: Mapping[str, Sequence[LengthBucket]], places: Mapping[int, int]) -> None:
    axes.set_xticks(range(len(places)), [_tick(systems, first) for first in places], fontsize=9, color=INK)
    axes.set_xlabel("Words in the source sentence", color=INK)
    axes.set_ylabel("BLEU", color=INK)
    axes.set_ylim(0, 103)
    axes.tick_params(colors=INK)
    axes.grid(axis="y", color=INK, alpha=0.12, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set(color=INK, alpha=0.4)
    if len(systems) > 1:
        legend = axes.legend(frameon=False, labelcolor=INK, loc="best")
        for text in legend.get_texts():
            text.set_parse_math(False)


def _tick(systems: Mapping[str, Sequence[LengthBucket]], first: int) -> str:
    """The bucket's range of words, and under it how many sentences each system has there."""
    here = [bucket for buckets in systems.values() for bucket in buckets if bucket.first == first]
    fewest, most = min(bucket.sentences for bucket in here), max(bucket.sentences for bucket in here)
    return f"{here[0].label}\nn = {fewest}" + (f" to {most}" if most > fewest else "")
