"""Trained variants of a model in one table: quality, size and speed, the best BLEU first.

What is read are the files that the stages left for each variant; nothing is scored anew but what only a comparison can
tell. Which variants there are is said by the caller.
"""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enface.errors import DataError
from enface.evaluation.comparison import Comparison, compare_evaluations
from enface.evaluation.folder import read_evaluation

COLUMNS = {
    "variant": "Variant",
    "bleu": "BLEU",
    "bleu_low": "from",
    "bleu_high": "to",
    "p": "p",
    "chrf": "chrF",
    "aer": "AER",
    "gold_aer": "AER by hand",
    "attention/normalised_entropy": "Entropy",
    "attention/sharpness": "Sharpness",
    "attention/coverage": "Coverage",
    "attention/monotonicity": "Monotonicity",
    "parameters": "Parameters",
    "minutes": "Minutes",
    "target_tokens_per_second": "Training tokens/s",
    "latency_ms": "ONNX ms",
    "translations_per_second": "ONNX sentences/s",
}
"""The table's columns, by the names of the CSV file, and what a reader sees; those that no variant has are left out."""

_WITHOUT_DECIMALS = ("parameters", "target_tokens_per_second", "translations_per_second")
_DECIMALS = {
    "bleu": 1,
    "bleu_low": 1,
    "bleu_high": 1,
    "chrf": 1,
    "aer": 1,
    "gold_aer": 1,
    "minutes": 1,
    "latency_ms": 1,
}
_HEADLINE = ("bleu", "bleu_low", "bleu_high", "aer", "gold_aer", "parameters", "target_tokens_per_second", "latency_ms")
_INTERVAL = ("bleu_low", "bleu_high")

Row = Mapping[str, float | str]
"""A variant's numbers by column; what was not measured is not there."""


@dataclass(frozen=True)
class Tabulation:
    """The variants compared, best BLEU first, and a row of numbers for each."""

    comparison: Comparison
    rows: Sequence[Row]


def tabulate(runs: Mapping[str, Path], *, bootstrap_samples: int) -> Tabulation:
    """The table of the variants in these folders.

    p is the probability that a variant's BLEU differs from the best one's by chance (paired bootstrap; Koehn, 2004).

    Args:
        runs: by the variant's name, the folder with its `train`, `train.json` and `evaluate`.
        bootstrap_samples: for the test and the intervals of BLEU by source length.

    Raises:
        DataError: there are no runs, a file is missing or not what was written, or the test sentences differ.
    """
    if not runs:
        raise DataError("got no runs to tabulate, need at least one; look into the runs of variants.yaml")
    evaluations = {name: read_evaluation(folder / "evaluate") for name, folder in runs.items()}
    split = next(iter(next(iter(evaluations.values())).sentences))
    by_bleu = sorted(evaluations, key=lambda name: -float(str(evaluations[name].metrics[split]["bleu"])))
    comparison = compare_evaluations(
        {name: evaluations[name] for name in by_bleu}, split=split, bootstrap_samples=bootstrap_samples
    )
    return Tabulation(comparison, [_row(name, runs[name], comparison) for name in by_bleu])


def as_csv(table: Tabulation) -> str:
    """The table as CSV, numbers as they were measured."""
    columns = _columns(table)
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([row.get(column, "") for column in columns] for row in table.rows)
    return stream.getvalue()


def as_markdown(table: Tabulation) -> str:
    """The table in Markdown, numbers rounded and BLEU with its interval."""
    columns = [column for column in _columns(table) if column not in _INTERVAL]
    lines = [[COLUMNS[column] for column in columns], ["---"] + ["---:"] * (len(columns) - 1)]
    lines += [[_cell(row, column) for column in columns] for row in table.rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def headline(table: Tabulation) -> dict[str, dict[str, float]]:
    """By variant and by column, quality, size and speed in a few numbers; what was not measured is not there."""
    return {
        str(row["variant"]): {name: round(float(row[name]), 2) for name in _HEADLINE if name in row}
        for row in table.rows
    }


def _columns(table: Tabulation) -> list[str]:
    return [column for column in COLUMNS if any(column in row for row in table.rows)]


def _row(name: str, folder: Path, comparison: Comparison) -> Row:
    p_value = comparison.p_values[name]
    numbers = {
        "variant": name,
        **comparison.values[name],
        **({} if p_value is None else {"p": round(p_value, 4)}),
        **_read(folder / "train" / "metrics.json"),
        **_read(folder / "train.json"),
        **_read(folder / "evaluate" / "speed.json"),
    }
    return {column: numbers[column] for column in COLUMNS if column in numbers}


def _cell(row: Row, column: str) -> str:
    value = row.get(column, "")
    if isinstance(value, str):
        return value
    if column in _WITHOUT_DECIMALS:
        return f"{value:,.0f}"
    shown = f"{value:.{_DECIMALS.get(column, 2)}f}"
    if column == "bleu" and all(bound in row for bound in _INTERVAL):
        return f"{shown} ({row['bleu_low']:.1f} to {row['bleu_high']:.1f})"
    return shown


def _read(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; need what the stages of the pipeline wrote") from None
    except ValueError as error:
        raise DataError(f"{path}: not JSON: {error}; run the stage again") from None
    if not isinstance(found, dict):
        raise DataError(f"{path}: got {type(found).__name__}, need numbers by name; run the stage again")
    return found
