"""`enface translate --input FILE --output FILE`: how far it is, what was refused, and how to go on."""

import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from enface.mapping.chunks import open_mapper
from enface.offline.draft import Reached
from enface.offline.run import Progress as Made
from enface.offline.run import translate_file
from enface.offline.translating import Task

LINES_REFUSED = 3
"""The exit status where the output is complete, but has empty lines in place of some that were refused."""

_NAMED_LINES = 20
_NOTE_SECONDS = 30.0


def translate_offline(source: Path, out: Path, task: Task, *, ray: str, threads: int, restart: bool) -> None:
    """Translates the file and tells of it on standard error; ends with status 3 where lines were refused.

    Args:
        source: the texts.
        out: where their translations go.
        task: how.
        ray: where: `""` for here.
        threads: of the translator; on Ray of each, 1 unless asked for more.
        restart: whether to make anew what there is of the output.
    """
    telling = _Telling(Console(stderr=True, highlight=False))
    try:
        with open_mapper(ray, cores=threads or 1) as mapper, telling.bar:
            each = threads or 1 if ray else threads
            reached = translate_file(source, out, task, mapper=mapper, threads=each, restart=restart, report=telling.of)
    except KeyboardInterrupt:
        typer.echo(f"stopped; {telling.lines:,} lines are done, the same command goes on from there", err=True)
        raise
    typer.echo(f"{out}: {_summary(reached)}", err=True)
    if reached.refused:
        raise typer.Exit(LINES_REFUSED)


class _Telling:
    """A bar in a terminal; elsewhere a line now and then."""

    def __init__(self, console: Console, clock: Callable[[], float] = time.monotonic) -> None:
        self.lines = 0
        self._clock = clock
        self.bar = Progress(
            BarColumn(),
            TextColumn("{task.description}"),
            console=console,
            transient=True,
            disable=not console.is_terminal,
        )
        self._task = self.bar.add_task("", total=1.0)
        self._began = self._noted = clock()
        self._first_lines = 0
        self._first: tuple[float, float] | None = None

    def of(self, made: Made) -> None:
        """Tells how far it is, and of each line that was refused."""
        if made.share is None:
            self._first_lines = made.reached.lines
            if self._first_lines:
                typer.echo(f"going on after {self._first_lines:,} lines", err=True)
        self.lines = made.reached.lines
        for number, problem in made.refused:
            self.bar.console.print(f"line {number}: {problem}", soft_wrap=True, markup=False)
        now = self._clock()
        told = self._told(made, now)
        self.bar.update(self._task, description=told, completed=made.share or 0.0)
        if self.bar.disable and now - self._noted >= _NOTE_SECONDS:
            self._noted = now
            typer.echo(told, err=True)

    def _told(self, made: Made, now: float) -> str:
        """Lines in all, speed since this run began, and how long it will take if it goes on like this."""
        speed = (self.lines - self._first_lines) / max(now - self._began, 1e-9)
        told = f"{self.lines:,} lines, {speed:,.1f} sentences/s"
        if made.share is None:
            return told
        told += f", {made.share:.1%}"
        if self._first is None:
            self._first = now, made.share
        since, share = now - self._first[0], made.share - self._first[1]
        left = timedelta(seconds=round(since * (1 - made.share) / share)) if share > 0 else None
        return f"{told}, {left} left" if left is not None else told


def _summary(reached: Reached) -> str:
    told = f"{reached.lines:,} lines"
    if reached.refused:
        named = ", ".join(map(str, reached.refused[:_NAMED_LINES])) + (
            ", ..." if len(reached.refused) > _NAMED_LINES else ""
        )
        told += f"; {len(reached.refused):,} refused, an empty line stands for each: {named}"
    if reached.incomplete:
        told += f"; in {reached.incomplete:,} tags or terms could not be carried over"
    return told
