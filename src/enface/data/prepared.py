"""The prepared folder, `artifacts/prepare/`, and how it is read.

    tokenizer.json  meta.json  report.json  rejects.tsv
    <split>.source  <split>.target  <split>.links      text, a sentence a line; Pharaoh lines where gold exists
    <split>.source.tokens  <split>.source.offsets      int32 ids, int64 bounds (pairs + 1), little-endian
    <split>.target.tokens  <split>.target.offsets
    <split>.links.tokens   <split>.links.offsets       where gold exists: the sure links, as pairs of subwords

Ids carry no special ones. Tokens are memory-mapped, so that reading needs no memory in proportion to the corpus; what
was read is given back now and then, or the system would count all of it as this process's.
`writing.py` writes the files; what goes into them is decided in `cleaning.py` and `prepare.py`.
"""

import json
import mmap
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, ValidationError

from enface.data.tokenizer import Tokenizer
from enface.errors import DataError

TOKENIZER, META, REPORT, REJECTS = "tokenizer.json", "meta.json", "report.json", "rejects.tsv"
TRAIN, VALIDATION = "train", "validation"
SIDES = ("source", "target")

ID, BOUND = np.dtype("<i4"), np.dtype("<i8")

Ids = npt.NDArray[np.int32]
Bounds = npt.NDArray[np.int64]
Number = TypeVar("Number", np.int32, np.int64)

_PAIRS_BETWEEN = 1 << 18
"""Pairs that are read before the pages they lie on are given back."""


class PreparedMeta(BaseModel):
    """meta.json: what the folder holds and what it was made from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    corpus: str
    source_language: str
    target_language: str
    sha256: str
    """Of all pairs kept, in order, with their gold links: the corpus as it is learnt from and tested on."""
    vocabulary_size: int
    pairs: dict[str, int]
    source_tokens: dict[str, int]
    target_tokens: dict[str, int]
    test_splits: list[str]


class EncodedSplit:
    """The pairs of one split: ids as views of memory maps, and the text behind them."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._source, self._source_bounds = _mapped(folder, f"{name}.source")
        self._target, self._target_bounds = _mapped(folder, f"{name}.target")
        self._read = 0

    def __len__(self) -> int:
        return len(self._source_bounds) - 1

    def source(self, index: int) -> Ids:
        """The source ids of a pair, without special ones."""
        self._read += 1
        if self._read % _PAIRS_BETWEEN == 0:
            self._give_back()
        return self._source[self._source_bounds[index] : self._source_bounds[index + 1]]

    def target(self, index: int) -> Ids:
        """The target ids of a pair, without special ones."""
        return self._target[self._target_bounds[index] : self._target_bounds[index + 1]]

    def links(self, index: int) -> Ids:
        """The sure links of a pair: a row (source subword, target subword) for each two whose words are linked.

        Raises:
            DataError: the corpus has no word alignments for this split, or their files do not fit the others.
        """
        pairs, bounds = self._links
        return pairs[bounds[index] : bounds[index + 1]].reshape(-1, 2)

    @cached_property
    def source_lengths(self) -> Ids:
        """The number of source subwords of every pair."""
        return np.diff(self._source_bounds).astype(np.int32)

    @cached_property
    def target_lengths(self) -> Ids:
        """The number of target subwords of every pair."""
        return np.diff(self._target_bounds).astype(np.int32)

    def source_sentences(self) -> list[str]:
        """The source side as text, all of it in memory: for small splits."""
        return list(read_lines(self._folder / f"{self._name}.source"))

    def target_sentences(self) -> list[str]:
        """The target side as text, all of it in memory: for small splits."""
        return list(read_lines(self._folder / f"{self._name}.target"))

    def gold_links(self) -> list[str] | None:
        """Each pair's gold alignment of words as a Pharaoh line, or None where the corpus has none."""
        path = self._folder / f"{self._name}.links"
        return list(read_lines(path)) if path.exists() else None

    def _give_back(self) -> None:
        """Lets the system have the pages that were read; they are read again where they are needed again."""
        arrays = [self._source, self._source_bounds, self._target, self._target_bounds]
        for array in [*arrays, *self.__dict__.get("_links", ())]:
            if isinstance(array.base, memoryview) and isinstance(array.base.obj, mmap.mmap):
                array.base.obj.madvise(mmap.MADV_DONTNEED)

    @cached_property
    def _links(self) -> tuple[Ids, Bounds]:
        path = self._folder / f"{self._name}.links"
        if not path.exists():
            raise DataError(
                f"{path}: not there, the corpus has no word alignments for {self._name}; give it some (docs/data.md, "
                "Gold alignments), or set params.yaml train.guided_weight to 0"
            )
        found = _mapped(self._folder, path.name)
        if len(found[1]) != len(self) + 1:
            raise DataError(
                f"{path}.offsets: {len(found[1]) - 1} pairs, but {self._name}.source.offsets has {len(self)}; "
                "run: dvc repro -f prepare"
            )
        return found


