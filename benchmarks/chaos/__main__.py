"""A real `enface serve`, asked without a pause while it is hurt: nothing that was accepted is lost, no answer is wrong.

    make chaos

Eight clients translate all the time. Meanwhile workers and TorchServe are killed, the queue is filled, the disk is
full, keys expire, versions are rolled in, and connections are opened on which everything is sent that should not be.
Then REQUESTS more pass in peace, over which memory must not grow. All on the loopback; ends with status 1 where
anything happened that must not, and says what.
"""

import asyncio
import platform
import secrets
import shutil
import signal
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import httpx
import psutil
import typer

from benchmarks.chaos.assault import Assault
from benchmarks.chaos.expected import Expected
from benchmarks.chaos.faults import FAULTS, Stage
from benchmarks.chaos.leaks import leaks
from benchmarks.chaos.ledger import Ledger
from benchmarks.chaos.load import CLIENTS, Load
from benchmarks.chaos.memory import Memory
from benchmarks.chaos.sentences import ODD, sentences
from benchmarks.chaos.server import HOST, Server, running, write_keys
from enface.outputs import write_json

_SETTLE_S = 2.0


def main(
    bundle: Annotated[Path, typer.Argument(help="What is served; it is copied.")],
    out: Annotated[Path, typer.Argument(help="The JSON file for what was found.")],
    requests: Annotated[int, typer.Option(min=0, help="That many pass after the faults, for memory.")] = 20_000,
    minutes: Annotated[float, typer.Option(min=0, help="The longest that they may take.")] = 15.0,
) -> None:
    """Hurt a server, and write what became of every request to OUT."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that nothing is left of the server
    ledger = Ledger()
    with tempfile.TemporaryDirectory(prefix="enface-chaos-", dir="/tmp") as folder:
        found = asyncio.run(_chaos(bundle, Path(folder), ledger, requests=requests, minutes=minutes))
    found = ledger.to_json() | found | {"machine": f"{platform.machine()}, {psutil.cpu_count()} cores"}
    write_json(out, found)
    _show(found)
    sys.exit(1 if ledger.violations else 0)


async def _chaos(bundle: Path, folder: Path, ledger: Ledger, *, requests: int, minutes: float) -> dict[str, Any]:
    """What was found beside the ledger's counts."""
    canary = f"Quetzal{secrets.token_hex(8)}"
    served, keys, place = folder / "bundle", folder / "keys.txt", folder / "server"
    shutil.copytree(bundle, served)
    place.mkdir()
    write_keys(keys, canary)
    expected = Expected([*sentences(canary), *ODD])
    expected.learn(served)
    print(f"Starting enface serve with {bundle} ...", flush=True)
    with running(served, place, keys) as server:
        load = Load(server.port, canary, expected, ledger)
        stage = Stage(server, served, load, expected, ledger, keys, canary)
        async with load.clients():
            await load.some()
            tried = await _hurt(stage, Assault(server.port, canary, canary, ledger))
            memory = Memory(server, load)
            async with memory.sampled():
                if not await load.until(requests, within_s=60 * minutes):
                    ledger.violate(
                        f"not {requests:,} requests passed in {minutes:g} minutes; give it more by --minutes"
                    )
        await asyncio.sleep(_SETTLE_S)
        _look_behind(server, canary, ledger)
        if status := await asyncio.to_thread(server.stop):
            ledger.violate(f"enface serve ended with status {status} after SIGTERM")
    measured = {"requests": memory.requests, "mb": memory.judge(ledger)}
    return {"clients": CLIENTS, "attacks": tried, "faults": [*FAULTS], "memory": measured}


async def _hurt(stage: Stage, assault: Assault) -> int:
    """Does to the server whatever there is, while it is asked; how many attacks there were."""
    slow = asyncio.gather(*(assault.slow_body() for _ in range(3)))
    for name, fault in FAULTS.items():
        print(f"{name} ...", flush=True)
        await fault(stage)
        await asyncio.gather(*(assault.leave(after=part) for part in (0.0, 0.3, 0.99, 1.0) * 2))
        await stage.load.some(20)
    print("connections that mean no good ...", flush=True)
    tried = await assault.all_attacks()
    await slow
    return tried


def _look_behind(server: Server, canary: str, ledger: Ledger) -> None:
    """Enters what must not be left when all is quiet: texts in logs, requests that hold a place, faults in the log."""
    figures = httpx.get(f"http://{HOST}:{server.port}/metrics", trust_env=False, timeout=10).content
    for where in leaks(server, canary, figures):
        ledger.violate(f"what was sent stands in {where}")
    if b"\nenface_requests_in_progress 0.0" not in figures:
        ledger.violate("a request that nobody waits for holds a place")
    if " failed on a " in server.said.read_text(encoding="utf-8", errors="replace"):
        ledger.violate("a request met a fault of ours; the log has told where")


def _show(found: dict[str, Any]) -> None:
    """Prints the counts, how long recovery took, and what must not have happened."""
    refused = sum(found["refused_rightly"].values())
    print(
        f"{found['sent']:,} sent: {found['answered']:,} answered as the engine does, {refused:,} refused with the "
        f"right status, {found['abandoned']} abandoned by us, {found['lost']} lost"
    )
    for status, count in found["refused_rightly"].items():
        print(f"    {status}: {count:,}")
    for fault, seconds in found["recovery_s"].items():
        print(f"{fault}: over after {', '.join(f'{each:.1f}' for each in seconds)} s")
    for role, sizes in found["memory"]["mb"].items():
        print(
            f"memory of {role} over {found['memory']['requests']:,} requests: {sizes['half_way']:g} MB half way, "
            f"{sizes['end']:g} MB at the end"
        )
    for violation in found["violations"]:
        print(f"MUST NOT: {violation}")


if __name__ == "__main__":
    typer.run(main)
