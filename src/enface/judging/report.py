"""How well a judge judges: held-out pairs, made wrong in each way, put to the graph that will be used.

metrics.json          the numbers to watch
report.json           all measures by kind of wrong pair, with the bins of the reliability diagram
reliability.png       the bins drawn
attention/<kind>.png  where the judge looked in one pair as it is (translation) and made wrong in each way
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float

from enface.errors import DataError
from enface.evaluation.figures import save_png
from enface.evaluation.heatmap import heat_map
from enface.inference.judge import Judge, Look
from enface.judge_folder import METRICS
from enface.judging.calibration import Measures, measure
from enface.judging.corruption import KINDS, Pair, corrupted
from enface.judging.reliability import reliability_diagram
from enface.outputs import write_json

if TYPE_CHECKING:
    from matplotlib.figure import Figure

REPORT = "report.json"
ALL = "all"
"""The kind that stands for a mixture of all kinds in equal parts, half of the pairs being translations."""

_SEED = 2
_DECIMALS = 6
_NOT_WATCHED = ("bins", "pairs")
_SHOWN_WORDS = (6, 12)


def judge_held_out(judge: Judge, pairs: Sequence[Pair]) -> dict[str, Measures]:
    """The measures by kind: all pairs against all of them made wrong in that way; and of the mixture of all kinds.

    Raises:
        DataError: none of the pairs can be made wrong in one of the ways.
    """
    random = np.random.default_rng(_SEED)
    right = judge.probability(pairs)
    wrong: dict[str, Float[np.ndarray, " W"]] = {}
    for kind in KINDS:
        wrong[kind] = judge.probability(corrupted(pairs, kind, random))
        if not len(wrong[kind]):
            raise DataError(
                f"judge: none of {len(pairs)} held-out pairs can be made wrong by {kind}; need a test split with "
                "several sentences of several words"
            )
    of_each = [probabilities[number :: len(KINDS)] for number, probabilities in enumerate(wrong.values())]
    measured = {kind: measure(right, probabilities) for kind, probabilities in wrong.items()}
    return {ALL: measure(right, np.concatenate(of_each)), **measured}


def write_report(folder: Path, measured: Mapping[str, Measures], looks: Mapping[str, Look]) -> None:
    """Writes all files of the report into `folder`, which is there."""
    write_json(folder / METRICS, {"enabled": True, **metrics(measured)})
    write_json(folder / REPORT, {kind: _rounded(asdict(found)) for kind, found in measured.items()})
    save_png(reliability_diagram(measured), folder / "reliability.png")
    for kind, look in looks.items():
        save_png(draw_look(look), folder / "attention" / f"{kind}.png")


def metrics(measured: Mapping[str, Measures]) -> dict[str, dict[str, float]]:
    """The numbers to watch, by kind: what was kept and found, accuracy, AUC and calibration error."""
    return {
        kind: {name: value for name, value in _rounded(asdict(found)).items() if name not in _NOT_WATCHED}
        for kind, found in measured.items()
    }


def look_at_example(judge: Judge, pairs: Sequence[Pair]) -> dict[str, Look]:
    """Where the judge looks in one pair: as it is, and made wrong in each way.

    The pair is the first of 6 to 12 words, or else the first.
    """
    fewest, most = _SHOWN_WORDS
    at = next((i for i, (source, _) in enumerate(pairs) if fewest <= len(source.split()) <= most), 0)
    shown: dict[str, Pair] = {"translation": pairs[at]}
    example_first = [pairs[at], *pairs[:at], *pairs[at + 1 :]]
    for kind in KINDS:
        shown[kind] = corrupted(example_first, kind, np.random.default_rng(_SEED))[0]
    return {kind: judge.look(*pair) for kind, pair in shown.items()}


def draw_look(look: Look) -> "Figure":
    """The heat map of a look: a row for each token that looks, a column for each that is looked at.

    A row is scaled from its smallest weight (no colour) to its largest: with the sigmoid no weight is more than e times
    another, and unscaled all would look alike.
    """
    return heat_map(look.tokens, look.tokens, _spread(look.weights.astype(np.float64)))


def _spread(weights: Float[np.ndarray, "L L"]) -> Float[np.ndarray, "L L"]:
    low, high = weights.min(axis=1, keepdims=True), weights.max(axis=1, keepdims=True)
    spread: Float[np.ndarray, "L L"] = (weights - low) / np.maximum(high - low, np.finfo(np.float64).tiny)
    return spread


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DECIMALS)
    if isinstance(value, dict):
        return {name: _rounded(inner) for name, inner in value.items()}
    return [_rounded(inner) for inner in value] if isinstance(value, list) else value
