"""`enface serve`: a bundle behind HTTP until Ctrl-C or SIGTERM.

Only the command: what is answered is `serving.gateway`, starting and stopping TorchServe `serving.torchserve`, the
archive that it loads `serving.store`.
"""

import contextlib
import math
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from enface.cli.opening import BundleOption, DeviceOption, PrecisionOption, ThreadsOption, find_bundle, open_judge

if TYPE_CHECKING:
    import socket

    from enface.inference.judge import Judge
    from serving.gateway.engine import Engine
    from serving.gateway.metrics import Metrics
    from serving.store import WorkerSettings

_EXAMPLE = '{"text": "a young woman is reading a newspaper"}'


def _finite(value: float) -> float:
    """The value; infinity is within the bounds of an option."""
    if not math.isfinite(value):
        raise typer.BadParameter(f"got {value}, need a finite number")
    return value


_HOST = typer.Option(help="The address to listen on; one that others reach needs --keys.")
_PORT = typer.Option(min=0, max=65535, help="Where this one is taken on the loopback, a free one; 0: any.")
_ENGINE = typer.Option(help="TorchServe behind the gateway, or the translator inside it.")
_KEYS = typer.Option(
    help="A file of names and SHA-256 hashes of keys; without it everybody is answered.", metavar="PATH"
)
_JUDGE = typer.Option(
    metavar="FOLDER", help='A judge: how likely it finds an answer is told to requests with "judge": true.'
)
_WORKERS = typer.Option(min=1, help="What translates side by side: processes of TorchServe, or threads in process.")
_RATE = typer.Option(min=0, callback=_finite, help="Requests a second of one key, on average; 0: any number.")
_BATCH = typer.Option(min=1, max=128, help="The most requests that are answered together; 1: each by itself.")
_QUEUE = typer.Option(min=1, max=100, help="Requests that are answered or wait for it; more are refused.")
_TIMEOUT = typer.Option(min=1, callback=_finite, help="Seconds that an answer may take.")


def serve(  # as many parameters as the command has options
    bundle: BundleOption = None,
    host: Annotated[str, _HOST] = "127.0.0.1",
    port: Annotated[int, _PORT] = 8080,
    engine: Annotated[Literal["torchserve", "inprocess"], _ENGINE] = "torchserve",
    keys: Annotated[Path | None, _KEYS] = None,
    judge: Annotated[Path | None, _JUDGE] = None,
    rate: Annotated[float, _RATE] = 0,
    queue: Annotated[int, _QUEUE] = 100,
    timeout: Annotated[float, _TIMEOUT] = 60,
    workers: Annotated[int, _WORKERS] = 1,
    batch: Annotated[int, _BATCH] = 32,
    threads: ThreadsOption = 0,
    precision: PrecisionOption = "float32",
    device: DeviceOption = "cpu",
) -> None:
    """Serve a bundle over HTTP until Ctrl-C; says its address when it is ready to answer.

    SIGUSR1 has the bundle read again, and replaced by a new one without a break.

    Examples:

    enface serve

    enface serve --bundle my/bundle --port 9000 --engine inprocess --threads 2

    enface serve --host 0.0.0.0 --keys keys.txt --rate 20 --workers 2

    enface serve --judge artifacts/judge
    """
    found = find_bundle(bundle)
    import logging

    from serving.gateway.application import make_application
    from serving.gateway.keys import KeyFile
    from serving.gateway.limits import Limits
    from serving.gateway.metrics import Metrics
    from serving.gateway.rolling import RollingEngine
    from serving.gateway.running import check_host, listen, run
    from serving.gateway.service import Service
    from serving.store import WorkerSettings

    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(message)s")
    check_host(host, has_keys=keys is not None)
    known = KeyFile(keys) if keys else None
    opened = open_judge(judge, device=device, threads=threads) if judge else None
    settings = WorkerSettings(workers, threads=threads, precision=precision, device=device, together=batch)
    limits, metrics = Limits(answer_s=timeout, places=queue, rate_per_s=rate), Metrics()
    make_engine = _torchserve if engine == "torchserve" else _in_process

    def open_engine() -> "contextlib.AbstractContextManager[Engine]":
        if opened:
            _check_languages(opened, found)
        return make_engine(found, settings, metrics)

    rolling = RollingEngine(open_engine, _say)
    with (
        contextlib.suppress(KeyboardInterrupt),
        _on_signal(signal.SIGTERM, signal.default_int_handler),  # so that the server is stopped on the way out
        _on_signal(signal.SIGUSR1, lambda *_: rolling.roll()),  # from now on, or it would end a server that starts
        rolling,
        contextlib.closing(listen(host, port)) as listening,
    ):
        _say_taken(port, listening)
        app = make_application(Service(rolling, metrics, limits=limits, keys=known, judge=opened))
        run(app, listening, rolling, drain_s=timeout, on_ready=lambda: _say_ready(listening))
    typer.echo("Stopped.", err=True)


def _check_languages(judge: "Judge", bundle: Path) -> None:
    """Nothing, if the judge learnt from pairs of the bundle's languages; before each start, which takes long."""
    from enface.bundle import open_bundle

    manifest = open_bundle(bundle, verify=False).manifest
    judge.check_languages(manifest.source_language, manifest.target_language)


@contextlib.contextmanager
def _torchserve(bundle: Path, settings: "WorkerSettings", metrics: "Metrics") -> Iterator["Engine"]:
    from enface.bundle import open_bundle
    from serving.gateway.upstream import TorchServeEngine
    from serving.store import make_store
    from serving.supervising import Supervised
    from serving.torchserve import TorchServe, server_folder

    with server_folder() as folder:
        gathered = replace(settings, together=1)  # by the gateway
        store = make_store(bundle, folder / "store", gathered).parent
        typer.echo(f"Starting TorchServe with {bundle} ...", err=True)
        with Supervised(lambda: TorchServe(store, folder=folder)) as supervised:
            manifest = open_bundle(bundle, verify=False).manifest
            yield TorchServeEngine(manifest, supervised, metrics, workers=settings.count, together=settings.together)


@contextlib.contextmanager
def _in_process(bundle: Path, settings: "WorkerSettings", metrics: "Metrics") -> Iterator["Engine"]:
    from enface.inference.translator import Translator
    from serving.gateway.inprocess import InProcessEngine

    opened = Translator(bundle, device=settings.device, threads=settings.threads, precision=settings.precision)
    yield InProcessEngine(opened, metrics, workers=settings.count, together=settings.together)


@contextlib.contextmanager
def _on_signal(number: signal.Signals, handler: Callable[[int, FrameType | None], object]) -> Iterator[None]:
    before = signal.signal(number, handler)
    try:
        yield
    finally:
        signal.signal(number, before)


def _say(what: str) -> None:
    typer.echo(what, err=True)


def _say_taken(asked: int, listening: "socket.socket") -> None:
    given = listening.getsockname()[1]
    if asked not in (0, given):
        typer.echo(f"Port {asked} is taken; it is {given} instead.", err=True)


def _say_ready(listening: "socket.socket") -> None:
    """The address on standard output, for scripts; it is flushed, for they read it through a pipe."""
    host, port = listening.getsockname()[:2]
    address = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    typer.echo(f"Ready: {address}/v1/translate")
    typer.echo(f"    curl -H 'Content-Type: application/json' -d '{_EXAMPLE}' {address}/v1/translate")
    typer.echo(f"All that it answers: {address}/docs; figures: {address}/metrics. Ctrl-C stops it.")
