import io
import os
import threading

import pytest

from enface.cli.lines import CHUNK_LINES, chunks_of_lines
from enface.errors import RequestError


def lines(content):
    return [line for chunk in chunks_of_lines(io.BufferedReader(io.BytesIO(content))) for line in chunk]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n", [""]),
        (b"a", ["a"]),
        (b"a\n", ["a"]),
        (b"a\r\n\r\nb", ["a", "", "b"]),
        (b"\xef\xbb\xbfa\n\xef\xbb\xbfb\n", ["a", "\ufeffb"]),
        ("a\u2028b\x85c\n".encode(), ["a\u2028b\x85c"]),
        (b"x" * 200_000 + b"\ny\n", ["x" * 200_000, "y"]),
    ],
)
def test_lines_without_their_ends(content, expected):
    assert lines(content) == expected


def test_long_input_comes_in_chunks():
    chunks = list(chunks_of_lines(io.BufferedReader(io.BytesIO(b"a\n" * 600))))
    assert [len(chunk) for chunk in chunks] == [CHUNK_LINES, CHUNK_LINES, 600 - 2 * CHUNK_LINES]


def test_a_slow_writer_is_not_waited_for():
    reading, writing = os.pipe()
    with open(reading, "rb") as stream, open(writing, "wb", buffering=0) as writer:
        chunks = chunks_of_lines(stream)
        writer.write(b"first\nsec")
        assert next(chunks) == ["first"]
        threading.Timer(0.05, lambda: (writer.write(b"ond\n"), writer.close())).start()
        assert list(chunks) == [["second"]]


def test_a_line_that_is_not_utf_8_is_told_by_its_number():
    with pytest.raises(RequestError, match=r"^line 3: not UTF-8: byte 2 cannot be read; convert it first$"):
        lines(b"a\nb\nbe\xff\n")
