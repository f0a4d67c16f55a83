"""`enface translate`: texts in, translations out, as text, as JSON or drawn with their alignments; whole files, too."""

import json
import sys
from collections.abc import Iterable, Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, cast

import typer

from enface.cli.opening import (
    BundleOption,
    DeviceOption,
    PrecisionOption,
    ThreadsOption,
    find_bundle,
    open_judge,
    open_translator,
)

if TYPE_CHECKING:
    from enface.inference.judge import Judge
    from enface.inference.options import TranslateOptions
    from enface.inference.translation import Translation
    from enface.inference.translator import Translator

_Alignment = Literal["word", "subword", "none"]
_Format = Literal["text", "html"]


def translate(  # as many parameters as the command has options
    texts: Annotated[list[str] | None, typer.Argument(help="Texts; without any, each line of standard input.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line, with the alignment.")] = False,
    pharaoh: Annotated[bool, typer.Option("--pharaoh", help="Text, a tab and the links, such as 0-0 1-1.")] = False,
    show: Annotated[bool, typer.Option("--show", help="Draw each alignment in the terminal.")] = False,
    source: Annotated[
        Path | None, typer.Option("--input", metavar="FILE", help="A file of texts, a line each; plain, .gz or .xz.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Where its translations go; plain, .gz or .xz.")
    ] = None,
    restart: Annotated[bool, typer.Option("--restart", help="With --output: make what there is of it anew.")] = False,
    ray: Annotated[
        str, typer.Option(metavar="WHERE", help="With --output: on Ray, `local` or at the address of a cluster.")
    ] = "",
    beam_size: Annotated[
        int | None, typer.Option(help="Hypotheses searched at once, 1 to 16; else as bundled.")
    ] = None,
    n_best: Annotated[int, typer.Option(help="Translations of each text, with scores, the best first.")] = 1,
    length_penalty: Annotated[
        float | None, typer.Option(help="0 to 5; more favours longer ones; else as bundled.")
    ] = None,
    max_length: Annotated[int | None, typer.Option(help="The most subwords of a translation, up to 1024.")] = None,
    alignment: Annotated[_Alignment, typer.Option(help="What --json, --pharaoh and --show align.")] = "word",
    format: Annotated[_Format, typer.Option(help="html: texts have tags, which are carried over.")] = "text",
    protect: Annotated[bool, typer.Option(help="Keep {names}, %s, URLs, addresses and numbers as they are.")] = True,
    glossary: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Terms and their translations: .json, or columns with a tab."),
    ] = None,
    confidence: Annotated[bool, typer.Option("--confidence", help="With --json: how sure each word is.")] = False,
    judge: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="With --json: a judge, and how likely it finds each answer.")
    ] = None,
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

    enface translate --format html "A <b>young woman</b> is reading."

    enface translate --input captions.en.gz --output captions.de.gz
    """
    _refuse(
        {
            "--json and --show exclude each other": as_json and show,
            "--pharaoh goes without --json and --show": pharaoh and (as_json or show),
            "--pharaoh needs an alignment, word or subword": pharaoh and alignment == "none",
            "--pharaoh goes with one translation of each text": pharaoh and n_best > 1,
            "--confidence needs --json": confidence and not as_json,
            "--judge needs --json, and texts without tags": judge and (not as_json or format == "html"),
            "--input and --output go together": (source is None) != (out is None),
            "--input goes without texts, --show and --judge": source and (texts or show or judge),
            "--input goes with --n-best only as --json": source and n_best > 1 and not as_json,
            "--restart and --ray need --input and --output": (restart or ray) and not source,
        }
    )
    from enface.alignment.pharaoh import format_pharaoh
    from enface.cli.terms import read_glossary
    from enface.inference.options import TranslateOptions

    asked = {
        "beam_size": beam_size,
        "n_best": n_best,
        "length_penalty": length_penalty,
        "max_length": max_length,
        "alignment": alignment if as_json or show or pharaoh else "none",
        "format": format,
        "protect": protect,
        "glossary": read_glossary(glossary) if glossary else None,
        "confidence": confidence,
    }
    options = TranslateOptions.model_validate(asked)
    if source and out:
        from enface.cli.offline import translate_offline
        from enface.offline.translating import Form, Task

        form: Form = "json" if as_json else "pharaoh" if pharaoh else "text"
        task = Task(find_bundle(bundle), options, form, packing=out.suffix, precision=precision, device=device)
        translate_offline(source, out, task, ray=ray, threads=threads, restart=restart)
        return
    translator = open_translator(bundle, precision=precision, device=device, threads=threads)
    opened = _open_judge(judge, translator, device=device, threads=threads) if judge else None
    for number, (text, translation) in enumerate(_translated(translator, texts, options), start=1):
        if not as_json and (failed := translation.reports.failures()):
            typer.echo(f"{'text' if texts else 'line'} {number}: {failed}; --json tells which", err=True)
        if show:
            _show(text, translation)
        elif as_json:
            typer.echo(json.dumps(_entry(translation, text, opened), ensure_ascii=False))
        elif pharaoh:
            typer.echo(f"{translation.text}\t{format_pharaoh(translation.links)}")
        else:
            typer.echo(_plain(translation))


def _refuse(problems: dict[str, Any]) -> None:
    """Ends with the first of the problems that is there."""
    for problem, there in problems.items():
        if there:
            raise typer.BadParameter(problem)


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


def _open_judge(folder: Path, translator: "Translator", *, device: str, threads: int) -> "Judge":
    judge = open_judge(folder, device=device, threads=threads)
    judge.check_languages(translator.manifest.source_language, translator.manifest.target_language)
    return judge


def _entry(translation: "Translation", source: str, judge: "Judge | None") -> dict[str, Any]:
    """The translation as JSON values, with what a judge says of it."""
    from enface.inference.opinion import add_opinions

    entry = translation.to_dict()
    if judge:
        add_opinions(judge, [source], [entry])
    return entry


def _plain(translation: "Translation") -> str:
    """The translation's text; with its score, tab-separated and a line each, where there are alternatives."""
    if not translation.alternatives:
        return translation.text
    return "\n".join(f"{found.score:.4f}\t{found.text}" for found in (translation, *translation.alternatives))


def _show(source: str, translation: "Translation") -> None:
    from enface.cli.showing import show

    show(source, translation)
