"""Writes a corpus out as parallel files, in the form that `enface.data.readers.files` reads."""

import contextlib
from collections.abc import Callable
from pathlib import Path

from enface.data.readers.pair import Reader
from enface.errors import DataError
from enface.outputs import whole_folder


def write_parallel(
    reader: Reader, out: Path, source_language: str, target_language: str, *, report: Callable[[str, int], None]
) -> None:
    """Writes `<split>.<language>` files and gold alignments (`<split>.en-de.links`) of a corpus, all or nothing.

    Args:
        reader: the corpus.
        out: the folder to make; must be empty if it is there.
        source_language: the ending of the source files.
        target_language: the ending of the target files.
        report: called after each split with its name and number of pairs.

    Raises:
        DataError: `out` has something in it.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise DataError(f"{out}: already there and not empty; name a new folder, or remove it")
    endings = (source_language, target_language, f"{source_language}-{target_language}.links")
    with whole_folder(out) as draft:
        for split in reader.splits:
            report(split, _write_split(reader, split, [draft / f"{split}.{ending}" for ending in endings]))


def _write_split(reader: Reader, split: str, paths: list[Path]) -> int:
    count = 0
    with contextlib.ExitStack() as stack:
        source, target, links = (stack.enter_context(path.open("w", encoding="utf-8", newline="\n")) for path in paths)
        for pair in reader.pairs(split):
            count += 1
            source.write(f"{pair.source}\n")
            target.write(f"{pair.target}\n")
            links.write(f"{pair.links or ''}\n")
    return count
