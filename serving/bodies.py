"""The bytes of a request and of its reply: what is JSON, what is plain text, what is too much.

- `Content-Type: application/json` is JSON and `text/plain` is one text; with any other type, or none, a body that
  begins with `{` is JSON and every other one is a text. Forms (curl's `-d` without a type) carry no body.
- Not UTF-8, not JSON, NaN, JSON nested too deeply, a number of thousands of digits: a bad request.
- An answer of more than 1,000,000 alignment weights or 10,000,000 bytes is refused, the weights before they become
  numbers of Python: TorchServe kills the worker that sends more than `max_response_size`.

An error's body is `{"error": {"code": ..., "message": ...}}`. Batches are the handler's; what the JSON may say is
decided in `enface.inference.request`.
"""

import json
from collections.abc import Sequence
from typing import Any

from enface.bundle import Manifest
from enface.errors import RequestError
from enface.inference.beginning import Beginning
from enface.inference.request import answer
from enface.inference.translation import Translation

MAX_ANSWER_BYTES = 10_000_000
MAX_WEIGHTS = 1_000_000
BATCH_SIZE_HEADER = "X-Enface-Batch-Size"
BATCH_SECONDS_HEADER = "X-Enface-Batch-Seconds"

_EXACT = 2**53
_FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")

Reply = tuple[int, bytes]
"""A status and the JSON that goes with it."""


def read_body(body: bytes | None, content_type: str) -> Any:
    """The request's JSON value; a plain text is the value that asks for just that text.

    Raises:
        RequestError: there is no body, or it is neither text nor JSON.
    """
    kind = content_type.partition(";")[0].strip().lower()
    if body is None or kind in _FORMS:
        raise RequestError("no body: send it with Content-Type application/json or text/plain, not as a form")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"the body is not UTF-8: byte {error.start} cannot be read") from None
    if not text and kind != "text/plain":
        raise RequestError('the body is empty: send JSON such as {"text": "..."}, or a text as text/plain')
    if kind == "text/plain" or (kind != "application/json" and not text.lstrip().startswith("{")):
        return {"text": text}
    return _parse(text)


def success(manifest: Manifest, answers: Sequence[Translation | Beginning]) -> Reply:
    """The answer, or where it is too large the refusal of it."""
    weights = sum(each.weights for each in answers)
    content = to_json(answer(manifest, answers)) if weights <= MAX_WEIGHTS else None
    if content is not None and len(content) <= MAX_ANSWER_BYTES:
        return 200, content
    message = f"its answer would have {weights:,} alignment weights or over {MAX_ANSWER_BYTES:,} bytes"
    return refusal(413, "answer_too_large", message + '; send less text, or ask with "alignment": "none"')


def refusal(status: int, code: str, message: str) -> Reply:
    """The reply to a request that is not answered: a word for programs and a sentence for people."""
    return status, to_json({"error": {"code": code, "message": message}})


def to_json(value: object) -> bytes:
    """Compact JSON; half a surrogate pair, which a request may name a field with, stays the escape that it came as."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode("utf-8", errors="backslashreplace")


def _parse(text: str) -> Any:
    try:
        return json.loads(text, parse_float=_number, parse_constant=_no_constant)
    except RecursionError:
        raise RequestError("the JSON is nested too deeply") from None
    except json.JSONDecodeError as error:
        raise RequestError(f"not JSON: {error.msg} at character {error.pos}") from None
    except ValueError:
        raise RequestError("not JSON that we read: a number is too long") from None


def _number(written: str) -> float:
    """The number; a whole one is an integer, however it is written: JSON Schema knows no other difference."""
    number = float(written)
    return int(number) if number.is_integer() and abs(number) < _EXACT else number


def _no_constant(name: str) -> None:
    raise RequestError(f"not JSON: {name} is no number of JSON")