class PreparedFolder:
    """A prepared corpus: its splits, its tokenizer and what it says of itself."""

    def __init__(self, path: Path) -> None:
        """Opens the folder at `path`.

        Raises:
            DataError: it is missing, incomplete or of another form; the message says which command makes it.
        """
        self.path = path
        self.meta = read_meta(path)
        for file in [TOKENIZER, *(f"{name}.{part}" for name in self.meta.pairs for part in _parts())]:
            if not (path / file).is_file():
                raise _missing(path / file)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The subword vocabulary that the ids belong to."""
        return Tokenizer.from_file(self.path / TOKENIZER)

    @property
    def test_splits(self) -> list[str]:
        """The names of the splits that are reported on."""
        return list(self.meta.test_splits)

    def split(self, name: str) -> EncodedSplit:
        """The split of that name: `train`, `validation` or one of `test_splits`.

        Raises:
            DataError: the corpus has no such split, or its files do not fit together.
        """
        if name not in self.meta.pairs:
            raise DataError(f"{self.path}: no split {name!r}; there are {', '.join(sorted(self.meta.pairs))}")
        split = EncodedSplit(self.path, name)
        if len(split) != self.meta.pairs[name]:
            raise DataError(
                f"{self.path / name}.source.offsets: {len(split)} pairs, but meta.json says {self.meta.pairs[name]}; "
                "run: dvc repro -f prepare"
            )
        return split


def read_lines(path: Path) -> Iterator[str]:
    """The lines of one of the folder's text files."""
    with path.open(encoding="utf-8", newline="\n") as file:
        for line in file:
            yield line.removesuffix("\n")


def _missing(path: Path) -> DataError:
    return DataError(f"{path}: missing from the prepared corpus; run: dvc repro -f prepare")


def _parts() -> list[str]:
    return [f"{side}{part}" for side in SIDES for part in ("", ".tokens", ".offsets")]


def read_meta(path: Path) -> PreparedMeta:
    """What the folder at `path` says of the corpus: a prepared one, or that of a model which was trained on it.

    Raises:
        DataError: it says nothing, or nothing that can be read.
    """
    try:
        return PreparedMeta.model_validate(json.loads((path / META).read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(f"{path}: no prepared corpus here ({META} is missing); run: dvc repro prepare") from None
    except (ValueError, ValidationError):
        raise DataError(f"{path / META}: broken, or of another version of Enface; run: dvc repro -f prepare") from None


def _mapped(folder: Path, name: str) -> tuple[Ids, Bounds]:
    """The tokens and bounds of one side, mapped."""
    tokens = _map(folder / f"{name}.tokens", ID)
    bounds = _map(folder / f"{name}.offsets", BOUND)
    if len(bounds) == 0 or bounds[-1] != len(tokens):
        raise DataError(f"{folder / name}.tokens: does not fit its .offsets (cut off?); run: dvc repro -f prepare")
    return tokens, bounds


def _map(path: Path, dtype: np.dtype[Number]) -> npt.NDArray[Number]:
    """The file as an array, any last part of a number left out; a file of no bytes cannot be mapped, so is empty."""
    if not path.is_file():
        raise _missing(path)
    count = path.stat().st_size // dtype.itemsize
    if count == 0:
        return np.zeros(0, dtype=dtype)
    with path.open("rb") as file:
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    return np.frombuffer(memoryview(mapped), dtype=dtype, count=count)
