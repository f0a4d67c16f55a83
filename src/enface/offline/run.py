"""A whole file translated: what may not change between one run and the next, the windows, and the draft they fill.

Files of any size in memory of one: the input is read, translated and written window by window, here or on Ray.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from enface.bundle import Manifest, open_bundle
from enface.errors import DataError
from enface.mapping.chunks import Mapper
from enface.offline.draft import Draft, Reached, open_draft, written_by
from enface.offline.translating import Part, Task, open_task, packed
from enface.offline.windows import Windows, layout


@dataclass(frozen=True)
class Progress:
    """How far a run is.

    Attributes:
        reached: in all runs together.
        refused: lines of the last window that were not translated, each with the reason.
        share: of the input's bytes, 0 to 1; None before the first window.
    """

    reached: Reached
    refused: list[tuple[int, str]]
    share: float | None


def translate_file(
    source: Path,
    out: Path,
    task: Task,
    *,
    mapper: Mapper,
    threads: int,
    restart: bool,
    report: Callable[[Progress], None],
) -> Reached:
    """Writes the translation of each line of `source` to `out`, from where another run stopped, if one did.

    Args:
        source: a file of texts, a line each, plain, .gz or .xz.
        out: the output, packed if its name ends so; `OUT.part` and `OUT.journal` stand beside it until it is complete.
        task: how each line is translated and written.
        mapper: where.
        threads: of each translator there.
        restart: whether what there is of the output is made anew.
        report: is told of the beginning and of every window.

    Raises:
        DataError: the input cannot be read, changes meanwhile or would be written over; or as `open_draft`.
        BundleError: there is no such bundle.
    """
    before = _state(source)
    _refuse_own_input(source, out)
    manifest = open_bundle(task.bundle, verify=False).manifest  # which whoever translates compares with its files
    with open_draft(out, made_of(source, task, manifest), restart=restart) as draft:
        reached = draft.reached
        if not reached.complete:
            report(Progress(reached, [], None))
            limit = manifest.search.max_source_characters
            windows = Windows(source, limit, start=reached.read, before=reached.lines)
            for part in mapper.map(partial(open_task, task, threads), windows):
                _add(draft, part)
                report(Progress(reached, part.refused, part.read / before[0]))
            if _state(source) != before:
                raise DataError(f"{source}: changed while it was translated; begin anew with --restart")
            if reached.lines == 0:
                _add(draft, Part(packed(b"", task.packing), 0, [], 0, 0, 0))
        draft.finish()
        return reached


def made_of(source: Path, task: Task, manifest: Manifest) -> dict[str, str]:
    """Everything that the output of `task` depends on, by names that a user knows."""
    options = {name: json.dumps(value) for name, value in task.options.model_dump().items() if name != "glossary"}
    glossary = task.options.glossary.terms if task.options.glossary else {}
    return {
        "input": _sha256(source),
        "bundle": _hash(manifest.model_dump(exclude={"lineage", "name"})),
        **options,
        "glossary": _hash(glossary),
        "form": task.form,
        "precision": task.precision,
        "device": task.device,
        "layout": layout(),
    }


def _add(draft: Draft, part: Part) -> None:
    refused = [number for number, _ in part.refused]
    draft.add(part.output, lines=part.lines, read=part.end, refused=refused, incomplete=part.incomplete)


def _state(source: Path) -> tuple[int, int]:
    """Size and time of change of a file that can be read again."""
    if not source.is_file():
        raise DataError(f"{source}: no such file, need one that stays: what is killed reads it again to go on")
    state = source.stat()
    return state.st_size, state.st_mtime_ns


def _refuse_own_input(source: Path, out: Path) -> None:
    """Passes where the input is none of the files that are written."""
    for path in written_by(out):
        if path.exists() and path.samefile(source):
            raise DataError(f"{out}: making it would write over the input, {source}; name another output")


def _sha256(source: Path) -> str:
    try:
        with source.open("rb") as file:
            return _short(hashlib.file_digest(file, "sha256").hexdigest())
    except OSError as error:
        raise DataError(f"{source}: cannot be read: {error.strerror}") from None


def _hash(value: object) -> str:
    return _short(hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest())


def _short(digest: str) -> str:
    """As much of a hash as tells two apart and can be shown."""
    return digest[:16]
