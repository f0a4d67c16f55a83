"""A translation shown in the terminal: both texts, then the picture of their alignment."""

from rich.console import Console
from rich.text import Text

from enface.cli.drawing import draw, listed, printable
from enface.inference.translation import Translation


def show(source: str, translation: Translation, *, console: Console | None = None) -> None:
    """Prints the two texts, the alignment and what other translations there are, to standard output by default."""
    console = console or Console(highlight=False)
    lines = [
        Text(printable(source)),
        Text.assemble(Text(printable(translation.text), style="bold"), f"  ({translation.score:.3f})"),
    ]
    if translation.matrix is not None:
        picture = draw(
            translation.source.tokens,
            translation.target.tokens,
            matrix=translation.matrix.tolist(),
            links=translation.links,
            width=console.width,
        )
        lines += [Text(""), picture]
    lines += [Text(f"or: {printable(other.text)}  ({other.score:.3f})") for other in translation.alternatives]
    for line in [*lines, Text("")]:
        console.print(line, soft_wrap=True)


def show_links(translation: Translation) -> None:
    """Prints the links alone, a line each."""
    source, target = translation.source.tokens, translation.target.tokens
    matrix = [] if translation.matrix is None else translation.matrix.tolist()
    Console(highlight=False).print(listed(source, target, matrix=matrix, links=translation.links), soft_wrap=True)
