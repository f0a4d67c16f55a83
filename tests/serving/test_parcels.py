"""Several tasks in one request, and their replies in one response."""

import json

import pytest

from enface.errors import RequestError
from serving import parcels as module
from serving.parcels import joined, packed, parted, unpacked
from serving.tasks import parse_task, read_task


@pytest.fixture(scope="module")
def tasks(manifest):
    pair = {"source": "Ein großer Hund.", "target": "😀"}
    return [
        parse_task("translate", {"text": ["a", '"b"\n']}, manifest),
        parse_task("align", pair, manifest),
        parse_task("begin", {"text": "c", "beam_size": 2}, manifest, steps=4),
    ]


def test_what_is_packed_is_what_is_unpacked(tasks, manifest):
    values, ids = unpacked(packed(tasks, ["x", "y.1", "z-2"]))
    assert ids == ["x", "y.1", "z-2"]
    assert [read_task(value, manifest) for value in values] == tasks


def test_a_parcel_has_as_many_tasks_as_fit_and_at_least_one(tasks, manifest, monkeypatch):
    sizes = [len(json.dumps(task.to_json(), ensure_ascii=False, separators=(",", ":")).encode()) for task in tasks]
    for limit, count in ((sum(sizes), 3), (sum(sizes) - 1, 2), (sizes[0] + sizes[1] - 1, 1), (0, 1)):
        monkeypatch.setattr(module, "MAX_REQUEST_BYTES", limit)
        values, ids = unpacked(packed(tasks, ["x", "y", "z"]))
        assert ([read_task(value, manifest) for value in values], ids) == (tasks[:count], ["x", "y", "z"][:count])


def test_what_is_joined_is_what_is_parted():
    replies = [(200, "größer".encode()), (400, b""), (500, b"{}\r\n\r\n")]
    assert list(parted(*joined(replies))) == replies
    assert joined(replies)[0] == "200:8 400:0 500:6"


def test_a_response_has_as_many_replies_as_fit_and_at_least_one(monkeypatch):
    replies = [(200, b"12345"), (400, b"67"), (200, b"")]
    for limit, count in ((7, 3), (6, 1), (0, 1)):
        monkeypatch.setattr(module, "MAX_RESPONSE_BYTES", limit)
        assert list(parted(*joined(replies))) == replies[:count]


@pytest.mark.parametrize(
    "body", [b"", b"\xff", b"[]", b"{}", b'{"ids": 1, "tasks": []}', b'{"ids": [], "tasks": [1]}', b"[" * 100_000]
)
def test_what_is_no_parcel_is_refused(body):
    with pytest.raises(RequestError, match=r'the body is no application/vnd\.enface\.parcel\+json: need {"ids": '):
        unpacked(body)
