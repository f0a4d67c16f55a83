"""A gateway on a free port of the loopback, in a thread: no test, but what several of them start."""

import asyncio
import contextlib
import socket
import threading
import time
from collections.abc import Iterator

import httpx
import uvicorn

from serving.gateway.application import make_application
from serving.gateway.connection import Connection
from serving.gateway.limits import Limits
from serving.gateway.metrics import Metrics
from serving.gateway.running import Server, listen
from serving.gateway.service import Service


class Served:
    """A running gateway: its address, its parts, and a way to stop it as SIGTERM does."""

    def __init__(self, engine, metrics, limits, keys, judge):
        self.engine = engine
        self.service = Service(engine, metrics, limits=limits, keys=keys, judge=judge)
        self.app = make_application(self.service)
        self.listening = listen("127.0.0.1", 0)
        self.port = self.listening.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.is_ready = threading.Event()
        self.connections = []
        config = uvicorn.Config(self.app, http=Connection, ws="none", log_config=None, access_log=False)
        config.timeout_graceful_shutdown = 5
        self.server = Server(config, engine, self.is_ready.set)
        self.thread = threading.Thread(target=self.server.run, kwargs={"sockets": [self.listening]})

    def stop(self):
        self.server.should_exit = True

    def connect(self):
        """A bare connection, closed with the gateway at the latest."""
        self.connections.append(socket.create_connection(("127.0.0.1", self.port), timeout=10))
        return self.connections[-1]

    def asking(self, body=b'{"text": "a"}', *, path="/v1/translate", sent=None):
        """A connection on which a request has been sent, or only so many bytes of its body."""
        head = ["POST", path, "HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length:", len(body)]
        connection = self.connect()
        connection.sendall(" ".join(map(str, head)).encode() + b"\r\n\r\n" + body[:sent])
        return connection

    def figure(self, name):
        """The value of one line of the metrics."""
        text = httpx.get(f"{self.address}/metrics", trust_env=False).text
        return next(float(line.rpartition(" ")[2]) for line in text.splitlines() if line.startswith(f"{name} "))


@contextlib.contextmanager
def served(engine, *, metrics=None, limits=None, keys=None, judge=None) -> Iterator[Served]:
    gateway = Served(engine, metrics or Metrics(), limits or Limits(), keys, judge)
    gateway.thread.start()
    try:
        assert gateway.is_ready.wait(60)
        yield gateway
    finally:
        gateway.stop()
        gateway.thread.join(timeout=20)
        for connection in gateway.connections:
            connection.close()
        assert not gateway.thread.is_alive()


class HeldEngine:
    """An engine that answers what it was told to, when it is let go; it sees who asked and who gave up."""

    failure = None
    is_warm = True

    def __init__(self, manifest, reply=(200, b'{"translations": []}')):
        self.manifest = manifest
        self.reply = reply
        self.go = threading.Event()
        self.asked = 0
        self.given_up = 0

    async def start(self):
        pass

    async def stop(self):
        pass

    async def is_ready(self):
        return self.go.is_set()

    async def metrics(self):
        return b""

    async def answer(self, task, request_id):
        self.asked += 1
        try:
            await asyncio.sleep(0.002)
            while not self.go.is_set():
                await asyncio.sleep(0.002)
        except asyncio.CancelledError:
            self.given_up += 1
            raise
        if isinstance(self.reply, Exception):
            raise self.reply
        return self.reply(task) if callable(self.reply) else self.reply


def wait_until(condition, within_s=5.0):
    deadline = time.monotonic() + within_s
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.005)
    assert condition()


def refusal(answer, status, code):
    """The message of a refusal, which has the shape of all."""
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/json"
    error = answer.json()["error"]
    assert set(answer.json()) == {"error"}
    assert set(error) == {"code", "message", "request_id"}
    assert error["code"] == code
    assert error["request_id"] == answer.headers["x-request-id"]
    return error["message"]
