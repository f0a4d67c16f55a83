"""Connections on which something is slow, broken or late, over bare sockets."""

import contextlib
import json
import select
import threading
import time

import httpx
import pytest

from serving.gateway import connection as module
from serving.gateway import lingering
from serving.gateway.limits import Limits
from tests.serving.gateway.served import served, wait_until

HEAD = b"POST /v1/translate HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 13\r\n\r\n"


def everything(connection):
    """What arrives until the other side closes: the head and the body."""
    content = b""
    while part := connection.recv(65536):
        content += part
    head, _, body = content.partition(b"\r\n\r\n")
    return head.decode(), body


@pytest.mark.parametrize("drip", [False, True])
def test_a_body_that_does_not_arrive_is_a_408(held, drip):
    with served(held, limits=Limits(body_s=0.2)) as gateway:
        connection = gateway.asking(b'{"text": "a"}' + b" " * 1000, sent=5)
        start = time.monotonic()
        if drip:
            dripping = threading.Thread(target=_drip, args=(connection,))
            dripping.start()
        head, body = everything(connection)
        if drip:
            dripping.join()
    assert head.startswith("HTTP/1.1 408 ")
    assert "connection: close" in head.lower()
    message = "after 0.2 s the body was not complete; send it faster, or less of it"
    assert json.loads(body)["error"] | {"request_id": ""} == {
        "code": "body_too_slow",
        "message": message,
        "request_id": "",
    }
    assert time.monotonic() - start < 2
    assert held.asked == 0


def test_a_408_can_be_read_by_who_goes_on_sending(held):
    with served(held, limits=Limits(body_s=0.2)) as gateway:
        connection = gateway.asking(b" " * 900_000, sent=5)
        for _ in range(40):
            connection.sendall(b" " * 20_000)
            time.sleep(0.01)
        head, _ = everything(connection)
    assert head.startswith("HTTP/1.1 408 ")


@pytest.mark.parametrize(("name", "value"), [("DISCARD_S", 0.1), ("DISCARD_BYTES", 30_000)])
def test_who_never_stops_sending_is_not_listened_to_for_ever(held, monkeypatch, name, value):
    monkeypatch.setattr(lingering, name, value)
    with served(held, limits=Limits(body_s=0.1)) as gateway:
        connection = gateway.asking(b" " * 900_000, sent=5)
        start = time.monotonic()
        with pytest.raises(OSError, match=r"reset|pipe"):
            send_on(connection)
        assert time.monotonic() - start < 8


def send_on(connection):
    for _ in range(1_000):
        connection.sendall(b" " * 1_000)
        time.sleep(0.01)


def _drip(connection, byte=b" "):
    """A byte now and then, until something is answered: what a closed connection is sent resets it."""
    for _ in range(8):
        if select.select([connection], [], [], 0.04)[0]:
            return
        try:
            connection.sendall(byte)
        except OSError:
            return


@pytest.mark.parametrize("sent", [b"", HEAD[:20]])
def test_a_head_that_does_not_arrive_ends_the_connection(held, monkeypatch, sent):
    monkeypatch.setattr(module, "HEAD_S", 0.2)
    with served(held) as gateway:
        connection = gateway.connect()
        connection.sendall(sent)
        assert everything(connection) == ("", b"")


def test_a_second_head_that_drips_ends_the_connection(held, monkeypatch):
    monkeypatch.setattr(module, "HEAD_S", 0.2)
    held.go.set()
    with served(held) as gateway:
        connection = gateway.connect()
        connection.sendall(HEAD + b'{"text": "a"}')
        answer = b""
        while not answer.endswith(held.reply[1]):
            answer += connection.recv(65536)
        dripping = threading.Thread(target=_drip, args=(connection, b"P"))
        dripping.start()
        assert everything(connection) == ("", b"")
        dripping.join()


def test_who_leaves_within_the_body_is_not_waited_for(held):
    with served(held) as gateway:
        gateway.asking(sent=3).close()
        wait_until(lambda: 'reason="client_gone"' in httpx.get(f"{gateway.address}/metrics", trust_env=False).text)
        assert held.asked == 0


@pytest.mark.parametrize(
    "sent",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n",
        b"POST /v1/translate HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n",
        b"POST /v1/translate HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"a" * 100_000,
        HEAD.replace(b"Content-Length: 13", b"Transfer-Encoding: chunked") + b"zz\r\n",
        HEAD.replace(b"\r\n\r\n", b"\r\nTransfer-Encoding: chunked\r\n\r\n") + b"0\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_in_the_same_shape(held, sent):
    with served(held) as gateway:
        connection = gateway.connect()
        connection.sendall(sent)
        head, body = everything(connection)
        assert httpx.get(f"{gateway.address}/healthz", trust_env=False).is_success
    assert head.startswith("HTTP/1.1 400 ")
    error = json.loads(body)["error"]
    assert (error["code"], set(error)) == ("bad_request", {"code", "message", "request_id"})


def test_what_was_accepted_is_answered_when_the_server_stops(held):
    with served(held) as gateway:
        accepted = gateway.asking()
        half = gateway.asking(sent=4)
        opened = gateway.connect()
        wait_until(lambda: held.asked == 1 and len(gateway.server.server_state.connections) == 3)
        gateway.stop()
        wait_until(lambda: not gateway.server.servers[0].is_serving())
        opened.sendall(HEAD + b'{"text": "a"}')
        half.sendall(b'{"text": "a"}'[4:])
        wait_until(lambda: held.asked == 3)
        with pytest.raises(ConnectionRefusedError):
            gateway.connect()
        held.go.set()
        answers = [everything(connection) for connection in (accepted, half, opened)]
    assert [head.partition("\r\n")[0] for head, _ in answers] == ["HTTP/1.1 200 OK"] * 3
    assert [body for _, body in answers] == [held.reply[1]] * 3
    assert all("connection: close" in head.lower() for head, _ in answers)


@pytest.fixture
def answering(held, monkeypatch):
    """A connection on which a large answer comes, to be read a twentieth in 0.3 s."""
    monkeypatch.setattr(lingering, "UNREAD_S", 0.3)
    held.reply = (200, b"x" * 50_000_000)
    held.go.set()
    with served(held) as gateway:
        connection = gateway.connect()
        connection.sendall(HEAD.replace(b"\r\n", b"\r\nConnection: close\r\n", 1) + b'{"text": "a"}')
        yield connection


def test_who_does_not_read_the_answer_is_cut_off(answering):
    time.sleep(1.5)
    received = 0
    with contextlib.suppress(ConnectionResetError):
        while part := answering.recv(1_000_000):
            received += len(part)
    assert received < 50_000_000


def test_who_reads_the_answer_slowly_gets_it_all(answering):
    received = 0
    while part := answering.recv(1_000_000):
        received += len(part)
        time.sleep(0.02)
    assert received > 50_000_000
