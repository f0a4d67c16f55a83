"""The clients of `make bench-serving`: what they send, and that they time every answer and take no refusal for one."""

import json
import socketserver
import subprocess
import threading

import pytest

from benchmarks.serving.clients import Load, Timing, run, run_apart
from benchmarks.serving.http_path import Batching, batching_of, row_of


@pytest.fixture
def server():
    """A server that answers in two parts; the bodies and headers that it saw, and how it answers."""

    class Handler(socketserver.StreamRequestHandler):
        def handle(self):
            while line := self.rfile.readline():
                headers = {}
                while (header := self.rfile.readline()) != b"\r\n":
                    name, _, value = header.decode().partition(": ")
                    headers[name] = value.strip()
                body = json.loads(self.rfile.read(int(headers["Content-Length"])))
                running.seen.append((line.decode().strip(), headers, body))
                head, _, rest = running.says.partition(b"\r\n\r\n")
                self.wfile.write(head + b"\r\n\r\n")
                self.wfile.write(rest)

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        request_queue_size = 64

    with Server(("127.0.0.1", 0), Handler) as running:
        running.seen, running.says = [], b"HTTP/1.1 200 OK\r\nContent-length: 7\r\n\r\n1234567"
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def load(server, count, *, clients):
    address = f"http://127.0.0.1:{server.server_address[1]}/v1/translate"
    return Load(address, {"X-A": "b"}, [f"ß {number}" for number in range(count)], clients, warm_up=2)


@pytest.mark.parametrize("clients", [1, 3, 9])
def test_every_text_is_sent_once_and_all_but_the_first_are_timed(server, clients):
    timing = run(load(server, 7, clients=clients))
    assert len(timing.latencies_s) == 5
    assert all(0 < seconds <= timing.elapsed_s for seconds in timing.latencies_s)
    assert sorted(body["text"] for _, _, body in server.seen) == [f"ß {number}" for number in range(7)]
    for line, headers, _ in server.seen:
        assert line == "POST /v1/translate HTTP/1.1"
        assert (headers["X-A"], headers["Content-Type"]) == ("b", "application/json")


def test_in_a_process_of_its_own_it_is_the_same(server):
    assert len(run_apart(load(server, 4, clients=2)).latencies_s) == 2


@pytest.mark.parametrize(
    ("says", "message"),
    [
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 2\r\n\r\n{}", "expected 200, got b'HTTP/1.1 503 Busy"),
    ],
)
def test_a_refusal_ends_it(server, says, message):
    server.says = says
    with pytest.raises(ConnectionError, match=message):
        run(load(server, 4, clients=1))
    with pytest.raises(subprocess.CalledProcessError):
        run_apart(load(server, 4, clients=1))


def timing(*milliseconds, elapsed_s=1.0):
    return Timing([each / 1000 for each in milliseconds], elapsed_s, processor_s=0.002)


def test_a_row_is_the_median_over_the_rounds():
    row = row_of("gateway", 8, [timing(5, 6, 7), timing(9, 8, 30), timing(1, 2, 3)], [timing(1), timing(5), timing(1)])
    assert (row.p50_ms, row.p95_ms, row.p99_ms, row.sentences_per_s) == (6, 7, 7, 3)
    assert row.added_p50_ms == 4
    assert row.client_ms == 0.667
    assert row_of("engine", 8, [timing(1)], [timing(1)]).added_p50_ms is None


def test_batching_is_the_median_of_the_rounds_ratios():
    rounds = {("g", 32): [timing(1, elapsed_s=each) for each in (1, 2, 4)]}
    rounds["g, one at a time", 32] = [timing(1, elapsed_s=each) for each in (3, 4, 4)]
    assert batching_of(rounds, ["g"]) == [Batching("g", together_per_s=0.5, alone_per_s=0.2, ratio=2.0)]
