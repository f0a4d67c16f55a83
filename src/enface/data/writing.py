"""Writes the files of the prepared folder, split by split: first the text, then its ids. `prepared.py` reads them."""

import itertools
import logging
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np

from enface.data.prepared import BOUND, ID, SIDES, read_lines
from enface.data.tokenizer import Tokenizer

logger = logging.getLogger(__name__)

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
    """Encodes a split's text beside it, chunk by chunk; the number of subwords of each side."""
    return {side: _encode(folder / f"{split}.{side}", tokenizer) for side in SIDES}


def sample_sentences(folder: Path, split: str, *, every: int) -> Iterator[str]:
    """Both sides of every `every`-th pair of a split whose text is written."""
    for side in SIDES:
        yield from itertools.islice(read_lines(folder / f"{split}.{side}"), 0, None, every)


def _encode(path: Path, tokenizer: Tokenizer) -> int:
    total = 0
    with Path(f"{path}.tokens").open("wb") as tokens, Path(f"{path}.offsets").open("wb") as offsets:
        offsets.write(np.zeros(1, dtype=BOUND).tobytes())
        for number, sentences in enumerate(_chunks(read_lines(path)), start=1):
            ids = tokenizer.encode_ids(sentences)
            bounds = total + np.cumsum([len(sentence) for sentence in ids], dtype=BOUND)
            tokens.write(np.fromiter(itertools.chain.from_iterable(ids), dtype=ID).tobytes())
            offsets.write(bounds.tobytes())
            total = int(bounds[-1])
            if number % _PROGRESS_CHUNKS == 0:
                logger.info("%s: %d sentences encoded", path.name, number * _CHUNK_SENTENCES)
    return total


def _chunks(lines: Iterable[str]) -> Iterator[list[str]]:
    lines = iter(lines)
    while chunk := list(itertools.islice(lines, _CHUNK_SENTENCES)):
        yield chunk
