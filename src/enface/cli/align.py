"""`enface align`: where each word of a given translation comes from."""

import json
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from enface.cli.opening import BundleOption, DeviceOption, PrecisionOption, ThreadsOption, open_translator

if TYPE_CHECKING:
    from enface.inference.translation import Translation


def align(  # as many parameters as the command has options
    source: Annotated[str, typer.Argument(help="A sentence in the source language.", show_default=False)],
    target: Annotated[str, typer.Argument(help="Its translation.", show_default=False)],
    show: Annotated[bool, typer.Option(help="Draw the alignment; or list the links.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object, as of `enface translate --json`.")] = False,
    pharaoh: Annotated[bool, typer.Option("--pharaoh", help="The links alone, as 0-0 1-2: source-target.")] = False,
    alignment: Annotated[Literal["word", "subword"], typer.Option(help="What is aligned.")] = "word",
    bundle: BundleOption = None,
    precision: PrecisionOption = "float32",
    device: DeviceOption = "cpu",
    threads: ThreadsOption = 0,
) -> None:
    """Align a sentence with a translation of it that you give; its score says how likely the model finds it.

    Examples:

    enface align "A red coat." "Ein roter Mantel."

    enface align --pharaoh "A red coat." "Ein roter Mantel."
    """
    if as_json and pharaoh:
        raise typer.BadParameter("--json and --pharaoh exclude each other")
    from enface.inference.options import TranslateOptions

    translator = open_translator(bundle, precision=precision, device=device, threads=threads)
    translation = translator.align([(source, target)], TranslateOptions(alignment=alignment))[0]
    if as_json:
        typer.echo(json.dumps(translation.to_dict(), ensure_ascii=False))
    elif pharaoh:
        from enface.alignment.pharaoh import format_pharaoh

        typer.echo(format_pharaoh(translation.links))
    else:
        _show(source, translation, pictured=show)


def _show(source: str, translation: "Translation", *, pictured: bool) -> None:
    from enface.cli.showing import show, show_links

    if pictured:
        show(source, translation)
    else:
        show_links(translation)
