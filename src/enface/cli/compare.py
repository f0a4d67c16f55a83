"""`enface compare`: evaluations beside one another as a table, and BLEU by source length in one plot."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from enface.cli.naming import named
from enface.evaluation.comparison import Comparison, compare_evaluations
from enface.evaluation.figures import save_png
from enface.evaluation.folder import read_evaluation
from enface.evaluation.lengths import length_plot

_COLUMNS = {
    "bleu": "BLEU",
    "bleu_lowercased": "BLEU lower-cased",
    "bleu_moses_lowercased": "on Moses tokens",
    "chrf": "chrF",
    "ter": "TER",
    "aer": "AER",
    "gold_aer": "AER by hand",
}


def compare(
    folders: Annotated[list[Path], typer.Argument(help="Folders that the evaluate stage wrote.")],
    names: Annotated[str, typer.Option(help="A name for each, with commas between: additive,none.")] = "",
    out: Annotated[Path | None, typer.Option(help="Write the plot of BLEU by source length to this PNG file.")] = None,
    split: Annotated[str | None, typer.Option(help="The test split; by default the first that all have.")] = None,
    bootstrap_samples: Annotated[int, typer.Option(min=2, help="For the paired test and the intervals.")] = 1000,
) -> None:
    """Show the scores of several evaluations beside one another.

    p is that of BLEU differing from the first system's by chance alone (paired bootstrap).
    """
    systems = {name: read_evaluation(folder) for name, folder in named(folders, names).items()}
    comparison = compare_evaluations(systems, split=split, bootstrap_samples=bootstrap_samples)
    console = Console()
    console.print(_score_table(comparison))
    console.print(_length_table(comparison))
    if out is not None:
        save_png(length_plot(comparison.buckets), out)
        console.print(f"The plot is in {out}.", markup=False, highlight=False, soft_wrap=True)


def _score_table(comparison: Comparison) -> Table:
    columns = [name for name in _COLUMNS if any(name in values for values in comparison.values.values())]
    table = Table("System", title=Text(f"Scores on {comparison.split}"))
    for name in columns:
        table.add_column(_COLUMNS[name], justify="right")
    table.add_column("p", justify="right")
    for system, values in comparison.values.items():
        p_value = comparison.p_values[system]
        numbers = [f"{values[name]:.1f}" if name in values else "" for name in columns]
        table.add_row(Text(system), *numbers, "" if p_value is None else f"{p_value:.3f}")
    return table


def _length_table(comparison: Comparison) -> Table:
    """BLEU by source length: a row a bucket, a column a system."""
    table = Table("Source words", title="BLEU by source length")
    table.add_column("Sentences", justify="right")
    for system in comparison.buckets:
        table.add_column(Text(system), justify="right")
    for row in zip(*comparison.buckets.values(), strict=True):
        scores = [f"{bucket.bleu.value:.1f}" for bucket in row]
        table.add_row(row[0].label, str(row[0].sentences), *scores)
    return table
