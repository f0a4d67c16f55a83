"""What is done to the server while it is asked; each fault ends when a request that was sent after it was answered."""

import asyncio
import contextlib
import shutil
import time
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.chaos.expected import Expected
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.load import Load
from benchmarks.chaos.server import PLACES, Server, write_keys
from enface.bundle import Description, open_bundle, write_bundle

RECOVERY_S = 6.0
_SETTLE_S = 0.5
_ROLL_S = 120.0
_ROOM_BYTES = 64


@dataclass(frozen=True)
class Stage:
    """What faults act on: the server and what it serves, the clients, their keys, and the ledger."""

    server: Server
    bundle: Path
    load: Load
    expected: Expected
    ledger: Ledger
    keys: Path
    key: str


async def kill_worker(stage: Stage) -> None:
    """Kills the worker with 9: its batch gets 503, what waits is answered by the next one."""
    await _kill(stage, "worker", "worker killed")


async def kill_torchserve(stage: Stage) -> None:
    """Kills Java with 9, and with it the worker."""
    await _kill(stage, "torchserve", "TorchServe killed")


async def fill_queue(stage: Stage) -> None:
    """Sends four times as many requests at once as there are places: some are refused, none is lost."""
    before = stage.ledger.refused[503]
    with stage.ledger.fault():
        await asyncio.gather(*(stage.load.ask() for _ in range(4 * PLACES)))
        await asyncio.sleep(_SETTLE_S)
    if stage.ledger.refused[503] == before:
        stage.ledger.violate(f"the queue of {PLACES} places was never full")


async def fill_disk(stage: Stage) -> None:
    """Lets no log of the server grow, as on a full disk; it answers, and gets a new worker.

    A real file system of its own would need rights that not everybody has. A limit on the size of files, set from
    outside, needs none: every write to a log fails, only with another errno. What is smaller may be written, for
    without any room for temporary files no Python process with torch starts.
    """
    with _no_room(stage.server.family()):
        await stage.load.some()
        await _kill(stage, "worker", "worker killed with a full disk")


async def let_key_expire(stage: Stage) -> None:
    """Takes a key out of the file that was good before."""
    leaving = f"{stage.key}-leaving"
    write_keys(stage.keys, stage.key, leaving)
    await stage.load.ask(key=leaving)
    write_keys(stage.keys, stage.key)
    await stage.load.ask(key=leaving, right=401)


async def roll_version(stage: Stage) -> None:
    """Replaces the bundle by another version: nobody notices, and from then on only that one answers."""
    manifest = open_bundle(stage.bundle).manifest
    files = {name: stage.bundle / name for name in manifest.files}
    described = Description.model_validate({name: getattr(manifest, name) for name in Description.model_fields})
    penalty = round(described.search.length_penalty + 0.3, 3)
    described = described.model_copy(update={"search": described.search.model_copy(update={"length_penalty": penalty})})
    write_bundle(stage.bundle, files, description=described, version=f"{manifest.version[:8]}rolled")
    version = await asyncio.to_thread(stage.expected.learn, stage.bundle)
    await _roll(stage, "answers now, in place of", "a new version")
    stage.load.version = version
    await stage.load.some()


async def roll_broken(stage: Stage) -> None:
    """Puts a bundle there that no worker can load: the one that answers goes on."""
    manifest = open_bundle(stage.bundle).manifest
    kept = stage.bundle.with_name("kept")
    shutil.copytree(stage.bundle, kept)
    described = Description.model_validate({name: getattr(manifest, name) for name in Description.model_fields})
    files = {name: kept / name for name in manifest.files}
    broken = stage.bundle.with_name("broken.onnx")
    broken.write_bytes(b"no graph")
    write_bundle(stage.bundle, files | {"graph.onnx": broken}, description=described, version="broken")
    await _roll(stage, "The new bundle is not served", "a broken version")
    await stage.load.some()
    shutil.rmtree(stage.bundle)
    kept.rename(stage.bundle)


FAULTS: dict[str, Callable[[Stage], Awaitable[None]]] = {
    "a worker is killed": kill_worker,
    "the queue is filled": fill_queue,
    "a worker is killed once more": kill_worker,
    "a key expires": let_key_expire,
    "the disk is full": fill_disk,
    "TorchServe is killed": kill_torchserve,
    "a new version is rolled in": roll_version,
    "a broken version is rolled in": roll_broken,
    "TorchServe is killed once more": kill_torchserve,
}


async def _kill(stage: Stage, role: str, name: str) -> None:
    victim = stage.server.roles().get(role)
    if victim is None:
        stage.ledger.violate(f"{name}: there is no {role} to kill")
        return
    with stage.ledger.fault():
        victim.kill()
        seconds = await stage.load.recovery_s(time.monotonic())
        await asyncio.sleep(_SETTLE_S)
    stage.ledger.recover(name, seconds, at_most_s=RECOVERY_S)


async def _roll(stage: Stage, word: str, name: str) -> None:
    """Has the server look at its bundle, until it has said that word."""
    said, since = len(stage.server.said.read_text(encoding="utf-8")), time.monotonic()
    stage.server.roll()
    try:
        await asyncio.to_thread(stage.server.wait_until, word, _ROLL_S, start=said)
    except TimeoutError:
        stage.ledger.violate(f"{name}: was not rolled in within {_ROLL_S:g} s")
    stage.ledger.recover(f"{name} rolled in", time.monotonic() - since, at_most_s=_ROLL_S)


@contextlib.contextmanager
def _no_room(family: list[psutil.Process]) -> Iterator[None]:
    """While the block lasts, none of them can make a file larger than next to nothing."""
    before = {process: process.rlimit(psutil.RLIMIT_FSIZE) for process in family}
    for process, (_, hard) in before.items():
        process.rlimit(psutil.RLIMIT_FSIZE, (_ROOM_BYTES, hard))
    try:
        yield
    finally:
        for process in {*before, *(child for each in family if each.is_running() for child in each.children())}:
            with contextlib.suppress(psutil.NoSuchProcess):
                hard = process.rlimit(psutil.RLIMIT_FSIZE)[1]
                process.rlimit(psutil.RLIMIT_FSIZE, (hard, hard))
