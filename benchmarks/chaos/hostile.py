"""Requests that no decent client sends, byte by byte, each with the statuses that it may get."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

_JSON = "application/json"


@dataclass(frozen=True)
class Attack:
    """What is sent on a connection of its own; no status: it may as well be closed without a word."""

    name: str
    sent: bytes
    statuses: tuple[int, ...]


def attacks(key: str, canary: str) -> list[Attack]:
    """All of them; each that has a place for a text holds the canary, `key` is one that is known."""
    return [*_bodies(key, canary), *_paths(key, canary), *_headers(key, canary), *_keys(key, canary), *_noise(canary)]


def request(
    body: bytes, key: str, *, path: str = "/v1/translate", kind: str = _JSON, more: tuple[str, ...] = ()
) -> bytes:
    """A POST with that body, and a key."""
    lines = [f"POST {path} HTTP/1.1", "Host: a", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
    head = "\r\n".join([*lines, f"Authorization: Bearer {key}", *more, "", ""])
    return head.encode("utf-8", errors="surrogateescape") + body


def _bodies(key: str, canary: str) -> Iterator[Attack]:
    word = canary.encode()
    bodies = {
        "a text of 1 MB": (b'{"text": "' + word + b"a" * 999_900 + b'"}', (413, 422)),
        "a body over 1 MB": (b'{"text": "' + word + b"a" * 1_000_000 + b'"}', (413,)),
        "10,000 texts": (json.dumps({"text": [canary] * 10_000}).encode(), (422,)),
        "128 long texts": (json.dumps({"text": [canary + "a" * 400] * 128}).encode(), (413,)),
        "deep lists": (b"[" * 500_000, (400,)),
        "deep objects": (b'{"text":' * 100_000, (400,)),
        "deep and closed": (b'{"text":' + b"[" * 200_000 + b"]" * 200_000 + b"}", (400,)),
        "no UTF-8": (b'{"text": "' + word + b'\xff\xfe"}', (400,)),
        "UTF-16": (f'{{"text": "{canary}"}}'.encode("utf-16"), (400,)),
        "NUL": (b'{"text": "' + word + b'\x00"}', (400,)),
        "escaped NUL": (b'{"text": "' + word + b'\\u0000"}', (422,)),
        "half a surrogate pair": (b'{"text": "' + word + b'\\ud800"}', (422,)),
        "a field of half a surrogate pair": (b'{"text": "a", "\\udfff": 1}', (422,)),
        "half a pair in the glossary": (b'{"text": "a", "glossary": {"terms": {"a": "\\ud800"}}}', (422,)),
        "NaN": (b'{"text": "a", "length_penalty": NaN}', (400,)),
        "1e999": (b'{"text": "a", "length_penalty": 1e999}', (422,)),
        "a number of 5,000 digits": (b'{"text": "a", "n_best": ' + b"9" * 5_000 + b"}", (400,)),
        "numbers over all bounds": (b'{"text": "a", "beam_size": 100000000, "max_length": -1}', (422,)),
        "other types": (b'{"text": {"a": ["' + word + b'"]}, "n_best": "1"}', (422,)),
        "nothing": (b"", (400,)),
        "half of it": (b'{"text": "' + word, (400,)),
    }
    for name, (body, statuses) in bodies.items():
        yield Attack(name, request(body, key), statuses)
    yield Attack("a form", request(b"text=" + word, key, kind="application/x-www-form-urlencoded"), (400,))
    digits = b"q=a&source=auto&target=de&alternatives=" + b"9" * 5_000
    yield Attack(
        "alternatives of 5,000 digits",
        request(digits, key, path="/translate", kind="application/x-www-form-urlencoded"),
        (422,),
    )
    long = (f"Inference-Header-Content-Length: {'9' * 5_000}",)
    yield Attack(
        "a header's length of 5,000 digits", request(b"{}", key, path="/v2/models/enface/infer", more=long), (400,)
    )


def _paths(key: str, canary: str) -> Iterator[Attack]:
    for path in (
        "/v1/../v1/translate/..",
        "/../../etc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//v1//translate",
        "/v1/translate%00",
        "/v1/translate/../../predictions/enface",
        "/predictions/enface",
        "/models?url=http://127.0.0.1/x.mar",
        "/v2/models/enface/versions/%2e%2e/infer",
        f"/{canary}?{canary}={canary}",
        "/" + "a" * 30_000,
        "/v1/translate;jsessionid=1",
        "/%ff%fe%c0%ae",
    ):
        yield Attack(f"path {path.replace(canary, '...')[:40]}", request(b'{"text": "a"}', key, path=path), (400, 404))
    for method in ("GET", "DELETE", "TRACE", "CONNECT", "BREW", canary):
        sent = f"{method} /v1/translate HTTP/1.1\r\nHost: a\r\n\r\n".encode()
        yield Attack(f"method {method.replace(canary, '...')}", sent, (400, 404, 405))


def _headers(key: str, canary: str) -> Iterator[Attack]:
    body = b'{"text": "a"}'
    whole = request(body, key)
    chunked = whole.replace(b"Content-Length: 13", b"Transfer-Encoding: chunked")
    tricks = {
        "two lengths of a body": (request(b"0\r\n\r\n", key, more=("Transfer-Encoding: chunked",)), (400,)),
        "unlike lengths": (request(body, key, more=("Content-Length: 5",)), (400,)),
        "a length below zero": (whole.replace(b"Length: 13", b"Length: -13"), (400,)),
        "a length of many digits": (whole.replace(b"Length: 13", b"Length: " + b"1" * 60), (400,)),
        "chunks of no size": (chunked.replace(body, b"zz\r\n"), (400,)),
        "a chunk of any size": (chunked.replace(body, b"f" * 40 + b"\r\n"), (400, 413)),
        "an unknown encoding": (chunked.replace(b"chunked", b"gzip, chunked"), (400, 501)),
        "two hosts": (request(body, key, more=("Host: b",)), (400,)),
        "no host": (whole.replace(b"Host: a\r\n", b""), (400,)),
        "a blank before the colon": (request(body, key, more=("X-A : b",)), (400,)),
        "a line feed in a header": (request(body, key, more=(f"X-A: b\nX-Injected: {canary}",)), (200, 400)),
        "a carriage return in a header": (request(body, key, more=(f"X-A: b\rX-Injected: {canary}",)), (400,)),
        "NUL in a header": (request(body, key, more=("X-A: b\x00c",)), (400,)),
        "a huge header": (request(body, key, more=(f"X-A: {canary}{'a' * 200_000}",)), (400, 431)),
        "1,500 headers": (request(body, key, more=tuple(f"X-{n}: {canary}" for n in range(1_500))), (200, 400, 431)),
        "a request id to be logged": (request(body, key, more=(f"X-Request-ID: {canary} {{}}$(id)",)), (200,)),
        "an upgrade": (request(body, key, more=("Connection: upgrade", "Upgrade: websocket")), (200, 400)),
        "an expectation": (request(body, key, more=("Expect: 100-continue",)), (200,)),
        "a content type of nonsense": (request(body, key, kind=f";;{canary}=\t"), (200, 400)),
    }
    for name, (sent, statuses) in tricks.items():
        yield Attack(name, sent, statuses)


def _keys(key: str, canary: str) -> Iterator[Attack]:
    body = b'{"text": "a"}'
    for name, wrong in {
        "a wrong key": f"{key}x",
        "a key of another case": key.swapcase(),
        "no key": "",
        "a key that is no ASCII": f"{canary}ä",
        "a long key": canary * 1_000,
    }.items():
        yield Attack(name, request(body, wrong), (401,))
    without = request(body, key).replace(f"Authorization: Bearer {key}\r\n".encode(), b"")
    yield Attack("no authorization", without, (401,))
    yield Attack("two authorizations", request(body, f"{canary}x", more=(f"Authorization: Bearer {key}",)), (400, 401))


def _noise(canary: str) -> Iterator[Attack]:
    yield Attack("TLS", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500, (400,))
    yield Attack("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", (400, 404, 505))
    yield Attack("no HTTP", canary.encode() + b"\r\n\r\n", (400,))
    yield Attack("line feeds alone", b"\r\n" * 10 + b"\n" * 10, ())
    yield Attack("HTTP/0.9", b"GET /\r\n\r\n", (400,))
