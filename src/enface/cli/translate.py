"""`enface translate`: texts in, translations out, as text, as JSON or drawn with their alignments."""

import json
import sys
from collections.abc import Iterable, Iterator
from io import BufferedIOBase
from typing import TYPE_CHECKING, Annotated, Literal, cast

import typer

from enface.cli.opening import BundleOption, DeviceOption, PrecisionOption, ThreadsOption, open_translator

if TYPE_CHECKING:
    from enface.inference.options import TranslateOptions
    from enface.inference.translation import Translation
    from enface.inference.translator import Translator

_Alignment = Literal["word", "subword", "none"]


def translate(  # as many parameters as the command has options
    texts: Annotated[list[str] | None, typer.Argument(help="Texts; without any, each line of standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with the alignment.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Draw each alignment in the terminal.")] = False,
    beam_size: Annotated[
        int | None, typer.Option(help="Hypotheses searched at once, 1 to 16; else as bundled.")
    ] = None,
    n_best: Annotated[int, typer.Option(help="Translations of each text, with scores, the best first.")] = 1,
    length_penalty: Annotated[
        float | None, typer.Option(help="0 to 5; more favours longer ones; else as bundled.")
    ] = None,
    max_length: Annotated[int | None, typer.Option(help="The most subwords of a translation, up to 1024.")] = None,
    alignment: Annotated[_Alignment, typer.Option(help="What --json and --show align.")] = "word",
    bundle: BundleOption = None,
    precision: PrecisionOption = "float32",
    device: DeviceOption = "cpu",
    threads: ThreadsOption = 0,
) -> None:
    """Translate texts, or lines of standard input as they come; an empty line gives an empty line.

    Examples:

    enface translate "A young woman is reading a newspaper."

    enface translate --show "A young woman is reading a newspaper."

    enface translate --json < captions.en > captions.jsonl
    """
    if as_json and show:
        raise typer.BadParameter("--json and --show exclude each other")
    from enface.inference.options import TranslateOptions

    options = TranslateOptions(
        beam_size=beam_size,
        n_best=n_best,
        length_penalty=length_penalty,
        max_length=max_length,
        alignment=alignment if as_json or show else "none",
    )
    translator = open_translator(bundle, precision=precision, device=device, threads=threads)
    for source, translation in _translated(translator, texts, options):
        if show:
            _show(source, translation)
        else:
            typer.echo(json.dumps(translation.to_dict(), ensure_ascii=False) if as_json else _plain(translation))


def _translated(
    translator: "Translator", texts: list[str] | None, options: "TranslateOptions"
) -> "Iterator[tuple[str, Translation]]":
    """Each text with its translation; problems are told by the number of the argument or the line."""
    from enface.inference.texts import check_texts

    first, label = 1, "text {}" if texts else "line {}"
    for chunk in [texts] if texts else _standard_input():
        check_texts(chunk, translator.manifest.search.max_source_characters, label=label, first=first)
        first += len(chunk)
        yield from zip(chunk, translator.translate(chunk, options), strict=True)


def _standard_input() -> Iterable[list[str]]:
    from enface.cli.lines import chunks_of_lines

    if sys.stdin.isatty():
        typer.echo("Type texts, one a line; Ctrl-D ends.", err=True)
    return chunks_of_lines(cast(BufferedIOBase, sys.stdin.buffer))


def _plain(translation: "Translation") -> str:
    """The translation's text; with its score, tab-separated and a line each, where there are alternatives."""
    if not translation.alternatives:
        return translation.text
    return "\n".join(f"{found.score:.4f}\t{found.text}" for found in (translation, *translation.alternatives))


def _show(source: str, translation: "Translation") -> None:
    from enface.cli.showing import show

    show(source, translation)
