"""Several tasks in one request and their replies in one response: what gateway and handler send each other.

The gateway gathers batches itself, since TorchServe holds each back for a millisecond and costs as much for every
request of it as for a lone one. A parcel's body is JSON, `{"ids": [...], "tasks": [...]}`; the response's body is the
replies one after another, and a header says of each its status and its bytes.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from enface.errors import RequestError
from serving.bodies import Reply, to_json
from serving.tasks import Task

PARCEL_TYPE = "application/vnd.enface.parcel+json"
REPLIES_HEADER = "X-Enface-Replies"
MAX_REQUEST_BYTES = 1_000_000
MAX_RESPONSE_BYTES = 12_000_000
"""Of several replies together; TorchServe kills the worker that sends 16,000,000. One alone has less in any case."""


def packed(tasks: Sequence[Task], ids: Sequence[str]) -> bytes:
    """A parcel of the first of the tasks, as many as fit into it; the first itself in any case.

    Args:
        tasks: what is asked.
        ids: of their requests, for the log.
    """
    contents: list[bytes] = []
    size = 0
    for content in (to_json(task.to_json()) for task in tasks):
        size += len(content)
        if contents and size > MAX_REQUEST_BYTES:
            break
        contents.append(content)
    return b'{"ids":' + to_json(ids[: len(contents)]) + b',"tasks":[' + b",".join(contents) + b"]}"


def unpacked(body: bytes) -> tuple[list[Any], list[str]]:
    """The tasks of a parcel, each as JSON values, and the ids of their requests.

    Raises:
        RequestError: it is none.
    """
    try:
        parcel = json.loads(body)
        values, ids = parcel["tasks"], [str(each) for each in parcel["ids"]]
        if len(values) != len(ids):
            raise ValueError
    except (ValueError, LookupError, TypeError, RecursionError):
        raise RequestError(
            f'the body is no {PARCEL_TYPE}: need {{"ids": [...], "tasks": [...]}} of one length'
        ) from None
    return list(values), ids


def joined(replies: Sequence[Reply]) -> tuple[str, bytes]:
    """The header and the body that hold the first of the replies, as many as fit into it; the first in any case."""
    fitting: list[Reply] = []
    size = 0
    for status, content in replies:
        size += len(content)
        if fitting and size > MAX_RESPONSE_BYTES:
            break
        fitting.append((status, content))
    return " ".join(f"{status}:{len(content)}" for status, content in fitting), b"".join(each for _, each in fitting)


def parted(header: str, body: bytes) -> Iterator[Reply]:
    """The replies that such a header and body hold."""
    start = 0
    for told in header.split():
        status, size = map(int, told.split(":"))
        yield status, body[start : start + size]
        start += size
