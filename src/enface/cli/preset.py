"""`enface preset`: a recipe's settings written into params.yaml, or the list of the recipes."""

from pathlib import Path
from typing import Annotated

import typer


def preset(
    name: Annotated[str | None, typer.Argument(help="Which; without a name they are listed.")] = None,
    source: Annotated[str | None, typer.Option(help="Translate from this language: en, de, fr or cs.")] = None,
    target: Annotated[str | None, typer.Option(help="Translate into this language.")] = None,
    params: Annotated[Path, typer.Option(help="The settings to rewrite.")] = Path("params.yaml"),
) -> None:
    """Write a recipe's settings into params.yaml, all others and the comments left as they are.

    builtin, multi30k-rnn-additive, multi30k-rnn-general, multi30k-transformer or multi30k-transformer-taught.
    """
    from enface.presets.choosing import choose, presets

    if name is None:
        known = presets()
        width = max(map(len, known))
        for each, section in known.items():
            typer.echo(f"{each:{width}}  {section.about}")
        return
    changed = choose(params, name, source_language=source, target_language=target)
    for setting, value in changed.items():
        typer.echo(f"{setting}: {value!r}")
    typer.echo(f"{params}: {len(changed)} settings changed. `dvc repro` trains with them.")
