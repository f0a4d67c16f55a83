"""TorchServe's handler: the rows of a batch in, each request's own status and JSON out.

A thin adapter: bytes are read and written in `serving.bodies`, what a request may say is decided in
`enface.inference.request`, how it is translated in `enface.inference.translator`. Decided here is that no request of a
batch can harm another:

- Each bad request gets its own 400 with the reason. A body over 1,000,000 bytes, or texts of more than 20,000
  characters together: 413.
- Requests with equal options are translated together, the smallest first. Where they fail, each is tried alone.
- What has not begun 60 s after its batch did is refused with 503, far from `responseTimeout`, at which TorchServe would
  kill the worker and the whole batch with it.
- A fault of ours: 500 with the request's id, logged with where it was raised. Texts stand in no log, header or phrase.

TorchServe imports this file from the archive by its bare name and wants exactly one class in it.
"""

import contextlib
import logging
import time
import traceback
from collections.abc import Iterator
from typing import Any

from enface.errors import RequestError
from enface.inference.options import TranslateOptions
from enface.inference.request import parse_request
from enface.inference.translator import Translator
from serving.bodies import Reply, read_body, refusal, success

MAX_BODY_BYTES = 1_000_000
MAX_CHARACTERS = 20_000
PORTION_CHARACTERS = 4_000
BATCH_SECONDS = 60.0
PHRASES = {
    200: "OK",
    400: "Bad Request",
    413: "Payload Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}

Asked = tuple[int, list[str]]
"""A request's place in its batch, and its texts."""

logger = logging.getLogger("enface.serving")


class Handler:
    """Translates batches of HTTP requests with the bundle that lies in the archive."""

    def initialize(self, context: Any) -> None:
        """Opens the bundle and translates once, so that the worker is called ready only when it is fast."""
        settings = context.model_yaml_config["handler"]
        self._translator = Translator(context.system_properties["model_dir"], **settings)
        self._translator.translate(["a"])

    def handle(self, rows: list[dict[str, Any]], context: Any) -> list[bytes]:
        """The replies' bodies, one for each row and in their order; statuses are set on `context`."""
        deadline = time.monotonic() + BATCH_SECONDS
        replies: dict[int, Reply] = {}
        groups: dict[TranslateOptions, list[Asked]] = {}
        for index, row in enumerate(rows):
            with _edge(replies, [index], context):
                self._read(index, row, context.get_all_request_header(index), replies=replies, groups=groups)
        for options, asked in _portions(groups):
            if time.monotonic() < deadline:
                self._reply(asked, options, replies, context)
            else:
                message = f"the requests beside it took {BATCH_SECONDS:g} s; try again, or send less text"
                replies.update((index, refusal(503, "too_busy", message)) for index, _ in asked)
        for index in range(len(rows)):
            status, _ = replies[index]
            context.set_response_content_type(index, "application/json")
            context.set_response_status(status, PHRASES[status], index)
        return [replies[index][1] for index in range(len(rows))]

    def _read(
        self,
        index: int,
        row: dict[str, Any],
        headers: dict[str, Any],
        *,
        replies: dict[int, Reply],
        groups: dict[TranslateOptions, list[Asked]],
    ) -> None:
        """Puts the request into the group of its options, or its refusal among the replies."""
        if len(row.get("body", b"")) > MAX_BODY_BYTES:
            replies[index] = refusal(413, "body_too_large", f"the body has more than {MAX_BODY_BYTES:,} bytes")
            return
        texts, options = parse_request(read_body(row, headers), self._translator.manifest)
        if (characters := _characters(texts)) > MAX_CHARACTERS:
            message = (
                f"its texts have {characters:,} characters together, need <= {MAX_CHARACTERS:,}; send fewer at once"
            )
            replies[index] = refusal(413, "texts_too_long", message)
            return
        groups.setdefault(options, []).append((index, texts))

    def _reply(self, asked: list[Asked], options: TranslateOptions, replies: dict[int, Reply], context: Any) -> None:
        """Adds the replies to requests with equal options; where together they fail, each is tried alone."""
        with _edge(replies, [index for index, _ in asked], context):
            replies.update(self._translate(asked, options))
            return
        if len(asked) > 1:
            for alone in asked:
                self._reply([alone], options, replies, context)

    def _translate(self, asked: list[Asked], options: TranslateOptions) -> dict[int, Reply]:
        translations = iter(self._translator.translate([text for _, texts in asked for text in texts], options))
        manifest = self._translator.manifest
        return {index: success(manifest, [next(translations) for _ in texts]) for index, texts in asked}


@contextlib.contextmanager
def _edge(replies: dict[int, Reply], indices: list[int], context: Any) -> Iterator[None]:
    """Turns what is raised inside into the replies of the rows at `indices`: nothing passes to TorchServe."""
    try:
        yield
    except RequestError as error:
        replies.update((index, refusal(400, "bad_request", str(error))) for index in indices)
    except Exception as error:
        ids = {index: str(context.get_request_id(index)) for index in indices}
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Requests %s failed on a %s:\n%s", ", ".join(ids.values()), type(error).__name__, frames)
        replies.update((index, refusal(500, "internal", f"our fault; in the log it is {ids[index]}")) for index in ids)


def _portions(groups: dict[TranslateOptions, list[Asked]]) -> list[tuple[TranslateOptions, list[Asked]]]:
    """What is translated in one call each, the smallest first: equal options, 4,000 characters or one request."""
    portions: list[tuple[TranslateOptions, list[Asked]]] = []
    for options, group in groups.items():
        portion: list[Asked] = []
        for asked in sorted(group, key=lambda asked: _characters(asked[1])):
            if portion and _size([*portion, asked]) > PORTION_CHARACTERS:
                portions.append((options, portion))
                portion = []
            portion.append(asked)
        portions.append((options, portion))
    return sorted(portions, key=lambda each: _size(each[1]))


def _size(portion: list[Asked]) -> int:
    return sum(_characters(texts) for _, texts in portion)


def _characters(texts: list[str]) -> int:
    return sum(map(len, texts))
