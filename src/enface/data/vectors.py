"""Word vectors from text files: word2vec's and fastText's `.vec`, plain or gzip.

A first line of two whole numbers, how many words and how many numbers each, may stand there; then comes a line a word,
the word and its numbers, with single spaces between. The file is read as a stream: of its millions of words, those that
are wanted alone are kept, and the numbers of these alone are looked at.
"""

import logging
from collections.abc import Collection, Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Float

from enface.data.readers.lines import raw_lines
from enface.errors import DataError

logger = logging.getLogger(__name__)

_SHOWN_LINES = 5


def read_vectors(path: Path, wanted: Collection[str], *, size: int) -> dict[str, Float[np.ndarray, " E"]]:
    """The vectors that the file has for `wanted` words; of a word that comes twice, the first.

    A line that is not a word and `size` finite numbers, in UTF-8, is left out; a warning counts and names them.

    Args:
        path: the file; unpacked where its name ends in .gz.
        wanted: words, spelt as in the file.
        size: how many numbers a vector must have.

    Raises:
        DataError: the file is missing, is broken gzip, holds no vectors, or has vectors of another size.
    """
    found: dict[str, Float[np.ndarray, " E"]] = {}
    read, malformed = 0, _Malformed(path)
    for number, line in _vector_lines(path, size):
        read += 1
        if line.count(b" ") != size or line.startswith(b" "):
            malformed.add(number)
            continue
        try:
            word = line[: line.index(b" ")].decode("utf-8")
            if word in wanted and word not in found:
                found[word] = _numbers(line)
        except ValueError:  # not UTF-8, not a number
            malformed.add(number)
    malformed.report(read, size)
    return found


class _Malformed:
    """The lines that are no vectors: how many, and where the first stand."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._count = 0
        self._first: list[str] = []

    def add(self, number: int) -> None:
        self._count += 1
        if len(self._first) < _SHOWN_LINES:
            self._first.append(str(number))

    def report(self, read: int, size: int) -> None:
        """Warns of them; an error where there are no others."""
        if self._count == read:
            raise DataError(
                f"{self._path}: got no word vectors in {read} lines, need lines of a word and {size} numbers"
            )
        if self._count:
            places = ", ".join(self._first) + (", ..." if self._count > len(self._first) else "")
            logger.warning("%s: %d of %d lines are malformed and left out: %s", self._path, self._count, read, places)


def _vector_lines(path: Path, size: int) -> Iterator[tuple[int, bytes]]:
    """The file's lines that should hold vectors, with their numbers from 1, less blanks at their ends.

    Raises:
        DataError: the first line says, or shows, that vectors have not `size` numbers.
    """
    for number, raw in enumerate(raw_lines(path), start=1):
        line = raw.rstrip(b" \r\n")
        if number == 1:
            line = line.removeprefix(b"\xef\xbb\xbf")
            fields = line.split(b" ")
            is_header = len(fields) == 2 and all(field.isdigit() for field in fields)
            _check_size(path, int(fields[1]) if is_header else len(fields) - 1, size)
            if is_header:
                continue
        yield number, line


def _check_size(path: Path, found: int, size: int) -> None:
    if found != size:
        raise DataError(
            f"{path}: got vectors of {found} numbers, need {size}, the size of the model's embedding in params.yaml; "
            "set that to the file's, or take another file"
        )


def _numbers(line: bytes) -> Float[np.ndarray, " E"]:
    """The numbers of a line; ValueError where one is none, or is infinite."""
    vector = np.array(line.split(b" ")[1:], dtype=np.float64)
    if not np.isfinite(vector).all():
        raise ValueError
    return vector
