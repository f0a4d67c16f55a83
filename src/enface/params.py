"""From a params.yaml to a frozen, typed section in one hop.

A section class derives from `Section` and stands beside the code that uses it; this module knows none of them. Unknown
keys are refused with a did-you-mean, and every problem of a section is raised together in one `ParamsError`.
"""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from enface.errors import ParamsError


class Section(BaseModel):
    """A frozen part of params.yaml; what is not declared is refused, and nothing has a default in code."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


SectionType = TypeVar("SectionType", bound=Section)

_PROBLEMS_TOLD = 20


def load_section(path: Path, name: str, section: type[SectionType]) -> SectionType:
    """The section `name` of the file at `path`, checked.

    Raises:
        ParamsError: the file or the section is missing, or any of its values is wrong; all of them are named.
    """
    values = read_settings(path)
    if name not in values:
        raise ParamsError(f"{path} {name}: no such section{_did_you_mean(name, list(values))}")
    return parse_section(values[name], f"{path} {name}", section)


def parse_section(values: Any, where: str, section: type[SectionType]) -> SectionType:
    """`values` as a `section`; `where` begins every line of the error that is raised for wrong ones."""
    try:
        return section.model_validate(values)
    except ValidationError as error:
        raise ParamsError("\n".join(explain(error, where, section))) from None


def explain(error: ValidationError, where: str, section: type[BaseModel], *, unquoted: str | None = None) -> list[str]:
    """One line for each problem, such as `params.yaml train.beam_size: got 0, need >= 1`; values are cut short.

    Args:
        error: of pydantic.
        where: begins each line.
        section: what was to be made.
        unquoted: a field of which neither values nor names are told, since they are a user's text.

    Returns:
        The first twenty, and a line that says how many more there are.
    """
    problems = error.errors(include_url=False)
    told = [
        _explain_unquoted(problem) if problem["loc"][:1] == (unquoted,) else _explain(problem, where, section)
        for problem in problems[:_PROBLEMS_TOLD]
    ]
    left = len(problems) - len(told)
    return [*told, *([f"and {left:,} more problems"] if left else [])]


def read_settings(path: Path) -> dict[str, Any]:
    """The file's content as it stands, nothing checked but that it has names at its top.

    Raises:
        ParamsError: the file is missing, is not YAML or has something else at its top.
    """
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ParamsError(f"{path}: no such file; run in the project's root") from None
    except yaml.YAMLError as error:
        raise ParamsError(f"{path}: not YAML: {error}") from None
    if not isinstance(values, dict):
        raise ParamsError(f"{path}: got {type(values).__name__}, need sections of settings")
    return values


def changed_settings(settings: Mapping[str, Any], changes: Mapping[str, Any], where: str) -> dict[str, Any]:
    """`settings` with `changes` in them, however deep; a list is replaced whole.

    Args:
        settings: as `read_settings` gives them; they stay as they are.
        changes: some of them, with other values.
        where: begins the error, as the file and the place of the changes in it.

    Raises:
        ParamsError: `settings` have no such name, or a group of settings would become a value or the reverse.
    """
    changed = dict(settings)
    for name, value in changes.items():
        place = f"{where}.{name}"
        old = chosen_of(settings, name, place)
        if isinstance(value, Mapping) != isinstance(old, Mapping):
            need = f"settings, as {', '.join(old)}" if isinstance(old, Mapping) else f"a value, as {_short(repr(old))}"
            raise ParamsError(f"{place}: got {_short(repr(value))}, need {need}")
        changed[name] = changed_settings(old, value, place) if isinstance(value, Mapping) else value
    return changed


def chosen_of(known: Mapping[str, Any], name: str, where: str) -> Any:
    """What `known` has under `name`.

    Raises:
        ParamsError: it has nothing of that name; the nearest is suggested.
    """
    if name not in known:
        raise ParamsError(f"{where}: got {_short(repr(name))}, which is not there{_did_you_mean(name, list(known))}")
    return known[name]


def _explain(problem: Any, where: str, section: type[BaseModel]) -> str:
    location = [_short(str(part)) for part in problem["loc"]]
    place = ".".join(filter(None, [where, *location]))
    if problem["type"] == "extra_forbidden":
        return f"{place}: unknown setting{_did_you_mean(location[-1], _keys_beside(location, section))}"
    if problem["type"] == "missing":
        return f"{place}: missing"
    if problem["type"] == "value_error":
        return f"{place}: {problem['ctx']['error']}"
    return f"{place}: got {_short(repr(problem['input']))}, {_need(problem)}"


def _explain_unquoted(problem: Any) -> str:
    """The problem by its field, and by the part of that where the section has named it and not the user."""
    field, *parts = problem["loc"]
    if problem["type"] == "extra_forbidden":
        return f"{field}: has an unknown setting"
    place = ".".join(map(str, [field, *parts[:1]]))
    if problem["type"] == "missing":
        return f"{place}: missing"
    return f"{place}: {problem['ctx']['error'] if problem['type'] == 'value_error' else _need(problem)}"


def _short(text: str) -> str:
    return text if len(text) <= 80 else f"{text[:60]}…{text[-10:]}"


def _need(problem: Any) -> str:
    context = problem.get("ctx", {})
    for bound, sign in (("ge", ">="), ("gt", ">"), ("le", "<="), ("lt", "<")):
        if bound in context:
            return f"need {sign} {context[bound]}"
    if problem["type"] == "literal_error":
        return f"need one of {context['expected']}"
    return str(problem["msg"][0].lower() + problem["msg"][1:])


def _keys_beside(location: list[str], section: type[BaseModel]) -> list[str]:
    for name in location[:-1]:
        field = section.model_fields.get(name)
        if field is None or not isinstance(field.annotation, type) or not issubclass(field.annotation, BaseModel):
            return []
        section = field.annotation
    return list(section.model_fields)


def _did_you_mean(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; known are {', '.join(known)}" if known else ""
