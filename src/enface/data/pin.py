"""A folder of data pinned by hash in a `.dvc` file beside it: what the file says, and whether the folder is that.

DVC itself takes an altered folder for a new version, so what reads a pinned corpus checks it here. Fetching stands in
the command line (`enface corpus fetch`).
"""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from enface.errors import DataError


@dataclass(frozen=True)
class Pin:
    """The one folder that a `.dvc` file pins, and where it can be had."""

    folder: Path
    md5: str
    size_bytes: int
    files: int
    repository: str
    revision: str
    repository_path: str


def pin_beside(folder: Path) -> Path:
    """The `.dvc` file that would pin `folder`: `data.dvc` for `data`."""
    return folder.with_name(f"{folder.name}.dvc")


def read_pin(path: Path) -> Pin:
    """What the `.dvc` file at `path` pins.

    Raises:
        DataError: it is missing, or is not the pin of one folder with its provenance under `meta`.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; run in the project's root") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise DataError(f"{path}: not YAML: {error}") from None
    try:
        (out,), meta = content["outs"], content["meta"]
        return _pin(path, out, meta)
    except (KeyError, TypeError, ValueError):
        raise DataError(
            f"{path}: need one folder under outs (md5, size, nfiles, path) and meta (git, rev, path); restore the file"
        ) from None


def check_folder(folder: Path, pin: Pin, where: str) -> None:
    """Nothing, if `folder` holds exactly what `pin` says.

    Args:
        folder: what is checked.
        pin: what it should be.
        where: how the error's message calls the folder.

    Raises:
        DataError: it does not; the message has both hashes, sizes and numbers of files.
    """
    files = _files(folder)
    size = sum(file.stat().st_size for file in files)
    md5 = _folder_md5(folder, files)
    if (md5, size, len(files)) != (pin.md5, pin.size_bytes, pin.files):
        raise DataError(
            f"{where}: got {len(files)} files, {size} bytes, hash {md5}; "
            f"the pin says {pin.files} files, {pin.size_bytes} bytes, hash {pin.md5}"
        )


def check_pinned(folder: Path) -> None:
    """Nothing, if no `.dvc` file stands beside `folder` or the folder is what it pins.

    Raises:
        DataError: the folder was altered.
    """
    path = pin_beside(folder)
    if not path.exists():
        return
    try:
        check_folder(folder, read_pin(path), str(folder))
    except DataError as error:
        raise DataError(
            f"{error} ({path}); run: enface corpus fetch --force, or set corpus.name to files for a corpus of yours"
        ) from None


def _pin(path: Path, out: dict[str, Any], meta: dict[str, Any]) -> Pin:
    return Pin(
        folder=path.parent / str(out["path"]),
        md5=str(out["md5"]),
        size_bytes=int(out["size"]),
        files=int(out["nfiles"]),
        repository=str(meta["git"]),
        revision=str(meta["rev"]),
        repository_path=str(meta["path"]),
    )


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def _folder_md5(folder: Path, files: list[Path]) -> str:
    """DVC's hash of a folder: the MD5 of the sorted list of its files' MD5 and relative paths."""
    entries = [{"md5": _md5(file), "relpath": file.relative_to(folder).as_posix()} for file in files]
    listing = json.dumps(sorted(entries, key=lambda entry: entry["relpath"]), sort_keys=True)
    return hashlib.md5(listing.encode(), usedforsecurity=False).hexdigest() + ".dir"


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
