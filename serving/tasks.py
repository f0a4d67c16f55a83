"""What can be asked of a translator over HTTP: to translate texts, to align pairs, to begin translations.

A task is a request's JSON, checked: `enface.inference.request` says what the JSON may hold, and
`enface.inference.translator` how it is answered. Tasks of one way can be answered together. The bytes are the matter of
`serving.bodies`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from enface.bundle import Manifest
from enface.errors import RequestError
from enface.inference.beginning import Beginning
from enface.inference.options import MAX_LENGTH, TranslateOptions
from enface.inference.request import parse_align_request, parse_request
from enface.inference.translation import Translation
from enface.inference.translator import Translator

Kind = Literal["translate", "align", "begin"]
KINDS: tuple[Kind, ...] = ("translate", "align", "begin")
MAX_CHARACTERS = 20_000


class TooLongError(RequestError):
    """The texts of one request are too long together."""


class Way(NamedTuple):
    """What tasks must have in common to be answered by one call."""

    kind: Kind
    options: TranslateOptions
    steps: int


@dataclass(frozen=True)
class Task:
    """One request, checked.

    Attributes:
        way: how it is answered.
        inputs: its texts, or its pairs of texts.
        value: the JSON that it was read from.
        is_judged: whether the gateway asks a judge of the answer, which is no matter of the translator's.
    """

    way: Way
    inputs: Sequence[Any]
    value: dict[str, Any] = field(compare=False)
    is_judged: bool = False

    @property
    def sources(self) -> list[str]:
        """The source text of each input."""
        return [given if isinstance(given, str) else given[0] for given in self.inputs]

    @property
    def characters(self) -> int:
        """The length of all its texts together."""
        return sum(len(text) for given in self.inputs for text in ((given,) if isinstance(given, str) else given))

    def to_json(self) -> dict[str, Any]:
        """The JSON that `read_task` reads as this task."""
        return {"task": self.way.kind} | self.value | ({"steps": self.way.steps} if self.way.steps else {})


def read_task(value: Any, manifest: Manifest) -> Task:
    """The task that the JSON itself names: `"task"` is translate (left out, too), align or begin, which has `"steps"`.

    Raises:
        RequestError: as `parse_task`; or there is no such task.
    """
    if not isinstance(value, dict) or "task" not in value:
        return parse_task("translate", value, manifest)
    rest = dict(value)
    kind = rest.pop("task")
    if kind not in KINDS:
        raise RequestError(f"task: need one of {', '.join(KINDS)}")
    steps = rest.pop("steps", None) if kind == "begin" else 0
    return parse_task(kind, rest, manifest, steps=steps)


def parse_task(kind: Kind, value: Any, manifest: Manifest, *, steps: Any = 0) -> Task:
    """The task of that kind.

    Args:
        kind: what to do.
        value: the request's JSON.
        manifest: of the translator that shall do it.
        steps: for `begin`, how many steps of the search, 1 or more.

    Raises:
        RequestError: the JSON has a problem, a line each.
        TooLongError: it has more than 20,000 characters of text.
    """
    if kind == "begin" and (type(steps) is not int or not 1 <= steps <= MAX_LENGTH):
        raise RequestError(f"steps: need a whole number from 1 to {MAX_LENGTH}")
    parse = parse_align_request if kind == "align" else parse_request
    inputs, options = parse(value, manifest)
    task = Task(Way(kind, options, steps), inputs, value)
    if task.characters > MAX_CHARACTERS:
        raise TooLongError(
            f"its texts have {task.characters:,} characters together, need <= {MAX_CHARACTERS:,}; send fewer at once"
        )
    return task


def perform(translator: Translator, way: Way, inputs: Sequence[Any]) -> Sequence[Translation | Beginning]:
    """What the translator answers to each input.

    Raises:
        RequestError: as the translator's methods.
    """
    match way.kind:
        case "translate":
            return translator.translate(inputs, way.options)
        case "align":
            return translator.align(inputs, way.options)
        case "begin":
            return translator.begin(inputs, way.options, steps=way.steps)
