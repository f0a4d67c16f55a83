"""Tab-separated values: the source sentence, a tab, its translation; no header, no quoting."""

from collections.abc import Iterator
from pathlib import Path

from enface.data.readers.lines import read_lines
from enface.data.readers.pair import RawPair, in_order
from enface.data.readers.split_files import split_files
from enface.errors import DataError


class TsvReader:
    """A .tsv file, or a folder with one for each split, plain or .gz."""

    def __init__(self, path: Path) -> None:
        """Finds the files; raises DataError as `split_files` says."""
        self._files = split_files(path, ".tsv")
        self.splits = in_order(list(self._files))

    def pairs(self, split: str) -> Iterator[RawPair]:
        """The split's pairs.

        Raises:
            DataError: a line has not exactly two columns, or is not UTF-8.
        """
        path = self._files[split]
        for number, line in enumerate(read_lines(path), start=1):
            columns = line.split("\t")
            if len(columns) != 2:
                raise DataError(f"{path}:{number}: got {len(columns)} columns, need 2: source, a tab, target")
            yield RawPair(columns[0], columns[1], None, f"{path}:{number}")
