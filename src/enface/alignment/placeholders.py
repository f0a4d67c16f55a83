"""What stands in a text for something else and must come through a translation unchanged, found by how it is written.

Names in braces (`{name}`, `{0}`, `{{ user.name }}`, `${x}`, `%{x}`), printf's directives (`%s`, `%(count)d`, `%1$s`,
`%.2f`, `%1`), URLs, e-mail addresses and numbers. How they are brought back where a model lost them is told in
`restoring.py`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np

from enface.alignment.words import Span

Kind = Literal["name", "printf", "url", "email", "number"]

_SEPARATOR = "[.,:/'’\u00a0\u202f\u2013-]"
_KINDS: dict[Kind, str] = {
    "url": r"(?:https?|ftp)://[^\s<>\"]+|\bwww\.[^\s<>\"]+",
    "email": r"(?<![\w.+-])[\w.+-]++@[\w-]++(?>(?:\.[\w-]++)+)",
    "name": r"\{\{[^{}\n]{1,100}\}\}|[$#%]?\{ ?[^{}\s]{0,100} ?\}",
    "printf": r"(?<![\d%])%(?:\(\w{1,100}\))?(?:\d{1,2}\$)?(?>[-+#0]*)(?>\d*)(?:\.\d+)?"
    r"(?:hh|ll|[hlLzjt])?[sdiufFeExXgGcr@]"
    r"|(?<![\d%])%\d{1,2}(?![\w.,])",
    "number": rf"(?<!\w)(?<!\w[.,])\d++(?>(?:{_SEPARATOR}\d++)*)(?!\w)",
}
"""Groups are atomic and not possessive: Python before 3.11.5 takes too much for the latter (gh-106052)."""

_ANY = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _KINDS.items()))
_SIGN = re.compile(r"[\d{%@]|://|www\.")
"""Every placeholder has one of these; most texts have none."""

_CLOSING = ".,;:!?'\"»”…。、，！？」』）"
_PAIRS = {")": "(", "]": "[", "}": "{"}


@dataclass(frozen=True)
class Placeholder:
    """A placeholder as it is written, and its characters in its text."""

    kind: Kind
    text: str
    span: Span


def placeholders_in(text: str) -> list[Placeholder]:
    """The placeholders of `text`, in order, not overlapping."""
    return list(_found(text)) if _SIGN.search(text) else []


def _found(text: str) -> Iterator[Placeholder]:
    at = 0
    while match := _ANY.search(text, at):
        kind = next(kind for kind in _KINDS if match[kind] is not None)
        end = match.end() if kind != "url" else _end_of_url(text, match.start(), match.end())
        yield Placeholder(kind, text[match.start() : end], (match.start(), end))
        at = end


def _end_of_url(text: str, start: int, end: int) -> int:
    """Where the URL ends: before the punctuation of its sentence, and before a bracket that opened outside of it."""
    while end > start + 1:
        last = text[end - 1]
        opening = _PAIRS.get(last)
        if last not in _CLOSING and (
            opening is None or text.count(opening, start, end) >= text.count(last, start, end)
        ):
            break
        end -= 1
    return end


def same_number(number: str) -> re.Pattern[str]:
    """Finds a number with the same digits, however its groups are parted: `1,000.5` is also `1.000,5`.

    It is none where the digits are part of a longer number or word, as in `3.5`, `15` and `B5` for 5; `5%`, `5er` and
    `5-10` hold one.
    """
    digits = _SEPARATOR.join(digit_groups(number))
    return re.compile(rf"(?<!\w)(?<!\d[.,]){digits}(?!\d)(?![.,]\d)")


def digit_groups(number: str) -> list[str]:
    """The digits of a number, group by group."""
    return re.findall(r"\d+", number)


class Occurrences:
    """Where placeholders stand in a translation; no two at one place."""

    def __init__(self, target: str) -> None:
        self._target = target
        self._taken = np.zeros(len(target), dtype=bool)
        self._spans: dict[str, list[Span]] = {}
        for placeholder in placeholders_in(target):
            if placeholder.kind != "number":
                self._spans.setdefault(placeholder.text, []).append(placeholder.span)
                self._taken[slice(*placeholder.span)] = True

    def of(self, placeholder: Placeholder) -> list[Span]:
        """Those of one placeholder; of a number, with its digits however they are parted."""
        if placeholder.kind != "number":
            return self._spans.get(placeholder.text, [])
        matches = same_number(placeholder.text).finditer(self._target)
        found = [match.span() for match in matches if not self._taken[slice(*match.span())].any()]
        for span in found:
            self._taken[slice(*span)] = True
        return found
