"""One batch of requests, answered so that none of them can harm another; TorchServe's handler and the gateway call it.

- Each bad request gets its own 400 with the reason. A body over 1,000,000 bytes, or texts of more than 20,000
  characters together: 413.
- Tasks of one way are performed together, the smallest first. Where they fail, each is tried alone.
- What has not begun 60 s after its batch did is refused with 503, far from `responseTimeout`, at which TorchServe would
  kill the worker and the whole batch with it.
- A fault of ours: 500 with the request's id, logged with where it was raised. Texts stand in no log.

The bytes are read and written in `serving.bodies`; what a request may say is decided in `serving.tasks`.
"""

import contextlib
import logging
import time
import traceback
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from enface.errors import RequestError
from enface.inference.translator import Translator
from serving.bodies import BATCH_SIZE_HEADER, Reply, read_body, refusal, success
from serving.parcels import REPLIES_HEADER, joined, unpacked
from serving.tasks import Task, TooLongError, Way, perform, read_task

MAX_BODY_BYTES = 1_000_000
PORTION_CHARACTERS = 4_000
BATCH_SECONDS = 60.0

Asked = tuple[int, Task]
"""A request's place in its batch, and its task."""

logger = logging.getLogger("enface.serving")


class Sent(NamedTuple):
    """A request as it came: its id, its body (None: a form) and its content type."""

    id: str
    body: bytes | None
    content_type: str


def answer_bodies(translator: Translator, sent: Sequence[Sent]) -> list[Reply]:
    """The reply to each request, in order."""
    ids = [each.id for each in sent]
    replies: dict[int, Reply] = {}
    asked: list[Asked] = []
    for index, each in enumerate(sent):
        with _edge(replies, [index], ids):
            if each.body is not None and len(each.body) > MAX_BODY_BYTES:
                message = f"the body has more than {MAX_BODY_BYTES:,} bytes"
                replies[index] = refusal(413, "body_too_large", message)
            else:
                asked.append((index, read_task(read_body(each.body, each.content_type), translator.manifest)))
    _answer(translator, asked, replies, ids)
    return [replies[index] for index in range(len(sent))]


def answer_parcel(translator: Translator, sent: Sent) -> tuple[Reply, dict[str, str]]:
    """The reply to a request that holds several tasks, and the headers that say what is in it."""
    try:
        values, ids = unpacked(sent.body or b"")
    except RequestError as error:
        return refusal(400, "bad_request", str(error)), {BATCH_SIZE_HEADER: "1"}
    told, content = joined(_answer_values(translator, values, ids))
    return (200, content), {BATCH_SIZE_HEADER: str(len(values)), REPLIES_HEADER: told}


def _answer_values(translator: Translator, values: Sequence[Any], ids: Sequence[str]) -> list[Reply]:
    replies: dict[int, Reply] = {}
    asked: list[Asked] = []
    for index, value in enumerate(values):
        with _edge(replies, [index], ids):
            asked.append((index, read_task(value, translator.manifest)))
    _answer(translator, asked, replies, ids)
    return [replies[index] for index in range(len(values))]


def answer_tasks(translator: Translator, tasks: Sequence[Task], ids: Sequence[str]) -> list[Reply]:
    """The reply to each task, in order; `ids` are those of their requests."""
    replies: dict[int, Reply] = {}
    _answer(translator, list(enumerate(tasks)), replies, ids)
    return [replies[index] for index in range(len(tasks))]


def _answer(translator: Translator, asked: list[Asked], replies: dict[int, Reply], ids: Sequence[str]) -> None:
    """Adds the replies to all that was asked."""
    deadline = time.monotonic() + BATCH_SECONDS
    for portion in _portions(asked):
        if time.monotonic() < deadline:
            _answer_portion(translator, portion, replies, ids)
        else:
            message = f"the requests beside it took {BATCH_SECONDS:g} s; try again, or send less text"
            replies.update((index, refusal(503, "too_busy", message)) for index, _ in portion)


def _answer_portion(translator: Translator, asked: list[Asked], replies: dict[int, Reply], ids: Sequence[str]) -> None:
    """Adds the replies to tasks of one way; where together they fail, each is tried alone."""
    with _edge(replies, [index for index, _ in asked], ids):
        replies.update(_performed(translator, asked))
        return
    if len(asked) > 1:
        for alone in asked:
            _answer_portion(translator, [alone], replies, ids)


def _performed(translator: Translator, asked: list[Asked]) -> dict[int, Reply]:
    inputs = [each for _, task in asked for each in task.inputs]
    answers = iter(perform(translator, asked[0][1].way, inputs))
    return {index: success(translator.manifest, [next(answers) for _ in task.inputs]) for index, task in asked}


@contextlib.contextmanager
def _edge(replies: dict[int, Reply], indices: list[int], ids: Sequence[str]) -> Iterator[None]:
    """Turns what is raised inside into the replies to the requests at `indices`: nothing passes to the server."""
    try:
        yield
    except TooLongError as error:
        replies.update((index, refusal(413, "texts_too_long", str(error))) for index in indices)
    except RequestError as error:
        replies.update((index, refusal(400, "bad_request", str(error))) for index in indices)
    except Exception as error:
        frames = "".join(traceback.format_tb(error.__traceback__))
        named = ", ".join(ids[index] for index in indices)
        logger.error("Requests %s failed on a %s:\n%s", named, type(error).__name__, frames)
        replies.update(
            (index, refusal(500, "internal", f"our fault; in the log it is {ids[index]}")) for index in indices
        )


def _portions(asked: list[Asked]) -> list[list[Asked]]:
    """What is performed in one call each, the smallest first: one way, 4,000 characters or one request."""
    ways: dict[Way, list[Asked]] = {}
    for each in asked:
        ways.setdefault(each[1].way, []).append(each)
    portions: list[list[Asked]] = []
    for group in ways.values():
        portion: list[Asked] = []
        for each in sorted(group, key=lambda each: each[1].characters):
            if portion and _size([*portion, each]) > PORTION_CHARACTERS:
                portions.append(portion)
                portion = []
            portion.append(each)
        portions.append(portion)
    return sorted(portions, key=_size)


def _size(portion: list[Asked]) -> int:
    return sum(task.characters for _, task in portion)
