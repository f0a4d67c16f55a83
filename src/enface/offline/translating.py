"""What becomes of a window of lines: their translations as the bytes of the output, and which were refused.

A window's bytes depend on nothing but its lines, the bundle and the options: not on the windows beside it, nor on where
or when it is translated.
"""

import gzip
import json
import lzma
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from enface.alignment.pharaoh import format_pharaoh
from enface.bundle import Precision
from enface.data.readers.lines import GZIP, XZ
from enface.errors import RequestError
from enface.inference.options import TranslateOptions
from enface.inference.translation import Translation
from enface.inference.translator import Translator
from enface.offline.windows import Refusal, Window

Form = Literal["text", "json", "pharaoh"]
"""What a line of the output is: the translation; its JSON; or the translation, a tab and its links, as 0-0 1-2."""

_GZIP_LEVEL = 6


@dataclass(frozen=True)
class Task:
    """How lines are translated and written; everything that the output's bytes depend on beside them.

    Attributes:
        bundle: the bundle's folder.
        options: of every line.
        form: what a line of the output is.
        packing: `.gz`, `.xz` or another ending, which packs nothing.
        precision: of the bundle's graph.
        device: as for `Translator`.
    """

    bundle: Path
    options: TranslateOptions
    form: Form
    packing: str
    precision: Precision
    device: str


@dataclass(frozen=True)
class Part:
    """The translation of a window.

    Attributes:
        output: its bytes of the output.
        lines: how many lines it has.
        refused: the numbers of those that were not translated, each with the reason.
        incomplete: the number of those where tags or terms could not be carried over.
        end: as the window's.
        read: as the window's.
    """

    output: bytes
    lines: int
    refused: list[tuple[int, str]]
    incomplete: int
    end: int
    read: int


def open_task(task: Task, threads: int) -> Callable[[Window], Part]:
    """What translates windows, with the bundle opened."""
    translator = Translator(task.bundle, device=task.device, threads=threads, precision=task.precision)
    return partial(_translated_window, translator, task)


def packed(text: bytes, packing: str) -> bytes:
    """`text` as a whole file of that ending: several of them one after another are one too."""
    if packing == GZIP:
        return gzip.compress(text, _GZIP_LEVEL, mtime=0)
    return lzma.compress(text) if packing == XZ else text


def _translated_window(translator: Translator, task: Task, window: Window) -> Part:
    texts = [line for line in window.lines if isinstance(line, str)]
    found = iter(_translated(translator, texts, task.options))
    answers = [line if isinstance(line, Refusal) else next(found) for line in window.lines]
    return Part(
        output=packed("".join(f"{line_of(answer, task.form)}\n" for answer in answers).encode(), task.packing),
        lines=len(answers),
        refused=[(n, answer.problem) for n, answer in enumerate(answers, window.first) if isinstance(answer, Refusal)],
        incomplete=sum(isinstance(answer, Translation) and answer.reports.failures() != "" for answer in answers),
        end=window.end,
        read=window.read,
    )


def _translated(translator: Translator, texts: list[str], options: TranslateOptions) -> Sequence[Translation | Refusal]:
    """A translation of each text, or why there is none.

    The translator takes all or none, and says so before it searches: what it refuses is found by halving.
    """
    try:
        return translator.translate(texts, options)
    except RequestError as error:
        if len(texts) == 1:
            return [Refusal(str(error).removeprefix("text[0]: "))]
    middle = len(texts) // 2
    halves = texts[:middle], texts[middle:]
    return [answer for half in halves for answer in _translated(translator, half, options)]


def line_of(answer: Translation | Refusal, form: Form) -> str:
    """A line of the output, empty for what was refused."""
    if isinstance(answer, Refusal):
        return ""
    match form:
        case "json":
            return json.dumps(answer.to_dict(), ensure_ascii=False)
        case "pharaoh":
            return f"{answer.text}\t{format_pharaoh(answer.links)}"
        case "text":
            return answer.text
