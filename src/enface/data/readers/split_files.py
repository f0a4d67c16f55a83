"""Corpora of one file a split: a single file is all training data, a folder has `train.tsv`, `test.tsv` and so on."""

from pathlib import Path

from enface.data.prepared import TRAIN
from enface.data.readers.lines import GZIP
from enface.data.readers.pair import split_named
from enface.errors import DataError


def split_files(path: Path, ending: str) -> dict[str, Path]:
    """The file of each split, those with the given ending (as `.tsv`) or the same and .gz.

    Raises:
        DataError: nothing is at `path`, a folder has no training file, or two files are of the same split.
    """
    if path.is_file():
        return {TRAIN: path}
    if not path.is_dir():
        raise DataError(f"{path}: no such file or folder; params.yaml corpus.path needs a {ending} file or a folder")
    files: dict[str, Path] = {}
    for file in sorted(path.iterdir()):
        name = file.name.removesuffix(GZIP)
        split = split_named(name.removesuffix(ending)) if name.endswith(ending) else None
        if split in files:
            raise DataError(f"{file}: {files[split].name} is the {split} split too; keep one")
        if split is not None:
            files[split] = file
    if TRAIN not in files:
        found = ", ".join(sorted(file.name for file in path.iterdir())[:10]) or "nothing"
        raise DataError(f"{path}: no {TRAIN}{ending} (or {TRAIN}{ending}{GZIP}); there is {found}")
    return files
