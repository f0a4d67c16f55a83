"""The tabulate stage of the sweep: all runs of a set go in; one table of them comes out.

    python -m pipeline.tabulate --variants sweep/variants.yaml --runs artifacts/sweep/builtin \
        --out artifacts/sweep/tables/builtin

    table.csv     a row a variant, the best BLEU first
    table.md      the same to read
    metrics.json  BLEU, AER, size and speed of each variant, for `dvc metrics show` and `dvc exp show`
    lengths.png   BLEU by source length, of the variants that variants.yaml says are drawn
"""

from pathlib import Path
from typing import Annotated

import typer

from enface.evaluation.figures import save_png
from enface.evaluation.lengths import length_plot
from enface.evaluation.section import EvaluateSection
from enface.evaluation.tabulation import as_csv, as_markdown, headline, tabulate
from enface.outputs import whole_folder, write_json
from enface.params import load_section
from enface.sweep import Sweep
from pipeline.stage import run_stage


def main(
    variants: Annotated[Path, typer.Option(help="The variants and the runs.")],
    runs: Annotated[Path, typer.Option(help="The folder of a set's runs, called as the set is.")],
    out: Annotated[Path, typer.Option(help="The folder to write.")],
    params: Annotated[Path, typer.Option(help="The settings that the set's runs share.")] = Path("params.yaml"),
) -> None:
    """Write one table of all variants of a set, and show it."""
    sweep = Sweep(variants)
    section = load_section(params, "evaluate", EvaluateSection)
    folders = {variant: runs / variant for variant in sweep.variants(runs.name)}
    table = tabulate(folders, bootstrap_samples=section.bootstrap_samples)
    drawn = [name for name in sweep.drawn if name in folders]
    with whole_folder(out) as draft:
        (draft / "table.csv").write_text(as_csv(table), encoding="utf-8")
        (draft / "table.md").write_text(as_markdown(table), encoding="utf-8")
        write_json(draft / "metrics.json", headline(table))
        save_png(length_plot({name: table.comparison.buckets[name] for name in drawn}), draft / "lengths.png")
    typer.echo(as_markdown(table))


if __name__ == "__main__":
    run_stage(main)
