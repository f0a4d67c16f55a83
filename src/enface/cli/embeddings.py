"""`enface embeddings`: which words the trained model holds for alike, and analogies between them."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from enface.errors import ParamsError

if TYPE_CHECKING:
    from enface.embeddings.neighbours import Neighbour
    from enface.embeddings.space import WordSpace

Language = Literal["source", "target", "both"]
Vectors = Literal["denoised", "centred", "raw"]

app = typer.Typer(
    help="Ask the vectors that a trained model has for words.\n\n"
    "The words are those of the training text, whole and as they are spelt there; a word of several subwords is the "
    "mean of their vectors. Similarity is the cosine, from -1 to 1.",
    no_args_is_help=True,
)

ModelOption = Annotated[Path, typer.Option(help="The folder that the train stage wrote.")]
CorpusOption = Annotated[Path, typer.Option(help="The prepared corpus that the model was trained on.")]
LanguageOption = Annotated[Language, typer.Option(help="The side of the training text whose words are compared.")]
VectorsOption = Annotated[
    Vectors,
    typer.Option(help="raw: as trained; centred: less their mean; denoised: also without training's random start."),
]
AmongOption = Annotated[
    str, typer.Option(help="Answer with these words alone: with commas between, or @FILE with a word a line.")
]
CountOption = Annotated[int, typer.Option(min=1, help="The most words to answer with.")]
JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object.")]


@app.command()
def nearest(  # as many parameters as the command has options
    word: Annotated[str, typer.Argument(help="A word of the training text.", show_default=False)],
    among: AmongOption = "",
    count: CountOption = 10,
    language: LanguageOption = "source",
    vectors: VectorsOption = "raw",
    model: ModelOption = Path("artifacts/train"),
    corpus: CorpusOption = Path("artifacts/prepare"),
    as_json: JsonOption = False,
) -> None:
    """List the words whose vectors are nearest to a word's.

    Such as: enface embeddings nearest king
    """
    from enface.embeddings import neighbours

    space = _space(model, corpus, language, vectors)
    (taken,) = _taken(space, word)
    found = neighbours.nearest(space, taken, among=_words_of(among))
    _answer(taken, found[:count], space, as_json=as_json, language=language, vectors=vectors)


@app.command()
def analogy(  # as many parameters as the command has options
    first: Annotated[str, typer.Argument(help="king, in king - man + woman.", show_default=False)],
    minus: Annotated[str, typer.Argument(help="man.", show_default=False)],
    plus: Annotated[str, typer.Argument(help="woman.", show_default=False)],
    among: AmongOption = "",
    count: CountOption = 10,
    language: LanguageOption = "source",
    vectors: VectorsOption = "raw",
    model: ModelOption = Path("artifacts/train"),
    corpus: CorpusOption = Path("artifacts/prepare"),
    as_json: JsonOption = False,
) -> None:
    """List the words nearest to FIRST - MINUS + PLUS; these three are no answers themselves.

    Such as: enface embeddings analogy king man woman
    """
    from enface.embeddings import neighbours

    space = _space(model, corpus, language, vectors)
    first, minus, plus = _taken(space, first, minus, plus)
    found = neighbours.analogy(space, (first, minus, plus), among=_words_of(among))
    question = f"{first} - {minus} + {plus}"
    _answer(question, found[:count], space, as_json=as_json, language=language, vectors=vectors)


def _space(model: Path, corpus: Path, language: Language, vectors: Vectors) -> "WordSpace":
    from enface.data.prepared import SIDES, PreparedFolder
    from enface.embeddings.space import word_space
    from enface.embeddings.words import training_words
    from enface.model.folder import load_embedding

    prepared = PreparedFolder(corpus)
    words = training_words(prepared, SIDES if language == "both" else [language])
    return word_space(words, load_embedding(model), prepared.tokenizer, treatment=vectors)


def _taken(space: "WordSpace", *asked: str) -> list[str]:
    """The words as the training text spells them; where that is another spelling, it is told beside the answer."""
    from enface.cli.drawing import printable
    from enface.embeddings.words import find_words

    taken = [space.words[place].text for place in find_words(space.words, asked)]
    for word, found in dict(zip(asked, taken, strict=True)).items():
        if found != word:
            typer.echo(f"{printable(word)}: no such word; taken is {printable(found)}", err=True)
    return taken


def _words_of(among: str) -> list[str]:
    """The words that an option names, or a file of them."""
    if not among.startswith("@"):
        named = [word.strip() for word in among.split(",") if word.strip()]
        if among and not named:
            raise ParamsError(f"--among {among}: names no word; need at least one")
        return named
    path = Path(among.removeprefix("@"))
    try:
        words = path.read_text(encoding="utf-8").split()
    except (OSError, UnicodeDecodeError) as error:
        raise ParamsError(f"--among {among}: need a text file (UTF-8) with a word a line: {error}") from None
    if not words:
        raise ParamsError(f"--among {among}: the file has no word; need at least one")
    return words


def _answer(
    question: str, found: "list[Neighbour]", space: "WordSpace", *, as_json: bool, language: Language, vectors: Vectors
) -> None:
    if as_json:
        answers = [_as_json(neighbour) for neighbour in found]
        told: dict[str, Any] = {"question": question, "language": language, "vectors": vectors}
        typer.echo(json.dumps({**told, "words": len(space.words), "answers": answers}, ensure_ascii=False))
    else:
        _show(question, found, space, sided=language == "both")


def _as_json(neighbour: "Neighbour") -> dict[str, Any]:
    word = neighbour.word
    similarity = round(neighbour.similarity, 6)
    return {
        "word": word.text, "language": word.side, "count": word.count, "similarity": similarity, "rank": neighbour.rank
    }  # fmt: skip


def _show(question: str, found: "list[Neighbour]", space: "WordSpace", *, sided: bool) -> None:
    """A table; ranks are those among all words, so that a restricted answer does not look better than it is."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from enface.cli.drawing import printable

    table = Table("Word", title=Text(printable(question)))
    if sided:
        table.add_column("Language")
    for name in ("Cosine", f"Rank of {len(space.words)}", "In training"):
        table.add_column(name, justify="right")
    for word, similarity, rank in found:
        side = [word.side] if sided else []
        table.add_row(Text(printable(word.text)), *side, f"{similarity:.3f}", str(rank), str(word.count))
    Console(highlight=False).print(table)
