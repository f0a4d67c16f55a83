"""Lines of standard input as they arrive, a chunk at a time."""

import itertools
from collections.abc import Iterator
from io import BufferedIOBase

from enface.errors import RequestError

CHUNK_LINES = 256
"""The most lines of a chunk: results of a long file show while the rest is still to come."""

_READ_BYTES = 1 << 16


def chunks_of_lines(stream: BufferedIOBase) -> Iterator[list[str]]:
    """The lines of `stream`, without their ends, in chunks of what has arrived: a slow writer is not waited for.

    Raises:
        RequestError: a line is not UTF-8.
    """
    number = itertools.count(1)
    for lines in _arrived(stream):
        for start in range(0, len(lines), CHUNK_LINES):
            yield [_decoded(line, next(number)) for line in lines[start : start + CHUNK_LINES]]


def _arrived(stream: BufferedIOBase) -> Iterator[list[bytes]]:
    """The whole lines of each read; what follows the last line's end waits for the next."""
    begun: list[bytes] = []
    while block := stream.read1(_READ_BYTES):
        whole, newline, rest = block.rpartition(b"\n")
        if newline:
            yield b"".join([*begun, whole]).split(b"\n")
            begun = []
        begun.append(rest)
    if last := b"".join(begun):
        yield [last]


def _decoded(line: bytes, number: int) -> str:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise RequestError(f"line {number}: not UTF-8: byte {error.start} cannot be read; convert it first") from None
    return text.removesuffix("\r")
