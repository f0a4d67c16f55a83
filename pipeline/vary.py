"""The vary stage of the sweep: params.yaml and what the variants change in it go in; the settings of each run come out.

python -m pipeline.vary --variants sweep/variants.yaml --out artifacts/sweep/params

<set>.yaml                what the runs of a set have in common
<set>/<variant>.yaml      the whole params.yaml of one run
"""

from pathlib import Path
from typing import Annotated, Any

import typer
import yaml

from enface.outputs import whole_folder
from enface.params import read_settings
from enface.sweep import Sweep
from pipeline.stage import run_stage


def main(
    variants: Annotated[Path, typer.Option(help="The variants and what each changes.")],
    out: Annotated[Path, typer.Option(help="The folder to write.")],
    params: Annotated[Path, typer.Option(help="The settings that are changed.")] = Path("params.yaml"),
) -> None:
    """Writes the settings of every run of a sweep."""
    sweep, base = Sweep(variants), read_settings(params)
    with whole_folder(out) as draft:
        for name in sweep.sets:
            _write(draft / f"{name}.yaml", sweep.settings(base, name))
            for variant in sweep.variants(name):
                _write(draft / name / f"{variant}.yaml", sweep.settings(base, name, variant))


def _write(path: Path, settings: dict[str, Any]) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(yaml.safe_dump(settings, sort_keys=False, allow_unicode=True), encoding="utf-8")


if __name__ == "__main__":
    run_stage(main)
