"""What the tests of serving/deploy share: no test, but what a container's words mean to `enface serve`."""

import ast
import re
from collections.abc import Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import typer

from enface.bundle import Manifest
from enface.cli.app import app
from serving.gateway.application import make_application
from serving.gateway.limits import Limits
from serving.gateway.metrics import Metrics
from serving.gateway.running import _DRAIN_MORE_S
from serving.gateway.service import Service
from serving.torchserve import _STOP_TIMEOUT_S
from tests.contract.imports import ROOT

DEPLOY = ROOT / "serving/deploy"

_UsageError = typer.BadParameter.__mro__[1]  # of the click that typer brings, which has no public name
_PARTS = ("_bucket", "_count", "_sum")
_UNITS = {"s": 1.0, "m": 60.0}


def serve_options(words: Sequence[str]) -> dict[str, Any]:
    """What `enface serve` takes these words for; it refuses those that it would refuse."""
    command = typer.main.get_command(app).commands["serve"]
    return command.make_context("serve", [str(word) for word in words]).params


def faults_of_words(words: Sequence[str], *, grace_s: float, cpus: float) -> list[str]:
    """What is wrong with a server that is started so, and given `grace_s` seconds from SIGTERM to its end."""
    try:
        options = serve_options(words)
    except _UsageError as error:
        return [f"enface serve: {error.message}"]
    needed_s = options["timeout"] + _DRAIN_MORE_S + (_STOP_TIMEOUT_S if options["engine"] == "torchserve" else 0)
    found = []
    if grace_s < needed_s:
        found.append(f"stopping may take {needed_s:g} s, and it is killed after {grace_s:g}")
    if not 0 < options["threads"] * options["workers"] <= cpus:
        found.append(f"{options['workers']} workers of {options['threads']} threads on {cpus:g} cpus")
    return found


@cache
def routes() -> set[str]:
    """The paths that the gateway describes."""
    manifest = Manifest.model_construct(name="enface", version="1", source_language="en", target_language="de")
    service = Service(SimpleNamespace(manifest=manifest), Metrics(), limits=Limits(), keys=None)
    return set(make_application(service).openapi()["paths"])


@cache
def metric_names() -> set[str]:
    """The names of the gateway's figures, as Prometheus has them."""
    lines = Metrics().text().decode().splitlines()
    families = {line.split()[2]: line.split()[3] for line in lines if line.startswith("# TYPE")}
    parts = {f"{name}{part}" for name, kind in families.items() if kind == "histogram" for part in _PARTS}
    return parts | set(families)


@cache
def words_of_serving() -> set[str]:
    """Every string that stands in the code of serving: the refusals' codes are among them."""
    trees = (ast.parse(file.read_text()) for file in (ROOT / "serving").rglob("*.py"))
    nodes = (node for tree in trees for node in ast.walk(tree))
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def seconds(text: str) -> float:
    """What `80s` or `5m` means."""
    number, unit = re.fullmatch(r"([\d.]+)([sm])", text).groups()
    return float(number) * _UNITS[unit]
