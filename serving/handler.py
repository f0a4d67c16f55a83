"""TorchServe's handler: bytes of a batch in, each request's own status and JSON out.

A thin adapter: what a request may say is decided in `enface.inference.request`, how it is translated in
`enface.inference.translator`. Decided here are the bytes, and that no request can harm another of its batch:

- `Content-Type: application/json` is JSON and `text/plain` is one text; with any other type, or none, a body that
  begins with `{` is JSON and every other one is a text. Forms (curl's `-d` without a type) carry no body: 400.
- A body over 1,000,000 bytes: 413. Not UTF-8, not JSON, JSON nested too deeply: 400, as all that the request's own
  rules refuse. An answer over 1,000,000 weights or 10,000,000 bytes: 413, for TorchServe kills the worker that sends
  more than `max_response_size`.
- A fault of ours: 500 with the request's id, logged with its traceback; texts stand in no log, header or phrase.

An error's body is `{"error": {"code": ..., "message": ...}}`. TorchServe imports this file by its bare name from the
archive and wants exactly one class in it.
"""

import contextlib
import json
import logging
import traceback
from collections.abc import Iterator
from typing import Any

from enface.bundle import Manifest
from enface.errors import RequestError
from enface.inference.options import TranslateOptions
from enface.inference.request import answer, parse_request
from enface.inference.translation import Translation
from enface.inference.translator import Translator

MAX_BODY_BYTES = 1_000_000
MAX_ANSWER_BYTES = 10_000_000
MAX_WEIGHTS = 1_000_000
PHRASES = {200: "OK", 400: "Bad Request", 413: "Payload Too Large", 500: "Internal Server Error"}

Reply = tuple[int, bytes]
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
        """The answers' bodies, one for each row and in their order; statuses are set on `context`."""
        replies: dict[int, Reply] = {}
        groups: dict[TranslateOptions, list[Asked]] = {}
        for index, row in enumerate(rows):
            if len(row.get("body", b"")) > MAX_BODY_BYTES:
                replies[index] = _refusal(413, "body_too_large", f"the body has more than {MAX_BODY_BYTES:,} bytes")
                continue
            with _edge(replies, [index], context):
                texts, options = self._read(row, context.get_all_request_header(index))
                groups.setdefault(options, []).append((index, texts))
        for options, asked in groups.items():
            self._reply(asked, options, replies, context)
        for index in range(len(rows)):
            context.set_response_content_type(index, "application/json")
            context.set_response_status(replies[index][0], PHRASES[replies[index][0]], index)
        return [replies[index][1] for index in range(len(rows))]

    def _read(self, row: dict[str, Any], headers: dict[str, Any]) -> tuple[list[str], TranslateOptions]:
        return parse_request(_body(row, headers), self._translator.manifest)

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
        replies = {}
        for index, texts in asked:
            replies[index] = _success(self._translator.manifest, [next(translations) for _ in texts])
        return replies


@contextlib.contextmanager
def _edge(replies: dict[int, Reply], indices: list[int], context: Any) -> Iterator[None]:
    """Turns what is raised inside into the replies of the rows at `indices`: nothing passes to TorchServe."""
    try:
        yield
    except RequestError as error:
        replies.update((index, _refusal(400, "bad_request", str(error))) for index in indices)
    except Exception as error:
        ids = {index: str(context.get_request_id(index)) for index in indices}
        frames = "".join(traceback.format_tb(error.__traceback__))
        logger.error("Requests %s failed on a %s:\n%s", ", ".join(ids.values()), type(error).__name__, frames)
        replies.update((index, _refusal(500, "internal", f"our fault; in the log it is {ids[index]}")) for index in ids)


def _body(row: dict[str, Any], headers: dict[str, Any]) -> Any:
    """The request's JSON value; a plain text is the value that asks for just that text."""
    if "body" not in row:
        raise RequestError("no body: send it with Content-Type application/json or text/plain, not as a form")
    try:
        text = bytes(row["body"]).decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"the body is not UTF-8: byte {error.start} cannot be read") from None
    kind = _content_type(headers)
    if kind == "text/plain" or (kind != "application/json" and not text.lstrip().startswith("{")):
        return {"text": text}
    return _parse(text)


def _content_type(headers: dict[str, Any]) -> str:
    values = (value for name, value in headers.items() if name.lower() == "content-type")
    return str(next(values, "")).partition(";")[0].strip().lower()


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_constant=_no_constant)
    except RecursionError:
        raise RequestError("the JSON is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise RequestError(f"not JSON: {error.msg} at character {error.pos}") from None
    except ValueError:
        raise RequestError("not JSON that we read: a number is too long") from None


def _no_constant(name: str) -> None:
    raise RequestError(f"not JSON: {name} is no number of JSON")


def _success(manifest: Manifest, translations: list[Translation]) -> Reply:
    """The answer, unless it is too large; a matrix that is gets refused before it becomes a list of numbers."""
    hypotheses = (each for translation in translations for each in (translation, *translation.alternatives))
    weights = sum(each.matrix.size for each in hypotheses if each.matrix is not None)
    content = _json(answer(manifest, translations)) if weights <= MAX_WEIGHTS else None
    if content is not None and len(content) <= MAX_ANSWER_BYTES:
        return 200, content
    message = f"its answer would have {weights:,} alignment weights or over {MAX_ANSWER_BYTES:,} bytes"
    return _refusal(413, "answer_too_large", message + '; send less text, or ask with "alignment": "none"')


def _refusal(status: int, code: str, message: str) -> Reply:
    return status, _json({"error": {"code": code, "message": message}})


def _json(value: object) -> bytes:
    """Compact JSON; half a surrogate pair, which a request may name a field with, stays the escape that it came as."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", errors="backslashreplace")
