"""The reliability diagram: what part of the pairs that were given a probability are translations."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from enface.evaluation.figures import INK, PALETTE
from enface.judging.calibration import Measures

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_LARGEST_POINT = 260.0
_SMALLEST_POINT = 12.0


def reliability_diagram(measured: Mapping[str, Measures]) -> "Figure":
    """The figure: a panel for each kind; the nearer its points to the diagonal, the better calibrated.

    A point is a bin: its mean probability to the right, the part of its pairs that are translations upwards, its area
    as its number of pairs.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(2.5 * len(measured), 3.1), facecolor="white", layout="constrained")
    panels = figure.subplots(1, len(measured), sharex=True, sharey=True, squeeze=False)[0]
    for number, (axes, (kind, found)) in enumerate(zip(panels, measured.items(), strict=True)):
        _draw(axes, found, colour=PALETTE[number % len(PALETTE)])
        error = found.expected_calibration_error
        axes.set_title(f"{kind.replace('_', ' ')}\nerror {error:.3f}", fontsize=10, color=INK)
    panels[0].set_ylabel("Part that are translations", color=INK)
    figure.supxlabel("Probability that was given", fontsize=10, color=INK)
    return figure


def _draw(axes: "Axes", found: Measures, *, colour: str) -> None:
    axes.plot([0, 1], [0, 1], color=INK, alpha=0.35, linewidth=1, linestyle="--")
    across = [bin.mean_probability for bin in found.bins]
    upwards = [bin.translations for bin in found.bins]
    most = max(bin.pairs for bin in found.bins)
    areas = [max(_LARGEST_POINT * bin.pairs / most, _SMALLEST_POINT) for bin in found.bins]
    axes.plot(across, upwards, color=colour, linewidth=1.2, alpha=0.6)
    axes.scatter(across, upwards, s=areas, color=colour, alpha=0.75, linewidths=0)
    axes.set(xlim=(-0.06, 1.06), ylim=(-0.06, 1.06), xticks=(0, 0.5, 1), yticks=(0, 0.5, 1), aspect="equal")
    axes.tick_params(colors=INK)
    axes.grid(color=INK, alpha=0.1, linewidth=0.8)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set(color=INK, alpha=0.4)
