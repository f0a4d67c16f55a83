"""Connections that are kept, against a server that says what it is told to."""

import asyncio

import pytest

from serving.gateway.loopback import Connections

OK = b"HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Length: 2\r\n\r\n{}"


def run(said, act):
    """What `act` gives with connections to a server that answers each request with the next of what is said."""

    async def main():
        seen, writers, waiting = [], set(), list(said)

        async def serve(reader, writer):
            writers.add(writer)
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length: ")[2].split()[0])
                seen.append((len(writers), head, await reader.readexactly(length)))
                writer.write(waiting.pop(0))
                if not waiting or waiting[0] is None:
                    writer.close()
                    return

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        connections = Connections("127.0.0.1", server.sockets[0].getsockname()[1])
        try:
            return await act(connections, seen)
        finally:
            connections.close()
            server.close()

    return asyncio.run(main())


def post(connections, content=b"{}"):
    return connections.post("/predictions/enface", {"Authorization": "Bearer a"}, content)


def test_a_connection_is_used_again():
    async def act(connections, seen):
        answers = [await post(connections, content) for content in (b"first", b"second")]
        return answers, seen

    answers, seen = run([OK, b"HTTP/1.1 503 Busy\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n", OK], act)
    assert [(answer.status, answer.content) for answer in answers] == [(200, b"{}"), (503, b"no")]
    assert answers[0].headers["x-one"] == "1"
    assert [(connection, body) for connection, _, body in seen] == [(1, b"first"), (1, b"second")]
    assert seen[0][1].startswith(b"POST /predictions/enface HTTP/1.1\r\nHost: 127.0.0.1:")
    assert b"Authorization: Bearer a\r\n" in seen[0][1]


def test_at_once_each_has_its_own():
    async def act(connections, seen):
        await asyncio.gather(*(post(connections) for _ in range(3)))
        await post(connections)
        return max(number for number, _, _ in seen)

    assert run([OK] * 9, act) == 3


@pytest.mark.parametrize("last", [OK.replace(b"X-One: 1", b"Connection: close"), b"HTTP/1.0 200 OK\r\n\r\n{}"])
def test_one_that_the_server_closes_is_not_used_again(last):
    async def act(connections, seen):
        first = await post(connections)
        return first.content, connections._idle

    assert run([last, None], act) == (b"{}", [])


@pytest.mark.parametrize(
    ("said", "message"),
    [(b"", "closed|no HTTP"), (OK[:-1], "its answer is no HTTP"), (b"nonsense\r\n\r\n", "its answer is no HTTP")],
)
def test_an_answer_that_does_not_end_is_an_error(said, message):
    async def act(connections, seen):
        with pytest.raises(ConnectionError, match=message):
            await post(connections)
        return connections._idle

    assert run([said, None], act) == []


def test_no_server_is_an_error_and_who_gives_up_leaves_no_connection():
    async def act(connections, seen):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(post(connections), 0.05)
        assert connections._idle == []
        with pytest.raises(ConnectionRefusedError):
            await post(Connections("127.0.0.1", 1))

    run([b"HTTP/1.1 200 OK\r\n", OK], act)
