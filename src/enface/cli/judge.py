"""`enface judge`: how likely it is that pairs of sentences are translations of each other."""

import itertools
import sys
from collections.abc import Iterator
from io import BufferedIOBase
from pathlib import Path
from typing import Annotated, cast

import typer

from enface.cli.lines import CHUNK_LINES, chunks_of_lines
from enface.cli.opening import DeviceOption, ThreadsOption, open_judge
from enface.errors import DataError, RequestError

PLACE = Path("artifacts/judge")
"""Where the pipeline leaves a judge."""

Pair = tuple[str, str]


def judge(
    source: Annotated[Path | None, typer.Argument(help="Sentences, a line each; without it, standard input.")] = None,
    target: Annotated[Path | None, typer.Argument(help="Their supposed translations, line by line.")] = None,
    folder: Annotated[Path, typer.Option("--judge", help="The folder that the judge stage wrote.")] = PLACE,
    device: DeviceOption = "cpu",
    threads: ThreadsOption = 0,
) -> None:
    """Print for each pair the probability, 0 to 1, that its sides are translations of each other.

    Standard input has a pair a line, a tab between its sides. A pair with an empty side has probability 0.

    Examples:

    enface judge captions.en captions.de

    paste captions.en captions.de | enface judge
    """
    if (source is None) != (target is None):
        raise typer.BadParameter("need two files, or none for standard input")
    opened = open_judge(folder, device=device, threads=threads)
    for pairs in _standard_input() if source is None or target is None else _files(source, target):
        for probability in opened.probability(pairs):
            typer.echo(f"{probability:.6f}")


def _files(source: Path, target: Path) -> Iterator[list[Pair]]:
    """The lines of two files, side by side."""
    from enface.data.readers.lines import read_lines

    def paired() -> Iterator[Pair]:
        lines = itertools.zip_longest(read_lines(source), read_lines(target))
        for number, (one, other) in enumerate(lines, start=1):
            if one is None or other is None:
                shorter, longer = (source, target) if one is None else (target, source)
                raise DataError(f"{shorter}: got {number - 1} lines, {longer} has more; need a line of each for a pair")
            yield one, other

    pairs = paired()
    while chunk := list(itertools.islice(pairs, CHUNK_LINES)):
        yield chunk


def _standard_input() -> Iterator[list[Pair]]:
    number = itertools.count(1)
    for lines in chunks_of_lines(cast(BufferedIOBase, sys.stdin.buffer)):
        yield [_split(line, next(number)) for line in lines]


def _split(line: str, number: int) -> Pair:
    sides = line.split("\t")
    if len(sides) != 2:
        raise RequestError(f"line {number}: got {len(sides) - 1} tabs, need one: a sentence, a tab, its translation")
    return sides[0], sides[1]
