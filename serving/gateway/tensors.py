"""The tensors of the Open Inference Protocol: one of texts in, up to two of texts out, as JSON or as bytes.

The protocol's binary extension, which Triton's clients use unless told otherwise, puts the elements behind the JSON:
each as four bytes of length, the lowest first, and then its UTF-8.
"""

import struct
from typing import Any

from serving.gateway.errors import RefusedError, unprocessable

TEXT, ANSWER = "text", "answer"


def texts_of(request: dict[str, Any], binary: bytes) -> list[str]:
    """The texts of a request.

    Args:
        request: its JSON.
        binary: what came behind it.

    Raises:
        RefusedError: 422 where it is not one tensor of texts; 400 where its bytes cannot be read.
    """
    match request.get("inputs"):
        case [{"name": "text", "datatype": "BYTES"} as tensor]:
            pass
        case _:
            raise unprocessable('inputs: need one tensor, with the name "text" and the datatype BYTES')
    size = _parameters(tensor).get("binary_data_size")
    if size is None:
        texts = _flat(tensor.get("data"))
    elif type(size) is not int or size != len(binary):
        raise unprocessable(f"inputs[0].parameters.binary_data_size: need {len(binary)}, what came behind the JSON")
    else:
        texts = unpacked(binary)
    if not _fits(tensor.get("shape"), len(texts)):
        raise unprocessable(f"inputs[0].shape: need [{len(texts)}], for there are {len(texts)} texts")
    return texts


def wanted(request: dict[str, Any]) -> dict[str, bool]:
    """The names of the outputs asked for, each with whether it shall be binary; without any, both.

    Raises:
        RefusedError: 422 for another name.
    """
    binary = _truth(_parameters(request), "binary_data_output", otherwise=False)
    outputs = request.get("outputs")
    found: dict[str, bool] = {}
    for output in outputs if isinstance(outputs, list) else [outputs] if outputs is not None else []:
        if not isinstance(output, dict) or output.get("name") not in (TEXT, ANSWER):
            raise unprocessable(f'outputs: need a list of tensors named "{TEXT}" or "{ANSWER}"')
        found[output["name"]] = _truth(_parameters(output), "binary_data", otherwise=binary)
    return found or dict.fromkeys((TEXT, ANSWER), binary)


def tensor(name: str, texts: list[str], *, binary: bool) -> tuple[dict[str, Any], bytes]:
    """The JSON of a tensor of texts, and what stands behind all JSON."""
    described: dict[str, Any] = {"name": name, "datatype": "BYTES", "shape": [len(texts)]}
    if not binary:
        return described | {"data": texts}, b""
    content = packed(texts)
    return described | {"parameters": {"binary_data_size": len(content)}}, content


def packed(texts: list[str]) -> bytes:
    """The texts as bytes."""
    encoded = [text.encode("utf-8") for text in texts]
    return b"".join(struct.pack("<I", len(each)) + each for each in encoded)


def unpacked(content: bytes) -> list[str]:
    """The texts that the bytes are.

    Raises:
        RefusedError: 400 where they end within one, or are not UTF-8.
    """
    texts: list[str] = []
    at = 0
    while at < len(content):
        end = at + 4 + int.from_bytes(content[at : at + 4], "little")
        if end > len(content) or at + 4 > len(content):
            raise RefusedError(400, "bad_request", f"inputs[0]: element {len(texts)} ends behind the body's end")
        try:
            texts.append(content[at + 4 : end].decode("utf-8"))
        except UnicodeDecodeError:
            raise RefusedError(400, "bad_request", f"inputs[0]: element {len(texts)} is not UTF-8") from None
        at = end
    return texts


def _parameters(value: dict[str, Any]) -> dict[str, Any]:
    found = value.get("parameters")
    if found is not None and not isinstance(found, dict):
        raise unprocessable("parameters: need an object")
    return found or {}


def _truth(parameters: dict[str, Any], name: str, *, otherwise: bool) -> bool:
    found = parameters.get(name)
    if found is not None and not isinstance(found, bool):
        raise unprocessable(f"parameters.{name}: need true or false")
    return otherwise if found is None else found


def _flat(data: Any) -> list[Any]:
    """The elements of a tensor's data, which may be nested as its shape is."""
    if not isinstance(data, list):
        raise unprocessable("inputs[0].data: need a list of strings")
    if len(data) == 1 and isinstance(data[0], list):
        return list(data[0])
    return [each[0] if isinstance(each, list) and len(each) == 1 else each for each in data]


def _fits(shape: Any, count: int) -> bool:
    fits = shape in ([count], [count, 1], [1, count])
    return fits and all(type(size) is int for size in shape)
