"""Outputs that are written whole or not at all.

Everything a stage or a command leaves behind is first written under a temporary name beside its place and then renamed
onto it, so that a killed process, a full disk or an error leaves the old output or none, never half a new one. Of the
processes of one training, the first alone leaves anything behind.
"""

import contextlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_RANKS = ("RANK", "LOCAL_RANK", "NODE_RANK", "SLURM_PROCID")
"""Where Lightning, torchrun and SLURM tell the processes that they start which one each of them is."""


def is_first_process() -> bool:
    """True in a training of one process, and in the first of several."""
    return all(os.environ.get(name, "0") == "0" for name in _RANKS)


@contextlib.contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A temporary folder that replaces `path` when the block ends without an error, and vanishes otherwise."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{path.name}.", dir=path.parent))
    draft.chmod(0o755)
    try:
        yield draft
        _replace_folder(draft, path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary path; the file written there replaces `path` when the block ends without an error."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    os.close(handle)
    draft = Path(name)
    draft.chmod(0o644)
    try:
        yield draft
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def write_json(path: Path, value: Any) -> None:
    """`value` as JSON with sorted keys and a final newline: equal values give equal bytes."""
    with whole_file(path) as draft:
        draft.write_text(json.dumps(value, indent=2, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")


def _replace_folder(draft: Path, path: Path) -> None:
    """Renames `draft` onto `path`; a folder cannot be renamed onto a full one, so the old one steps aside first."""
    aside = draft.with_name(draft.name + ".old")
    if path.exists():
        path.rename(aside)
    draft.rename(path)
    shutil.rmtree(aside, ignore_errors=True)
