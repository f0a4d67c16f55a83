"""Lines of text files, plain, gzip or xz, read strictly.

A line ends at a line feed and nowhere else: U+2028, U+0085 and a lone carriage return are part of a sentence, which
`enface.data.text.normalise` makes a space. A carriage return before the line feed belongs to the line's end.
"""

import contextlib
import gzip
import lzma
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from enface.errors import DataError

GZIP, XZ = ".gz", ".xz"

_UNPACKERS: dict[str, Callable[..., Any]] = {GZIP: gzip.open, XZ: lzma.open}


def read_lines(path: Path) -> Iterator[str]:
    """The lines of the file, in order; a byte-order mark at its start is left out.

    Raises:
        DataError: the file is missing, is not UTF-8 (naming the line) or is broken gzip.
    """
    for number, line in enumerate(raw_lines(path), start=1):
        try:
            text = line.decode("utf-8")
        except UnicodeDecodeError as error:
            raise DataError(
                f"{path}:{number}: not UTF-8: byte 0x{line[error.start]:02x} at byte {error.start + 1} of the line; "
                "convert the file to UTF-8"
            ) from None
        text = text.removesuffix("\n").removesuffix("\r")
        yield text.removeprefix("\ufeff") if number == 1 else text


def open_bytes(path: Path) -> BinaryIO:
    """The file's bytes, unpacked where its name ends in .gz or .xz.

    Raises:
        DataError: there is no such file, or it may not be read.
    """
    unpack = _UNPACKERS.get(path.suffix)
    try:
        return cast(BinaryIO, unpack(path)) if unpack else path.open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise DataError(f"{path}: no such file") from None
    except PermissionError:
        raise DataError(f"{path}: may not be read; give this user the right to") from None


def unpacked(file: BinaryIO, path: Path) -> BinaryIO:
    """What the open `file` holds, unpacked as the name of `path` says; `file` has to be closed beside it."""
    unpack = _UNPACKERS.get(path.suffix)
    return cast(BinaryIO, unpack(file)) if unpack else file


@contextlib.contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turns what unpacking a broken file raises into a DataError that names it."""
    try:
        yield
    except (gzip.BadGzipFile, EOFError, zlib.error, lzma.LZMAError) as error:
        kind = "xz" if path.suffix == XZ else "gzip"
        raise DataError(f"{path}: broken {kind} ({error}); fetch or make the file again") from None


def raw_lines(path: Path) -> Iterator[bytes]:
    """The file's lines as bytes, with their ends, unpacked where its name ends in .gz or .xz.

    Raises:
        DataError: the file is missing or is broken gzip or xz.
    """
    with open_bytes(path) as file, reading(path):
        yield from file
