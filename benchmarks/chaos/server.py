"""`enface serve` as a process, with all that it starts: who they are, what they say, how they are hurt."""

import contextlib
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

HOST = "127.0.0.1"
PLACES = 32
START_S = 120.0
_SERVE = [sys.executable, "-W", "ignore", "-c", "from enface.cli.app import main; main()", "serve"]


class Server:
    """A running server.

    Attributes:
        process: the gateway.
        port: where it listens.
        said: the file of all that it says.
        folder: where it, and all that it starts, write.
    """

    def __init__(self, bundle: Path, folder: Path, keys: Path) -> None:
        """Starts it; it is not ready yet."""
        self.folder = folder
        self.said = folder / "said.txt"
        options = ["--bundle", str(bundle), "--port", "0", "--threads", "1"]
        options += ["--queue", str(PLACES), "--keys", str(keys)]
        (folder / "tmp").mkdir()
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [*_SERVE, *options],
                stdout=said,
                stderr=subprocess.STDOUT,
                cwd=folder,
                env=os.environ | {"TMPDIR": str(folder / "tmp")},
            )
        try:
            ready = self.wait_until("Ready: ", START_S)
        except TimeoutError:
            self.process.kill()
            raise
        self.port = int(ready.partition("Ready: ")[2].split("/")[2].rpartition(":")[2])

    def wait_until(self, word: str, within_s: float, *, start: int = 0) -> str:
        """What it has said from character `start` on, as soon as `word` is in it.

        Raises:
            TimeoutError: it ended, or did not say so in time.
        """
        deadline = time.monotonic() + within_s
        while time.monotonic() < deadline and self.process.poll() is None:
            said = self.said.read_text(encoding="utf-8", errors="replace")[start:]
            if word in said:
                return said
            time.sleep(0.05)
        raise TimeoutError(f"enface serve did not say {word!r} within {within_s:g} s:\n{self.said.read_text()[-2000:]}")

    def family(self) -> list[psutil.Process]:
        """The gateway and everything under it."""
        gateway = psutil.Process(self.process.pid)
        return [gateway, *gateway.children(recursive=True)]

    def roles(self) -> dict[str, psutil.Process]:
        """The gateway, Java and the worker, as far as they live."""
        found: dict[str, psutil.Process] = {}
        for process in self.family():
            with contextlib.suppress(psutil.NoSuchProcess):
                command = process.cmdline()
                if process.pid == self.process.pid:
                    found["gateway"] = process
                elif "org.pytorch.serve.ModelServer" in command and "java" in command[0]:
                    found["torchserve"] = process
                elif "--sock-type" in command:
                    found["worker"] = process
        return found

    def roll(self) -> None:
        """Has it look at its bundle again."""
        self.process.send_signal(signal.SIGUSR1)

    def stop(self) -> int:
        """Its exit status after SIGTERM; what did not end is killed."""
        family = self.family() if self.process.poll() is None else []
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=90)
        finally:
            for process in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    process.kill()


@contextlib.contextmanager
def running(bundle: Path, folder: Path, keys: Path) -> Iterator[Server]:
    """A server that is ready; whatever happens, nothing of it is left afterwards."""
    server = Server(bundle, folder, keys)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def write_keys(file: Path, *keys: str) -> None:
    """Writes a file of keys, whole."""
    lines = [f"key{place} {hashlib.sha256(key.encode()).hexdigest()}\n" for place, key in enumerate(keys)]
    draft = file.with_suffix(".new")
    draft.write_text("".join(lines), encoding="utf-8")
    draft.replace(file)
