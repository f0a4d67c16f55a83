"""`enface serve` as a process: what it says, and that nothing is left however it ends."""

import contextlib
import hashlib
import json
import os
import shutil
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
from typer.testing import CliRunner

from enface.cli.app import app

START_S = 150
SERVE = [sys.executable, "-c", "from enface.cli.app import main; main()", "serve"]
ANY_PORT = ["--port", "0"]


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
        _, alive = psutil.wait_procs(self.family, timeout=15)
        assert not alive
        assert list(self.temporary.iterdir()) == []


@pytest.fixture
def serve(toy_bundle):
    """Starts `enface serve` in a short temporary folder of its own; kills whatever is left of it."""
    with tempfile.TemporaryDirectory(prefix="enface-test-", dir="/tmp") as place, contextlib.ExitStack() as stack:

        def start(*options: str, bundle: Path = toy_bundle) -> Serving:
            serving = Serving(bundle, Path(place) / "t", [*(options or ANY_PORT)])
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
        serving = serve("--port", str(taken))
        said = serving.wait_until("Ctrl-C")
    assert serving.had_java
    address = _address(said)
    assert f"Port {taken} is taken; it is {httpx.URL(address).port} instead." in said
    assert "curl -H 'Content-Type: application/json' -d '{\"text\": " in said
    assert httpx.post(address, json={"text": "A dog."}, trust_env=False).is_success
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(timeout=30) == 0
    serving.assert_nothing_is_left()
    assert serving.said.read_text().endswith("Stopped.\n")
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", httpx.URL(address).port))


@pytest.mark.parametrize("engine", ["inprocess", "torchserve"])
def test_a_request_that_was_accepted_is_answered_after_sigterm(serve, engine):
    serving = serve(*ANY_PORT, "--engine", engine)
    address = httpx.URL(_address(serving.wait_until("Ctrl-C")))
    assert serving.had_java is (engine == "torchserve")
    body = b'{"text": "A dog."}'
    with socket.create_connection((address.host, address.port), timeout=30) as connection:
        head = f"POST {address.path} HTTP/1.1\r\nHost: a\r\nContent-Length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body[:5])
        time.sleep(0.5)
        serving.process.send_signal(signal.SIGTERM)
        time.sleep(0.5)
        connection.sendall(body[5:])
        answer = b""
        while part := connection.recv(65536):
            answer += part
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b'"translations":[{"text":"A dog."' in answer
    assert serving.process.wait(timeout=30) == 0
    serving.assert_nothing_is_left()


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


def test_when_java_ends_by_itself_it_says_so_and_comes_back(serve):
    serving = serve()
    address = _address(serving.wait_until("Ctrl-C"))
    next(child for child in serving.family if child.name() == "java").kill()
    said = serving.wait_until("It is started again.")
    assert "TorchServe ended by itself" in said
    answers = []
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and (not answers or answers[-1].status_code != 200):
        answers.append(httpx.post(address, json={"text": "A dog."}, trust_env=False, timeout=60))
        time.sleep(0.1)
    assert {answer.status_code for answer in answers} == {503, 200}
    assert {answer.json()["error"]["code"] for answer in answers[:-1]} == {"unavailable"}
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers[:-1])
    serving.see_family()
    serving.process.send_signal(signal.SIGINT)
    assert serving.process.wait(timeout=30) == 0
    serving.assert_nothing_is_left()


@pytest.mark.parametrize("engine", ["inprocess", "torchserve"])
def test_a_bundle_that_was_replaced_is_rolled_in(serve, toy_bundle, tmp_path, engine):
    bundle = shutil.copytree(toy_bundle, tmp_path / "bundle")
    serving = serve(*ANY_PORT, "--engine", engine, bundle=bundle)
    address = _address(serving.wait_until("Ctrl-C"))
    manifest = json.loads((bundle / "manifest.json").read_text())
    before = manifest["version"]
    (bundle / "manifest.json").write_text(json.dumps(manifest | {"version": "newer"}))
    serving.process.send_signal(signal.SIGUSR1)
    serving.wait_until(f"Version newer answers now, in place of {before}.")
    answer = httpx.post(address, json={"text": "A dog."}, trust_env=False, timeout=60)
    assert answer.json()["model"]["version"] == "newer"
    serving.process.send_signal(signal.SIGTERM)
    assert serving.process.wait(timeout=30) == 0
    serving.assert_nothing_is_left()


def test_a_model_that_no_worker_can_load_ends_it(serve, toy_bundle, tmp_path):
    bundle = shutil.copytree(toy_bundle, tmp_path / "bundle")
    (bundle / "graph.onnx").write_bytes(b"")
    manifest = json.loads((bundle / "manifest.json").read_text())
    manifest["files"]["graph.onnx"] = hashlib.sha256(b"").hexdigest()
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    serving = serve(bundle=bundle)
    assert serving.process.wait(timeout=START_S) == 1
    said = serving.said.read_text()
    assert "enface: TorchServe's worker could not load the model: enface.errors.BundleError: " in said
    assert "Ready" not in said
    serving.assert_nothing_is_left()


def test_others_are_not_answered_without_keys(serve, tmp_path):
    serving = serve(*ANY_PORT, "--host", "0.0.0.0")
    assert serving.process.wait(timeout=30) == 1
    assert "enface: --host: got 0.0.0.0, which other machines reach, but no --keys" in serving.said.read_text()


@pytest.mark.parametrize("option", ["--rate", "--timeout"])
def test_no_end_is_refused_for_a_number(option):
    found = CliRunner().invoke(app, ["serve", option, "inf"], env={"COLUMNS": "100"})
    assert found.exit_code == 2
    assert "got inf, need a finite number" in found.output


def test_with_keys_others_are_answered_who_have_one(serve, tmp_path):
    keys = tmp_path / "keys.txt"
    keys.write_text(f"website {hashlib.sha256(b'the key').hexdigest()}\n")
    options = ["--host", "0.0.0.0", "--keys", str(keys), "--engine", "inprocess", "--rate", "1", "--timeout", "9"]
    address = _address(serve(*ANY_PORT, *options).wait_until("Ctrl-C"))
    assert address.startswith("http://0.0.0.0:")
    codes = [
        httpx.post(address, json={"text": "a"}, headers=headers, trust_env=False).status_code
        for headers in [{}, *[{"X-API-Key": "the key"}] * 3]
    ]
    assert codes == [401, 200, 200, 429]


def test_with_a_judge_the_answers_of_torchserve_are_judged(serve, toy_judge):
    address = _address(serve(*ANY_PORT, "--judge", str(toy_judge)).wait_until("Ctrl-C"))
    answer = httpx.post(address, json={"text": ["A dog.", ""], "judge": True}, trust_env=False, timeout=60)
    assert [entry["judge"] > 0 for entry in answer.json()["translations"]] == [True, False]


def test_a_broken_bundle_is_told_before_anything_starts(serve, tmp_path):
    serving = serve(bundle=tmp_path / "nothing")
    assert serving.process.wait(timeout=30) == 1
    said = serving.said.read_text()
    assert f"enface: {tmp_path / 'nothing'}: no such bundle" in said
    assert "Starting" not in said
    assert list(serving.temporary.iterdir()) == []
