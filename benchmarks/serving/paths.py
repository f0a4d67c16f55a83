"""The ways to a translation that are compared: the engine called directly, and servers that are asked over HTTP.

All are asked in one way: `ask(texts, clients, warm_up)` gives a `Timing`. A server is started when its block begins,
listens on the loopback alone, and is gone when the block ends.
"""

import contextlib
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.serving.clients import Load, Timing, run_apart
from enface.inference.translator import Translator
from serving.store import WorkerSettings, make_store
from serving.torchserve import TorchServe, server_folder

_STOP_S = 30.0

Ask = Callable[[Sequence[str], int, int], Timing]
"""The texts, how many clients send them, and how many of the texts come before anything is measured."""


@dataclass(frozen=True)
class Route:
    """One of the ways.

    Attributes:
        name: what it is called in the table.
        ask: sends texts along it.
        ready_s: seconds from nothing to its first answer, archive included; 0 for the engine itself.
    """

    name: str
    ask: Ask
    ready_s: float = 0.0


def engine(translator: Translator) -> Route:
    """The translator in this process; several clients are threads that call it, one text a call."""
    return Route("engine", lambda texts, clients, warm_up: _called(translator, texts, clients, warm_up))


def engine_together(translator: Translator) -> Route:
    """The translator in this process, as many texts a call as there are clients: the best that batching can give."""

    def ask(texts: Sequence[str], clients: int, warm_up: int) -> Timing:
        translator.translate(texts[:warm_up])
        start, computed, seconds = time.perf_counter(), time.process_time(), []
        for first in range(warm_up, len(texts), clients):
            began = time.perf_counter()
            part = texts[first : first + clients]
            translator.translate(part)
            seconds += [time.perf_counter() - began] * len(part)
        return Timing(seconds, time.perf_counter() - start, time.process_time() - computed)

    return Route("engine, all at once", ask)


@contextlib.contextmanager
def torchserve(bundle: Path, *, threads: int) -> Iterator[Route]:
    """The handler, asked through TorchServe alone with its token; TorchServe gathers the batches."""
    began = time.perf_counter()
    with server_folder() as folder:
        store = make_store(bundle, folder / "store", WorkerSettings(threads=threads)).parent
        with TorchServe(store, folder=folder) as server:
            yield Route(
                "handler through TorchServe",
                lambda *asked: _sent(server.address, server.auth.headers(), *asked),
                time.perf_counter() - began,
            )


@contextlib.contextmanager
def gateway(name: str, bundle: Path, options: Sequence[str]) -> Iterator[Route]:
    """`enface serve` with these options, in a process of its own.

    Raises:
        ChildProcessError: it ended before it was ready.
    """
    began = time.perf_counter()
    command = [str(Path(sys.executable).with_name("enface")), "serve", "--bundle", str(bundle), "--port", "0", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout, "it is a pipe"
    try:
        address = next((line.split()[1] for line in process.stdout if line.startswith("Ready: ")), None)
        if address is None:
            raise ChildProcessError(f"{' '.join(command)}: ended before it was ready; run it by itself to see why")
        yield Route(name, lambda *asked: _sent(address, {}, *asked), time.perf_counter() - began)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
        process.stdout.close()


def _sent(address: str, headers: dict[str, str], texts: Sequence[str], clients: int, warm_up: int) -> Timing:
    return run_apart(Load(address, headers, list(texts), clients, warm_up))


def _called(translator: Translator, texts: Sequence[str], clients: int, warm_up: int) -> Timing:
    for text in texts[:warm_up]:
        translator.translate([text])
    waiting, seconds = iter(texts[warm_up:]), []

    def call_all() -> None:
        for text in waiting:  # the iterator of a list may be shared by threads
            began = time.perf_counter()
            translator.translate([text])
            seconds.append(time.perf_counter() - began)

    threads = [threading.Thread(target=call_all) for _ in range(clients)]
    start, computed = time.perf_counter(), time.process_time()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Timing(seconds, time.perf_counter() - start, time.process_time() - computed)
