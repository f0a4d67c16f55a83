"""`enface explain`: how trained models translate a sentence, step by step, in the terminal and as a page."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple

import typer

from enface.bundle import AlignmentSettings, SearchSettings, open_bundle
from enface.cli.naming import named
from enface.errors import ParamsError
from enface.params import load_section

if TYPE_CHECKING:
    from enface.data.tokenizer import Tokenizer
    from enface.explaining.document import Explained
    from enface.inference.session import Search


class _Setting(NamedTuple):
    """What the models have in common: their subwords, their languages, and how they are searched."""

    tokenizer: "Tokenizer"
    languages: tuple[str, str]
    search: SearchSettings
    aligned: tuple[str, AlignmentSettings] | None  # the weights' hash of a model, and its attention for alignments


def explain(  # as many parameters as the command has options
    text: Annotated[str, typer.Argument(help="A sentence in the source language.", show_default=False)],
    model: Annotated[
        list[Path] | None, typer.Option(help="A folder that the train stage wrote; several: side by side.")
    ] = None,
    names: Annotated[str, typer.Option(help="A name for each, with commas between: additive,none.")] = "",
    html: Annotated[Path | None, typer.Option(help="Write the page that plays the translation to this file.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object with all that is known.")] = False,
    unit: Annotated[Literal["word", "subword"], typer.Option(help="What a step in the terminal is.")] = "word",
    beam_size: Annotated[
        int | None, typer.Option(help="Hypotheses searched at once, 1 to 16; 1 is greedy; else as set for bundles.")
    ] = None,
    corpus: Annotated[Path, typer.Option(help="The prepared corpus that the models were trained on.")] = Path(
        "artifacts/prepare"
    ),
    params: Annotated[Path, typer.Option(help="The settings of the search.")] = Path("params.yaml"),
    bundle: Annotated[
        Path | None, typer.Option(help="Take tokenizer and search from this bundle, not from --corpus and --params.")
    ] = None,
) -> None:
    """Show how a sentence is translated: for each word the scores, the weights, the context, and what else was likely.

    Examples:

    enface explain "A dog is running."

    enface explain "A dog is running." --model artifacts/train --model scratch/none --html explained.html
    """
    folders = named(model or [Path("artifacts/train")], names)
    setting = _of_corpus(corpus, params) if bundle is None else _of_bundle(bundle)
    search = _search(text, setting, beam_size)
    from enface.explaining.document import as_json as values_of
    from enface.explaining.document import write_page

    explained = [_explained(text, name, folder, setting=setting, search=search) for name, folder in folders.items()]
    values = values_of(explained, languages=setting.languages)
    if html is not None:
        write_page(html, values)
    if as_json:
        typer.echo(json.dumps(values, ensure_ascii=False))
    else:
        _show(explained, unit, html)


def _of_corpus(corpus: Path, params: Path) -> _Setting:
    from enface.data.prepared import PreparedFolder
    from enface.export.section import ExportSection

    prepared = PreparedFolder(corpus)
    languages = prepared.meta.source_language, prepared.meta.target_language
    return _Setting(prepared.tokenizer, languages, load_section(params, "export", ExportSection).search, None)


def _of_bundle(path: Path) -> _Setting:
    from enface.data.tokenizer import Tokenizer

    bundle = open_bundle(path)
    manifest = bundle.manifest
    languages = manifest.source_language, manifest.target_language
    hashes = [manifest.lineage.model_sha256, *manifest.lineage.ensemble_sha256]
    aligned = hashes[manifest.alignment.member], manifest.alignment
    return _Setting(Tokenizer.from_file(bundle.tokenizer), languages, manifest.search, aligned)


def _search(text: str, setting: _Setting, beam_size: int | None) -> "Search":
    """The search that a translator would make for that text."""
    from enface.inference.options import TranslateOptions, search_for
    from enface.inference.texts import check_texts

    check_texts([text], setting.search.max_source_characters, label="text")
    return search_for(TranslateOptions(beam_size=beam_size), setting.search, len(setting.tokenizer.encode(text).ids))


def _explained(text: str, name: str, folder: Path, *, setting: _Setting, search: "Search") -> "Explained":
    from enface.explaining.describing import described
    from enface.explaining.document import Explained
    from enface.explaining.trace import explain as explanation_of
    from enface.model.transformer import AlignmentHead
    from enface.model.weights import load_model

    model, section = load_model(folder)
    alignment = _alignment_of(folder, setting)
    if alignment is not None:
        model.align_with(AlignmentHead(alignment.layer, alignment.head))
    try:
        explanation = explanation_of(
            model,
            setting.tokenizer,
            text,
            beam_size=search.beam_size,
            max_length=search.max_length,
            length_penalty=search.length_penalty,
        )
    except ParamsError as error:
        raise ParamsError(f"{folder}: {error}") from None
    return Explained(name, *described(section, shifted=alignment is not None and alignment.shift == 1), explanation)


def _alignment_of(folder: Path, setting: _Setting) -> AlignmentSettings | None:
    """Which attention stands for the alignment, as the bundle has it that was made of this very model."""
    from enface.model.folder import weights_sha256

    known = setting.aligned is not None and setting.aligned[0] == weights_sha256(folder)
    return setting.aligned[1] if setting.aligned and known else None


def _show(explained: "list[Explained]", unit: Literal["word", "subword"], html: Path | None) -> None:
    from rich.console import Console

    from enface.cli.stepping import show_steps

    console = Console(highlight=False)
    for one in explained:
        show_steps(one, unit, console=console)
    if html is not None:
        console.print(f"The page is in {html}.", markup=False, soft_wrap=True)
