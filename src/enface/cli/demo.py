"""`enface demo`: what the pipeline made, shown working; the end of `make run`.

TorchServe is started on free ports with the packaged archive, a few sentences are translated over HTTP and drawn, what
there is to see next is told, and what was started is stopped.
"""

import json
import shlex
import shutil
import sys
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from enface.errors import ServingError

if TYPE_CHECKING:
    from rich.console import Console

    from serving.torchserve import TorchServe

SENTENCES = [
    "a young woman in a red coat is reading a newspaper at the bus stop .",
    "two dogs are playing in the park .",
    "the king and the queen are standing in front of the old house .",
    "a man who is wearing a hat has eaten an apple .",
    "the little girl is giving the flowers to her mother .",
]
_DASHBOARD = "MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false mlflow ui --backend-store-uri sqlite:///mlflow.db"
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
        sentences = _sentences(artifacts, count)
        for sentence in sentences:
            _show(console, sentence, _translated(server, sentence))
    _say_where(console, artifacts, sentences[0])


def _sentences(artifacts: Path, count: int) -> list[str]:
    """The first test sentences, in whatever language the model reads; some of our own where there are none."""
    file = artifacts / "prepare" / "test.source"
    if not file.is_file():
        return SENTENCES[:count]
    with file.open(encoding="utf-8") as lines:
        return [line.strip() for line in islice(lines, count)]


def _translated(server: "TorchServe", sentence: str) -> dict[str, Any]:
    import httpx

    answer = httpx.post(server.address, json={"text": sentence}, auth=server.auth, timeout=_TIMEOUT_S, trust_env=False)
    if not answer.is_success:
        raise ServingError(f"{server.address}: answered {answer.status_code}, need 200: {answer.text[:300]}")
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


def _say_where(console: "Console", artifacts: Path, example: str) -> None:
    enface = _command()
    curl = f"curl -H 'Content-Type: application/json' -d {shlex.quote(json.dumps({'text': example}))}"
    for line in (
        "That server is stopped again. To go on:",
        f"  report      {(artifacts / 'evaluate' / 'report.html').resolve()}",
        f"  dashboard   make dashboard   (that is {_DASHBOARD})",
        f"  endpoint    {enface} serve   (it says when it is ready), then",
        f"              {curl} http://127.0.0.1:8080/v1/translate",
        f"  terminal    {enface} translate --show {shlex.quote(example)}",
    ):
        console.print(line, soft_wrap=True, markup=False)


def _command() -> str:
    """How this command was called: with the path of its environment where that is not the active one."""
    called = Path(sys.argv[0])
    if called.name != "enface" or shutil.which("enface"):
        return "enface"
    return str(called.relative_to(Path.cwd()) if called.is_relative_to(Path.cwd()) else called)
