"""TorchServe's handler: the rows of a batch in, each request's own status and JSON out.

A thin adapter between TorchServe's batch and `serving.answering`, which decides what becomes of each request. The
gateway gathers batches itself and sends each in one request, a parcel (`serving.parcels`). Two headers tell it what the
batch was: how many requests, how many seconds. No text is ever put into a header or phrase.

TorchServe imports this file from the archive by its bare name and wants exactly one class in it.
"""

import time
from typing import Any

from enface.inference.translator import Translator
from serving.answering import Sent, answer_bodies, answer_parcel
from serving.bodies import BATCH_SECONDS_HEADER, BATCH_SIZE_HEADER
from serving.parcels import PARCEL_TYPE

PHRASES = {
    200: "OK",
    400: "Bad Request",
    413: "Payload Too Large",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


class Handler:
    """Translates batches of HTTP requests with the bundle that lies in the archive."""

    def initialize(self, context: Any) -> None:
        """Opens the bundle and translates once, so that the worker is called ready only when it is fast."""
        settings = context.model_yaml_config["handler"]
        self._translator = Translator(context.system_properties["model_dir"], **settings)
        self._translator.translate(["a"])

    def handle(self, rows: list[dict[str, Any]], context: Any) -> list[bytes]:
        """The replies' bodies, one for each row and in their order; statuses and headers are set on `context`."""
        start = time.perf_counter()
        sent = [_sent(index, row, context) for index, row in enumerate(rows)]
        single = [index for index, each in enumerate(sent) if each.content_type != PARCEL_TYPE]
        replies = dict(zip(single, answer_bodies(self._translator, [sent[index] for index in single]), strict=True))
        headers = {index: {BATCH_SIZE_HEADER: str(len(single))} for index in single}
        for index in set(range(len(sent))) - set(single):
            replies[index], headers[index] = answer_parcel(self._translator, sent[index])
        seconds = f"{time.perf_counter() - start:.6f}"
        for index, (status, _) in replies.items():
            context.set_response_content_type(index, "application/json")
            for name, value in (headers[index] | {BATCH_SECONDS_HEADER: seconds}).items():
                context.set_response_header(index, name, value)
            context.set_response_status(status, PHRASES[status], index)
        return [replies[index][1] for index in range(len(sent))]


def _sent(index: int, row: dict[str, Any], context: Any) -> Sent:
    headers = context.get_all_request_header(index)
    kind = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    body = bytes(row["body"]) if "body" in row else None
    return Sent(str(context.get_request_id(index)), body, str(kind))
