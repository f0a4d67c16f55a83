"""`enface demo`: what the pipeline made, shown working; the end of `make run`.

TorchServe is started on free ports with the packaged archive, a few sentences are translated over HTTP and drawn, what
there is to see next is told, and what was started is stopped.
"""

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

SENTENCES = [
    "a young woman in a red coat is reading a newspaper at the bus stop .",
    "two dogs are playing in the park .",
    "the king and the queen are standing in front of the old house .",
    "a man who is wearing a hat has eaten an apple .",
    "the little girl is giving the flowers to her mother .",
]
_TIMEOUT_S = 120


def demo(
    artifacts: Annotated[Path, typer.Option(help="The folder of the pipeline's outputs.")] = Path("artifacts"),
    count: Annotated[int, typer.Option(min=1, help="How many sentences to translate.")] = 5,
) -> None:
    """Translate example sentences over HTTP with what the pipeline packaged, and draw their alignments."""
    from rich.console import Console

    from enface.bundle import open_bundle
    from serving.torchserve import TorchServe, server_folder

    open_bundle(artifacts / "package" / "bundle")
    console = Console(highlight=False)
    console.print("Starting TorchServe ...")
    with server_folder() as folder, TorchServe(artifacts / "package" / "store", folder=folder) as server:
        console.print(f"POST {server.address}\n", soft_wrap=True)
        for sentence in _sentences(artifacts, count):
            _show(console, sentence, _translated(server.address, sentence))
    _say_where(console, artifacts)


def _sentences(artifacts: Path, count: int) -> list[str]:
    """The first test sentences, in whatever language the model reads; some of our own where there are none."""
    file = artifacts / "prepare" / "test.source"
    if not file.is_file():
        return SENTENCES[:count]
    with file.open(encoding="utf-8") as lines:
        return [line.strip() for line in islice(lines, count)]


def _translated(address: str, sentence: str) -> dict[str, Any]:
    import httpx

    answer = httpx.post(address, json={"text": sentence}, timeout=_TIMEOUT_S, trust_env=False)
    answer.raise_for_status()
    [translation] = answer.json()["translations"]
    return dict(translation)


def _show(console: "Console", sentence: str, translation: dict[str, Any]) -> None:
    from rich.text import Text

    from enface.cli.drawing import draw, printable

    alignment = translation["alignment"]
    links = [(source, target) for source, target in alignment["links"]]
    source, target = translation["source"]["tokens"], translation["target"]["tokens"]
    picture = draw(source, target, matrix=alignment["matrix"], links=links, width=console.width)
    for line in (Text(printable(sentence)), Text(printable(translation["text"]), style="bold"), Text(""), picture):
        console.print(line, soft_wrap=True)
    console.print()


def _say_where(console: "Console", artifacts: Path) -> None:
    report = artifacts / "evaluate" / "report.html"
    console.print(
        "The server is stopped again. What there is:\n"
        f"    report      {report.resolve()}\n"
        "    dashboard   make dashboard    (MLflow: runs, curves, attention maps, the registered model)\n"
        "    endpoint    enface serve      (says its address, and a curl line to ask it)\n"
        '    command     enface translate --show "' + SENTENCES[1] + '"',
        soft_wrap=True,
    )
