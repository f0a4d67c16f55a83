"""`enface serve`: a bundle behind HTTP until Ctrl-C or SIGTERM.

Only the command: starting and stopping TorchServe is `serving.torchserve`, the archive it loads `serving.store`.
"""

import contextlib
import dataclasses
import signal
from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from enface.cli.opening import BundleOption, DeviceOption, PrecisionOption, ThreadsOption, find_bundle

if TYPE_CHECKING:
    from serving.torchserve import Ports, TorchServe

_EXAMPLE = '{"text": "a young woman is reading a newspaper"}'

_PORT = typer.Option(min=0, max=65535, help="Where this one is taken, a free one; 0: any.")


def serve(  # as many parameters as the command has options
    bundle: BundleOption = None,
    port: Annotated[int, _PORT] = 8080,
    management_port: Annotated[int, _PORT] = 8081,
    metrics_port: Annotated[int, _PORT] = 8082,
    workers: Annotated[int, typer.Option(min=1, help="Processes that translate, each with the whole model.")] = 1,
    threads: ThreadsOption = 0,
    precision: PrecisionOption = "float32",
    device: DeviceOption = "cpu",
) -> None:
    """Serve a bundle over HTTP on this machine, until Ctrl-C; says its address when it is ready to answer.

    Examples:

    enface serve

    enface serve --bundle my/bundle --port 9000 --workers 2 --threads 2
    """
    found = find_bundle(bundle)
    from serving.store import WorkerSettings, make_store
    from serving.torchserve import Ports, TorchServe, server_folder

    asked = Ports(port, management_port, metrics_port)
    settings = WorkerSettings(workers, threads=threads, precision=precision, device=device)
    with contextlib.suppress(KeyboardInterrupt), _sigterm_interrupts(), server_folder() as folder:
        make_store(found, folder / "store", settings)
        typer.echo(f"Starting TorchServe with {found} ...", err=True)
        with TorchServe(folder / "store", folder=folder, ports=asked) as server:
            _say_taken(asked, server.ports)
            _say_ready(server)
            server.wait()
    typer.echo("Stopped.", err=True)


@contextlib.contextmanager
def _sigterm_interrupts() -> Iterator[None]:
    """SIGTERM ends the block as Ctrl-C does, so that the server is stopped on the way out."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _say_taken(asked: "Ports", given: "Ports") -> None:
    for field in dataclasses.fields(asked):
        wanted, port = getattr(asked, field.name), getattr(given, field.name)
        if wanted not in (0, port):
            typer.echo(f"Port {wanted} is taken; {field.name} is on {port}.", err=True)


def _say_ready(server: "TorchServe") -> None:
    """The address on standard output, for scripts; it is flushed, for they read it through a pipe."""
    typer.echo(f"Ready: {server.address}")
    typer.echo(f"    curl -H 'Content-Type: application/json' -d '{_EXAMPLE}' {server.address}")
    typer.echo(f"Metrics: {server.metrics_address}; log: {server.log}. Ctrl-C stops it.")
