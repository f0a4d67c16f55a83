"""A file of texts, a line each, cut into windows: what is translated together, and lost at most when a run is killed.

Where a window ends depends on the lines alone, so a run that goes on where another stopped cuts as that would have. A
line that cannot be read keeps its place as a refusal. Nothing here is translated, and no line is kept longer than its
window: memory is flat, also where the file is one line of many gigabytes.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from enface.data.readers.lines import reading, unpacked

WINDOW_LINES = 2_048
"""The most lines of a window: enough for batches of lines of like length, few enough to be done again."""

WINDOW_BYTES = 1 << 18
"""What a window is closed at, however few its lines: alignments of long lines are large."""

_SKIPPED_BYTES = 1 << 20
_BYTES_PER_CHARACTER = 4
_BOM = b"\xef\xbb\xbf"


def layout() -> str:
    """How windows are cut, in words: a draft that was begun otherwise cannot go on."""
    return f"1, windows of {WINDOW_LINES} lines or {WINDOW_BYTES} bytes"


@dataclass(frozen=True)
class Refusal:
    """Why a line is not translated; it holds nothing of the line's text."""

    problem: str


@dataclass(frozen=True)
class Window:
    """Lines that are translated together.

    Attributes:
        first: the number of the first, from 1.
        lines: each line's text, or why there is none.
        end: bytes of the unpacked file up to the end of the last.
        read: bytes of the file as it lies on the disk, read so far: for the time that is left.
    """

    first: int
    lines: list[str | Refusal]
    end: int
    read: int


@dataclass(frozen=True)
class Windows:
    """The windows of a file, plain, .gz or .xz, from some window's beginning on.

    Attributes:
        path: the file.
        max_characters: the longest line that is read.
        start: bytes of the unpacked file before the first window.
        before: lines before it.
        most_lines: of a window.
        most_bytes: that a window is closed at.
    """

    path: Path
    max_characters: int
    start: int = 0
    before: int = 0
    most_lines: int = field(default_factory=lambda: WINDOW_LINES)
    most_bytes: int = field(default_factory=lambda: WINDOW_BYTES)

    def __iter__(self) -> Iterator[Window]:
        """The windows in order.

        Raises:
            DataError: the file is broken gzip or xz.
        """
        with self.path.open("rb") as file, unpacked(file, self.path) as text, reading(self.path):
            text.seek(self.start)
            first, end, lines, size = self.before + 1, self.start, list[str | Refusal](), 0
            for line, length in self._lines(text):
                lines.append(self._text(line, first + len(lines)))
                end, size = end + length, size + min(length, self._longest)
                if len(lines) == self.most_lines or size >= self.most_bytes:
                    yield Window(first, lines, end, file.tell())
                    first, lines, size = first + len(lines), [], 0
            if lines:
                yield Window(first, lines, end, file.tell())

    @property
    def _longest(self) -> int:
        """A line of as many bytes, its end among them, may have the most characters; a longer one has more."""
        return self.max_characters * _BYTES_PER_CHARACTER + len(_BOM) + len(b"\r\n")

    def _lines(self, text: BinaryIO) -> Iterator[tuple[bytes, int]]:
        """Each line with its length in bytes; of a line that is too long the beginning alone."""
        while line := text.readline(self._longest + 1):
            length, last = len(line), line
            while not last.endswith(b"\n") and length > self._longest:
                last = text.readline(_SKIPPED_BYTES)
                length += len(last)
                if not last:
                    break
            yield line, length

    def _text(self, line: bytes, number: int) -> str | Refusal:
        if len(line) > self._longest:
            return Refusal(f"got more than {self.max_characters:,} characters; send it in smaller parts")
        line = line.removesuffix(b"\n").removesuffix(b"\r")
        try:
            return (line.removeprefix(_BOM) if number == 1 else line).decode("utf-8")
        except UnicodeDecodeError as error:
            return Refusal(f"not UTF-8: byte {error.start + 1} of the line cannot be read; convert it first")
