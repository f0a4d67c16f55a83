"""`enface serve` as a process: what it says, and that nothing is left however it ends."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx
import psutil
import pytest

START_S = 60
SERVE = [sys.executable, "-c", "from enface.cli.app import main; main()", "serve"]
ANY_PORTS = ["--port", "0", "--management-port", "0", "--metrics-port", "0"]


class Serving:
    """A running `enface serve`, with all that it started."""

    def __init__(self, bundle: Path, folder: Path, options: list[str]) -> None:
        self.temporary = folder
        self.said = folder.with_suffix(".txt")
        folder.mkdir()
        with self.said.open("wb") as said:
            self.process = subprocess.Popen(
                [*SERVE, "--bundle", str(bundle), *options],
                stdout=said,
                stderr=subprocess.STDOUT,
                env=os.environ | {"TMPDIR": str(folder), "COLUMNS": "200"},
            )
        self.family: list[psutil.Process] = []

    def wait_until(self, word: str) -> str:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and self.process.poll() is None and word not in self.said.read_text():
            time.sleep(0.05)
        assert word in self.said.read_text(), self.said.read_text()
        self.see_family()
        return self.said.read_text()

    def see_family(self) -> bool:
        """Looks who was started; whether Java is among them."""
        self.family = psutil.Process(self.process.pid).children(recursive=True)
        self.had_java = any(child.name() == "java" for child in self.family)
        return self.had_java

    def assert_nothing_is_left(self) -> None:
        assert self.had_java
        _, alive = psutil.wait_procs(self.family, timeout=15)
        assert not alive
        assert list(self.temporary.iterdir()) == []


@pytest.fixture
def serve(toy_bundle):
    """Starts `enface serve` in a short temporary folder of its own; kills whatever is left of it."""
    with tempfile.TemporaryDirectory(prefix="enface-test-", dir="/tmp") as place, contextlib.ExitStack() as stack:

        def start(*options: str, bundle: Path = toy_bundle) -> Serving:
            serving = Serving(bundle, Path(place) / "t", [*(options or ANY_PORTS)])
            stack.callback(_kill, serving)
            return serving

        yield start


def _kill(serving: Serving) -> None:
    for process in (*serving.family, serving.process):
        with contextlib.suppress(psutil.NoSuchProcess, ProcessLookupError):
            process.kill()
    serving.process.wait()


def _address(said: str) -> str:
    return next(line for line in said.splitlines() if line.startswith("Ready: ")).removeprefix("Ready: ")


def test_it_says_its_address_and_sigterm_leaves_nothing(serve):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        serving = serve("--port", str(taken), "--management-port", "0", "--metrics-port", "0")
        said = serving.wait_until("Ctrl-C")
    address = _address(said)
    assert f"Port {taken} is taken; inference is on {httpx.URL(address).port}." in said
    assert "curl -H 'Content-Type: application/json' -d '{\"text\": " in said
    assert httpx.post(address, json={"text": "A dog."}, trust_env=False).is_success
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(timeout=30) == 0
    serving.assert_nothing_is_left()
    assert serving.said.read_text().endswith("Stopped.\n")
    with socket.socket() as again:
        again.bind(("127.0.0.1", httpx.URL(address).port))


def test_killed_with_9_it_leaves_nothing(serve):
    serving = serve()
    serving.wait_until("Ctrl-C")
    serving.process.kill()
    serving.assert_nothing_is_left()


def test_ctrl_c_while_it_starts_leaves_nothing(serve):
    serving = serve()
    serving.wait_until("Starting TorchServe")
    deadline = time.monotonic() + START_S
    while not serving.see_family() and time.monotonic() < deadline:
        time.sleep(0.02)
    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(timeout=30) == 0
    serving.assert_nothing_is_left()


def test_when_java_ends_by_itself_it_says_so(serve):
    serving = serve()
    serving.wait_until("Ctrl-C")
    next(child for child in serving.family if child.name() == "java").kill()
    assert serving.process.wait(timeout=30) == 1
    assert "enface: TorchServe ended by itself" in serving.said.read_text()
    serving.assert_nothing_is_left()


def test_a_broken_bundle_is_told_before_anything_starts(serve, tmp_path):
    serving = serve(bundle=tmp_path / "nothing")
    assert serving.process.wait(timeout=30) == 1
    said = serving.said.read_text()
    assert f"enface: {tmp_path / 'nothing'}: no such bundle" in said
    assert "Starting" not in said
    assert list(serving.temporary.iterdir()) == []
