"""Parallel files: `train.en` and `train.de`, a sentence a line, plain or .gz, in one folder.

`validation`, `valid`, `val` or `dev` is what training is validated on, every `test...` is reported on. Gold alignments
stand in `train.en-de.links` (Pharaoh lines, English-German) and are turned round for the other direction. Multi30k has
the same form.
"""

import itertools
import logging
import re
from collections.abc import Iterator
from pathlib import Path

from enface.alignment.pharaoh import format_pharaoh, parse_pharaoh
from enface.data.prepared import TRAIN
from enface.data.readers.lines import GZIP, read_lines
from enface.data.readers.pair import RawPair, in_order, split_named
from enface.errors import DataError

logger = logging.getLogger(__name__)

_LANGUAGE = re.compile(r"[a-z]{2,3}")

Files = dict[tuple[str, str], Path]


class FilesReader:
    """A folder of parallel files."""

    def __init__(self, folder: Path, source_language: str, target_language: str) -> None:
        """Looks the folder's files over.

        Raises:
            DataError: the folder is missing, or has no training files in these languages; those it has are named.
        """
        self._folder, self._languages = folder, (source_language, target_language)
        self._files = _text_files(folder)
        there = sorted(language for split, language in self._files if split == TRAIN)
        for language in self._languages:
            if language not in there:
                have = f"there is {', '.join(there)}" if there else "there are no training files at all"
                raise DataError(f"{folder}: no {TRAIN}.{language} (or {TRAIN}.{language}{GZIP}); {have}")
        self.splits = in_order([split for split in {split for split, _ in self._files} if self._has(split)])

    def pairs(self, split: str) -> Iterator[RawPair]:
        """The split's pairs.

        Raises:
            DataError: the files differ in their number of lines; a file is not UTF-8; a gold alignment is malformed.
        """
        source, target = (self._files[split, language] for language in self._languages)
        links, turned = self._links(source)
        paths = [source, target, *([links] if links else [])]
        for number, rows in enumerate(itertools.zip_longest(*map(read_lines, paths)), start=1):
            if None in rows:
                raise DataError(_unequal(paths))
            gold = _gold(rows[2], f"{links}:{number}", turned) if links else None
            yield RawPair(rows[0], rows[1], gold, f"{source}:{number}")

    def _has(self, split: str) -> bool:
        absent = [language for language in self._languages if (split, language) not in self._files]
        if absent:
            logger.info("%s: %s is left out, it is not there in %s", self._folder, split, " and ".join(absent))
        return not absent

    def _links(self, source: Path) -> tuple[Path | None, bool]:
        """The file of gold alignments that goes with a source file, and whether it is of the other direction."""
        stem = source.name.removesuffix(GZIP).removesuffix(f".{self._languages[0]}")
        for turned in (False, True):
            first, second = reversed(self._languages) if turned else self._languages
            for ending in ("", GZIP):
                path = source.with_name(f"{stem}.{first}-{second}.links{ending}")
                if path.is_file():
                    return path, turned
        return None, False


def _text_files(folder: Path) -> Files:
    if not folder.is_dir():
        raise DataError(f"{folder}: no such folder; need one with {TRAIN}.LANGUAGE files, as params.yaml corpus.path")
    files: Files = {}
    for path in sorted(folder.iterdir()):
        stem, _, language = path.name.removesuffix(GZIP).rpartition(".")
        split = split_named(stem)
        if split is None or not _LANGUAGE.fullmatch(language):
            continue
        if (split, language) in files:
            raise DataError(f"{path}: {files[split, language].name} is the {split} split in {language} too; keep one")
        files[split, language] = path
    return files


def _unequal(paths: list[Path]) -> str:
    counts = ", ".join(f"{path} has {sum(1 for _ in read_lines(path))} lines" for path in paths)
    return f"{counts}; parallel files need the same number, a line for a line"


def _gold(line: str, where: str, turned: bool) -> str:
    alignment = parse_pharaoh(line, where)
    if not turned:
        return format_pharaoh(alignment.sure, alignment.possible)
    sure, possible = ([(target, source) for source, target in links] for links in (alignment.sure, alignment.possible))
    return format_pharaoh(sure, possible)
