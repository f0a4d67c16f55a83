"""Presets: recipes under a name, each a YAML file beside this module with the settings that it changes.

A preset is written into params.yaml once, so that file stays the one place of every number. All presets name the same
settings, so that nothing of one stays behind when another is chosen; the languages alone are left as they are.
"""

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from enface.errors import ParamsError
from enface.outputs import whole_file
from enface.params import Section, changed_settings, chosen_of, parse_section, read_settings


class PresetSection(Section):
    """The whole of a preset's file: what it is, and the part of params.yaml that it sets."""

    about: str
    changes: dict[str, Any]


def presets() -> dict[str, PresetSection]:
    """All presets by name, in alphabetical order."""
    files = sorted(Path(__file__).parent.glob("*.yaml"), key=lambda file: file.stem)
    return {file.stem: parse_section(read_settings(file), file.name, PresetSection) for file in files}


def choose(params: Path, name: str, *, source_language: str | None, target_language: str | None) -> dict[str, Any]:
    """Writes the preset `name` into the file at `params`, whose comments stay; the settings that this changed.

    Args:
        params: the settings, usually params.yaml.
        name: of the preset.
        source_language: two letters, or none to leave that of the preset or of the file.
        target_language: likewise.

    Returns:
        By dotted name, the new value of each setting that had another one.

    Raises:
        ParamsError: there is no such preset, or the file is missing, broken or without one of the preset's settings.
    """
    changes = chosen_of(presets(), name, "preset").changes
    languages = {"source_language": source_language, "target_language": target_language}
    changes["corpus"] |= {setting: code for setting, code in languages.items() if code is not None}
    before = read_settings(params)
    after = dict(_flat(changed_settings(before, changes, f"{params}: preset {name}")))
    _rewrite(params, changes)
    return {setting: value for setting, value in after.items() if value != dict(_flat(before))[setting]}


def _rewrite(params: Path, changes: Mapping[str, Any]) -> None:
    """Puts the changes into the file's text, in which all else stays as it was written."""
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 4096
    text = io.StringIO()
    try:
        settings = yaml.load(params.read_text(encoding="utf-8"))
    except YAMLError as error:
        raise ParamsError(f"{params}: not YAML that can be rewritten: {error}") from None
    _put(settings, changes)
    yaml.dump(settings, text)
    with whole_file(params) as draft:
        draft.write_text(text.getvalue(), encoding="utf-8")


def _put(settings: Any, changes: Mapping[str, Any]) -> None:
    for name, value in changes.items():
        if isinstance(value, Mapping):
            _put(settings[name], value)
        elif settings[name] != value:  # what stays keeps its spelling
            settings[name] = value


def _flat(settings: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in settings.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value
