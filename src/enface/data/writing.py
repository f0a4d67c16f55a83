"""Writes the files of the prepared folder, split by split: first the text, then its ids. `prepared.py` reads them."""

import contextlib
import itertools
import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from enface.data.encoding import PartsEncoder, Rows
from enface.data.links import linked_subwords
from enface.data.prepared import BOUND, ID, SIDES, read_lines
from enface.data.tokenizer import Tokenizer
from enface.mapping.chunks import InProcess, Mapper

logger = logging.getLogger(__name__)

LINKS = "links"

_CHUNK_SENTENCES = 8192
_PROGRESS_CHUNKS = 100
_HERE = InProcess()


class TextWriter:
    """Writes `<split>.source` and `<split>.target`, and `<split>.links` where there are gold alignments."""

    def __init__(self, folder: Path, split: str) -> None:
        self._links_path = folder / f"{split}.{LINKS}"
        paths = [*(folder / f"{split}.{side}" for side in SIDES), self._links_path]
        self._source, self._target, self._links = (path.open("w", encoding="utf-8", newline="\n") for path in paths)

    def write(self, source: str, target: str, links: str | None) -> None:
        """Adds one pair; either every pair of a split has links or none has."""
        self._source.write(f"{source}\n")
        self._target.write(f"{target}\n")
        if links is not None:
            self._links.write(f"{links}\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for file in (self._source, self._target, self._links):
            file.close()
        if self._links_path.stat().st_size == 0:
            self._links_path.unlink()


def write_encoded(folder: Path, split: str, tokenizer: Tokenizer, mapper: Mapper = _HERE) -> dict[str, int]:
    """Encodes a split's text and its links beside it, chunk by chunk; the number of subwords of each side."""
    parts = [*SIDES, *([LINKS] if (folder / f"{split}.{LINKS}").exists() else [])]
    with contextlib.ExitStack() as opened:
        writers = [opened.enter_context(_RowsWriter(folder / f"{split}.{part}")) for part in parts]
        chunks = TextChunks(folder, split, tuple(parts), _CHUNK_SENTENCES)
        for number, encoded in enumerate(mapper.map(partial(_encoder, tokenizer), chunks), start=1):
            for writer, rows in zip(writers, encoded, strict=True):
                writer.write(rows)
            if number % _PROGRESS_CHUNKS == 0:
                logger.info("%s: %d pairs encoded", split, number * _CHUNK_SENTENCES)
        return {side: writer.total for side, writer in zip(SIDES, writers, strict=False)}


def sample_sentences(folder: Path, split: str, *, every: int) -> Iterator[str]:
    """Both sides of every `every`-th pair of a split whose text is written."""
    for side in SIDES:
        yield from itertools.islice(read_lines(folder / f"{split}.{side}"), 0, None, every)


@dataclass(frozen=True)
class TextChunk:
    """Lines of a split's files: the source's, the target's and, where there are some, the links'."""

    columns: tuple[tuple[str, ...], ...]
    first: int  # the number of the first line, from 1
    links: str  # the name of the links' file


@dataclass(frozen=True)
class TextChunks:
    """The text of a split in chunks; it is read anew each time, and read elsewhere if it is sent there."""

    folder: Path
    split: str
    parts: tuple[str, ...]
    lines: int

    def __iter__(self) -> Iterator[TextChunk]:
        rows = zip(*(read_lines(self.folder / f"{self.split}.{part}") for part in self.parts), strict=True)
        first, links = 1, str(self.folder / f"{self.split}.{LINKS}")
        while chunk := list(itertools.islice(rows, self.lines)):
            yield TextChunk(tuple(zip(*chunk, strict=True)), first, links)
            first += len(chunk)


@lru_cache(maxsize=1)
def _encoder(tokenizer: Tokenizer) -> Callable[[TextChunk], list[Rows]]:
    """What encodes chunks, those of all splits: most of their words stand in train."""
    return partial(_encoded, PartsEncoder(tokenizer))


def _encoded(encoder: PartsEncoder, chunk: TextChunk) -> list[Rows]:
    """The ids of each side, and the linked subwords of each pair: a source subword, its target subword, and so on."""
    source, target, *links = chunk.columns
    sides = [encoder.rows(side) for side in (source, target)]
    if not links:
        return sides
    linked = [
        linked_subwords(line, encoder.words(one), encoder.words(other), where=f"{chunk.links}:{number}")
        for number, (line, one, other) in enumerate(zip(links[0], source, target, strict=True), start=chunk.first)
    ]
    return [*sides, _rows(linked)]


def _rows(rows: Sequence[np.ndarray]) -> Rows:
    lengths = np.array([row.size for row in rows], dtype=BOUND)
    return Rows(np.concatenate(rows, axis=None, dtype=ID), lengths)


class _RowsWriter:
    """Writes rows to `path`.tokens, and their bounds to `path`.offsets."""

    def __init__(self, path: Path) -> None:
        self.total = 0
        paths = [Path(f"{path}.{part}") for part in ("tokens", "offsets")]
        self._numbers, self._bounds = (path.open("wb") for path in paths)
        self._bounds.write(np.zeros(1, dtype=BOUND).tobytes())

    def write(self, rows: Rows) -> None:
        """Adds the rows."""
        bounds = self.total + np.cumsum(rows.lengths, dtype=BOUND)
        self._numbers.write(rows.numbers.tobytes())
        self._bounds.write(bounds.tobytes())
        self.total = int(bounds[-1])

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._numbers.close()
        self._bounds.close()
