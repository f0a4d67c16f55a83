"""An output that grows part by part and survives being killed at any moment: nothing in it twice, nothing lost.

    OUT.part      the parts written so far, and perhaps a torn one behind them
    OUT.journal   a line of JSON each: what is made, then how far it is after every part, in the end that it is complete

A part counts once its line stands in the journal, whole; what lies behind the last such part is cut off. OUT itself
appears complete, by a rename. A lock on the journal keeps a second process out. What the parts are is not known here.
"""

import contextlib
import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import FileIO
from pathlib import Path
from typing import Any

from enface.errors import DataError

PART, JOURNAL = ".part", ".journal"


@dataclass
class Reached:
    """How far an output is, in all runs together.

    Attributes:
        lines: of the input, and so of the output.
        read: bytes of the unpacked input that those are.
        written: bytes of the output that those are.
        refused: the numbers of lines that were not translated.
        incomplete: the number of lines where tags or terms could not be carried over.
        complete: whether nothing is left to do.
    """

    lines: int = 0
    read: int = 0
    written: int = 0
    refused: list[int] = field(default_factory=list)
    incomplete: int = 0
    complete: bool = False


class Draft:
    """An output being made; see `open_draft`."""

    def __init__(self, out: Path, journal: FileIO, reached: Reached) -> None:
        self.reached = reached
        self._out, self._journal = out, journal
        self._part_path = _beside(out, PART)
        self._part: FileIO | None = None if reached.complete else _cut(self._part_path, reached.written)

    def add(self, output: bytes, *, lines: int, read: int, refused: list[int], incomplete: int) -> None:
        """Adds a part for good: after this it is never asked for again.

        Args:
            output: its bytes.
            lines: how many lines it is.
            read: bytes of the unpacked input up to its end, from the input's beginning.
            refused: which of its lines were not translated.
            incomplete: how many of its lines are not whole.
        """
        assert self._part is not None
        reached = self.reached
        step: dict[str, Any] = {"lines": reached.lines + lines, "read": read, "written": reached.written + len(output)}
        step |= {"refused": refused, "incomplete": incomplete}
        with _writing(self._out):
            _write(self._part, output)
            self._note(step)
        _advance(reached, step)

    def finish(self) -> None:
        """Gives the output its name; whoever looks there finds all of it."""
        with _writing(self._out):
            if not self.reached.complete:
                self._note({"complete": True})
                self.close()
            if self._part_path.exists():
                self._part_path.replace(self._out)
            _beside(self._out, JOURNAL).unlink(missing_ok=True)
        self.reached.complete = True

    def close(self) -> None:
        """Lets go of the parts; they stay."""
        if self._part is not None:
            self._part.close()
            self._part = None

    def _note(self, step: Mapping[str, Any]) -> None:
        _write(self._journal, f"{json.dumps(step)}\n".encode())


@contextlib.contextmanager
def open_draft(out: Path, made_of: Mapping[str, str], *, restart: bool) -> Iterator[Draft]:
    """The draft of `out`: a new one, or the one that a run left behind, as far as that had come.

    Args:
        out: the output's path.
        made_of: what decides the output's bytes: name and value of each.
        restart: whether a draft and an output that are there give way.

    Raises:
        DataError: the output is there already; its draft was begun with something else, is damaged, or is being
            written by another process; or it cannot be written.
    """
    with contextlib.ExitStack() as opened:
        with _writing(out):
            journal = opened.enter_context(_beside(out, JOURNAL).open("a+b", buffering=0))
            _lock(journal, out)
            if restart:
                journal.truncate(0)
            reached = _begun(journal, out, made_of, restart=restart)
            draft = opened.enter_context(contextlib.closing(Draft(out, journal, reached)))
        yield draft


@contextlib.contextmanager
def _writing(out: Path) -> Iterator[None]:
    """Tells of a full disk and the like in one sentence."""
    try:
        yield
    except OSError as error:
        raise DataError(
            f"{error.filename or out}: cannot be written: {error.strerror}; what is done is kept, and the same command "
            "goes on from there"
        ) from None


def _begun(journal: FileIO, out: Path, made_of: Mapping[str, str], *, restart: bool) -> Reached:
    """How far the draft is that the journal tells of; the journal is left with whole lines alone."""
    journal.seek(0)
    lines = journal.read().splitlines(keepends=True)
    whole = [line for line in lines if line.endswith(b"\n")]
    journal.truncate(sum(map(len, whole)))
    if whole:
        begun_of, reached = _read(whole, out)
        _check_same(begun_of, made_of, out)
        return reached
    if out.exists() and not restart:
        _beside(out, JOURNAL).unlink()
        raise DataError(f"{out}: already there; --restart makes it anew, or name another output")
    _write(journal, f"{json.dumps(dict(made_of))}\n".encode())
    return Reached()


def _read(lines: list[bytes], out: Path) -> tuple[dict[str, str], Reached]:
    """What the draft is made of, and how far it is."""
    try:
        made_of, *steps = [dict(json.loads(line)) for line in lines]
        return made_of, _reached(steps)
    except (ValueError, TypeError, KeyError):
        raise DataError(f"{_beside(out, JOURNAL)}: damaged; --restart begins anew") from None


def _check_same(begun: Mapping[str, str], asked: Mapping[str, str], out: Path) -> None:
    changed = [name for name in {**begun, **asked} if begun.get(name) != asked.get(name)]
    if changed:
        told = ", ".join(f"{name} (then {begun.get(name, 'none')}, now {asked.get(name, 'none')})" for name in changed)
        raise DataError(
            f"{_beside(out, PART)}: was begun with another {told}; ask for the same as then to go on, or begin anew "
            "with --restart"
        )


def _reached(steps: list[dict[str, Any]]) -> Reached:
    reached = Reached()
    for step in steps:
        if step.get("complete"):
            reached.complete = True
        else:
            _advance(reached, step)
    return reached


def _advance(reached: Reached, step: Mapping[str, Any]) -> None:
    """Takes a line of the journal in."""
    reached.lines, reached.read, reached.written = step["lines"], step["read"], step["written"]
    reached.refused += step["refused"]
    reached.incomplete += step["incomplete"]


def _cut(path: Path, size: int) -> FileIO:
    """The parts' file, open behind its first `size` bytes, with nothing after them."""
    there = path.stat().st_size if path.exists() else 0
    if there < size:
        raise DataError(
            f"{path}: got {there:,} bytes, need the {size:,} that its journal tells of; --restart begins anew"
        )
    part = path.open("r+b" if path.exists() else "w+b", buffering=0)
    part.truncate(size)
    part.seek(size)
    return part


def _write(file: FileIO, content: bytes) -> None:
    """Writes to the disk itself, so that what stands in the journal also outlives the machine's death."""
    left = memoryview(content)
    while left:
        left = left[file.write(left) :]
    os.fsync(file.fileno())


def _lock(journal: FileIO, out: Path) -> None:
    try:
        fcntl.flock(journal, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DataError(f"{out}: another process is writing it; wait for that one, or end it") from None


def written_by(out: Path) -> list[Path]:
    """All files that making `out` writes or cuts."""
    return [out, _beside(out, PART), _beside(out, JOURNAL)]


def _beside(out: Path, ending: str) -> Path:
    return out.with_name(f"{out.name}{ending}")
