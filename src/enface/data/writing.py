"""Writes the files of the prepared folder, split by split: first the text, then its ids. `prepared.py` reads them."""

import itertools
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import numpy as np

from enface.data.links import linked_subwords
from enface.data.prepared import BOUND, ID, SIDES, read_lines
from enface.data.tokenizer import Tokenizer

logger = logging.getLogger(__name__)

Line = TypeVar("Line")

_CHUNK_SENTENCES = 8192
_PROGRESS_CHUNKS = 100


class TextWriter:
    """Writes `<split>.source` and `<split>.target`, and `<split>.links` where there are gold alignments."""

    def __init__(self, folder: Path, split: str) -> None:
        self._links_path = folder / f"{split}.links"
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


def write_encoded(folder: Path, split: str, tokenizer: Tokenizer) -> dict[str, int]:
    """Encodes a split's text beside it, chunk by chunk, and its links; the number of subwords of each side."""
    if (folder / f"{split}.links").exists():
        _write_ids(folder / f"{split}.links", _encode_links(folder, split, tokenizer))
    return {side: _encode(folder / f"{split}.{side}", tokenizer) for side in SIDES}


def sample_sentences(folder: Path, split: str, *, every: int) -> Iterator[str]:
    """Both sides of every `every`-th pair of a split whose text is written."""
    for side in SIDES:
        yield from itertools.islice(read_lines(folder / f"{split}.{side}"), 0, None, every)


def _encode(path: Path, tokenizer: Tokenizer) -> int:
    return _write_ids(path, map(tokenizer.encode_ids, _chunks(read_lines(path))))


def _encode_links(folder: Path, split: str, tokenizer: Tokenizer) -> Iterator[list[list[int]]]:
    """Chunk by chunk the linked subwords of each pair: a source subword, its target subword, and so on."""
    lines = zip(*(read_lines(folder / f"{split}.{part}") for part in (*SIDES, "links")), strict=True)
    places = (f"{folder / split}.links:{number}" for number in itertools.count(1))
    for chunk in _chunks(lines):
        sources, targets, links = (list(column) for column in zip(*chunk, strict=True))
        pairs = zip(
            links,
            zip(sources, tokenizer.encode_batch(sources), strict=True),
            zip(targets, tokenizer.encode_batch(targets), strict=True),
            strict=True,
        )
        yield [
            linked_subwords(line, source, target, where=next(places)).ravel().tolist() for line, source, target in pairs
        ]


def _write_ids(path: Path, chunks: Iterable[list[list[int]]]) -> int:
    """Writes rows of numbers to `path`.tokens and their bounds to `path`.offsets; the number of numbers."""
    total = 0
    with Path(f"{path}.tokens").open("wb") as tokens, Path(f"{path}.offsets").open("wb") as offsets:
        offsets.write(np.zeros(1, dtype=BOUND).tobytes())
        for number, rows in enumerate(chunks, start=1):
            bounds = total + np.cumsum([len(row) for row in rows], dtype=BOUND)
            tokens.write(np.fromiter(itertools.chain.from_iterable(rows), dtype=ID).tobytes())
            offsets.write(bounds.tobytes())
            total = int(bounds[-1])
            if number % _PROGRESS_CHUNKS == 0:
                logger.info("%s: %d sentences encoded", path.name, number * _CHUNK_SENTENCES)
    return total


def _chunks(lines: Iterable[Line]) -> Iterator[list[Line]]:
    lines = iter(lines)
    while chunk := list(itertools.islice(lines, _CHUNK_SENTENCES)):
        yield chunk
