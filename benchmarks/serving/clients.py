"""Clients of an HTTP server, as cheap as they can be: bare sockets that are kept, one thread that waits for them all.

    python -m benchmarks.serving.clients < LOAD

is a process of its own, so that what the clients compute is not the server's; it reads a `Load` as JSON and prints a
`Timing` as JSON. Standard library alone. Each client sends its next request when it has the answer to the one before.
"""

import json
import re
import selectors
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit

_PART = 262_144
_SILENT_S = 60.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What to send, and how.

    Attributes:
        address: where to, as in http://127.0.0.1:8080/v1/translate.
        headers: sent along with each request.
        texts: one for each request, in this order.
        clients: how many send at once.
        warm_up: how many of the texts are sent before anything is measured.
    """

    address: str
    headers: dict[str, str]
    texts: list[str]
    clients: int
    warm_up: int


@dataclass(frozen=True)
class Timing:
    """What was measured: the seconds of each request, of all together, and of this process's computing."""

    latencies_s: list[float]
    elapsed_s: float
    processor_s: float


def run_apart(load: Load) -> Timing:
    """What the clients measured, in a process of their own.

    Raises:
        subprocess.CalledProcessError: an answer was none of 200, or none came.
    """
    command = [sys.executable, "-m", "benchmarks.serving.clients"]
    ran = subprocess.run(command, input=json.dumps(asdict(load)), stdout=subprocess.PIPE, text=True, check=True)
    return Timing(**json.loads(ran.stdout))


def run(load: Load) -> Timing:
    """What the clients measured, in this process.

    Raises:
        ConnectionError: an answer was none of 200, or the server closed a connection.
        TimeoutError: no answer for a minute.
    """
    requests = iter([_request(load, text) for text in load.texts])
    with selectors.DefaultSelector() as waiting:
        clients = [_Client(load.address) for _ in range(load.clients)]
        for client in clients:
            waiting.register(client.socket, selectors.EVENT_READ, client)
        for _ in _latencies(clients, waiting, requests, load.warm_up):
            pass
        start, computed = time.perf_counter(), time.process_time()
        latencies = list(_latencies(clients, waiting, requests, len(load.texts) - load.warm_up))
        timing = Timing(latencies, time.perf_counter() - start, time.process_time() - computed)
    for client in clients:
        client.socket.close()
    return timing


class _Client:
    """One connection, with the answer that is arriving on it."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=_SILENT_S)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, request: bytes) -> None:
        """Begins to wait for the answer to that request."""
        self._answer = b""
        self._sent = time.perf_counter()
        self.socket.sendall(request)

    def receive(self) -> float | None:
        """Takes what has arrived; the seconds since the request, once the answer is whole."""
        part = self.socket.recv(_PART)
        now = time.perf_counter()
        if not part:
            raise ConnectionError("the server closed a connection that waited for an answer")
        self._answer += part
        head, ended, body = self._answer.partition(b"\r\n\r\n")
        if not ended:
            return None
        if b" 200 " not in head[:16]:
            raise ConnectionError(f"expected 200, got {self._answer[:1000]!r}")
        length = _LENGTH.search(head)
        assert length, "a server of ours tells how long its answer is"
        return now - self._sent if len(body) >= int(length[1]) else None


def _latencies(
    clients: list[_Client], waiting: selectors.BaseSelector, requests: Iterator[bytes], count: int
) -> Iterator[float]:
    """The seconds of each of the next `count` requests; nothing is under way before or after."""
    unsent = count
    for client in clients[:count]:
        client.send(next(requests))
        unsent -= 1
    unanswered = count
    while unanswered:
        arrived = waiting.select(_SILENT_S)
        if not arrived:
            raise TimeoutError(f"no answer for {_SILENT_S:g} s")
        for key, _ in arrived:
            seconds = key.data.receive()
            if seconds is None:
                continue
            unanswered -= 1
            yield seconds
            if unsent:
                key.data.send(next(requests))
                unsent -= 1


def _request(load: Load, text: str) -> bytes:
    parts = urlsplit(load.address)
    body = json.dumps({"text": text}).encode()
    headers = {"Host": parts.netloc, "Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = [f"POST {parts.path} HTTP/1.1", *(f"{name}: {value}" for name, value in (headers | load.headers).items())]
    return "\r\n".join([*lines, "", ""]).encode() + body


if __name__ == "__main__":
    print(json.dumps(asdict(run(Load(**json.load(sys.stdin))))))
