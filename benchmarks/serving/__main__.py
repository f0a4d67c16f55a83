"""How fast the engine is beside others, and what HTTP adds to it.

    make bench-serving

Each part alone: `--part engines`, `--part profile`, `--part http`. Everything is measured in this one run, in turn, on
one bundle and the same sentences; absolute figures move with the machine, ratios and differences are medians over the
rounds.
"""

import contextlib
import os
import platform
from collections.abc import Iterator, Sequence
from dataclasses import asdict, is_dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from enface.data.prepared import PreparedFolder
from enface.outputs import write_json

_PACKAGES = ("onnxruntime-gpu", "onnxruntime", "torch", "ctranslate2", "torchserve", "uvicorn", "starlette", "h11")
_WIDTH = 130


def main(
    bundle: Annotated[Path, typer.Argument(help="What is served.")],
    model: Annotated[Path, typer.Argument(help="The folder of the model that the bundle was exported from.")],
    corpus: Annotated[Path, typer.Argument(help="The prepared corpus; the sentences of its first test set are asked.")],
    out: Annotated[Path, typer.Argument(help="The JSON file for all figures.")],
    part: Annotated[Literal["engines", "profile", "http", "all"], typer.Option(help="What is measured.")] = "all",
    rounds: Annotated[int, typer.Option(min=1, help="How often the HTTP part measures everything.")] = 5,
    threads: Annotated[int, typer.Option(min=0, help="Threads of each engine of the HTTP part; 0: all cores.")] = 0,
    environments: Annotated[Path, typer.Option(help="Where CTranslate2 is installed.")] = Path("scratch/peers"),
) -> None:
    """Measure the engines, profile the graph, measure the HTTP path, and write all figures to OUT."""
    prepared = PreparedFolder(corpus)
    sentences = prepared.split(prepared.test_splits[0]).source_sentences()
    figures: dict[str, Any] = {"machine": machine(), "sentences": len(sentences), "bundle": str(bundle)}
    console = Console(width=_WIDTH)
    console.print(", ".join(f"{name} {value}" for name, value in figures["machine"].items()))
    if part in ("engines", "all"):
        from benchmarks.serving.engines import compare_engines

        figures["engines"] = []
        for figure in compare_engines(bundle, model, sentences, environments=environments):
            figures["engines"].append(figure)
            print(figure, flush=True)
        show(console, "Engines", figures["engines"])
    if part in ("profile", "all"):
        from benchmarks.serving.engines import TASKS
        from benchmarks.serving.profile import profile_graph

        figures["profile"] = profile_graph(bundle, sentences, TASKS)
        show(console, "The graph's operators, one thread", figures["profile"])
    if part in ("http", "all"):
        from benchmarks.serving.http_path import measure_http_path

        measured = measure_http_path(bundle, sentences, rounds=rounds, threads=threads)
        figures["http"] = measured
        show(console, "HTTP: milliseconds from the request to the whole answer", measured.rows)
        show(console, "Batching, at the most clients", measured.batching)
        show(console, "From nothing to ready", measured.starts)
    write_json(out, plain(figures))


def machine() -> dict[str, Any]:
    """What it runs on, and how busy that was at the beginning."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {
        "processor": _processor(),
        "cores": cores,
        "load": round(os.getloadavg()[0], 2),
        "date": datetime.now(UTC).isoformat(timespec="minutes"),
        "python": platform.python_version(),
    } | dict(_versions())


def show(console: Console, title: str, rows: Sequence[Any]) -> None:
    """Prints the rows, whose fields are the columns."""
    table = Table(title=title, title_justify="left")
    entries = plain(rows)
    for name, value in entries[0].items() if entries else ():
        table.add_column(name, justify="left" if isinstance(value, str) else "right")
    for entry in entries:
        table.add_row(*("" if value is None else str(value) for value in entry.values()))
    console.print(table)


def plain(value: Any) -> Any:
    """The value with every dataclass in it as a dictionary."""
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    return [plain(each) for each in value] if isinstance(value, list | tuple) else value


def _processor() -> str:
    with contextlib.suppress(OSError):
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _versions() -> Iterator[tuple[str, str]]:
    for package in _PACKAGES:
        with contextlib.suppress(metadata.PackageNotFoundError):
            yield package, metadata.version(package)


if __name__ == "__main__":
    typer.run(main)
