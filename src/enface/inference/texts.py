"""Which texts can be translated at all.

White space alone is fine (its translation is empty). What is refused: anything that is not a string, NUL, half a
surrogate pair (no UTF-8 can carry it) and texts beyond the bundle's length. A message gives the text's index, lengths
and positions, never a piece of the text.
"""

import re
from collections.abc import Iterable

from enface.errors import RequestError

_UNUSABLE = re.compile("[\0\ud800-\udfff]")
_PROBLEMS_SHOWN = 20


def check_texts(texts: Iterable[object], max_characters: int, *, label: str = "text[{}]", first: int = 0) -> None:
    """Nothing, if every text can be translated.

    Args:
        texts: the texts; a lone string is refused, for its characters are not what was meant.
        max_characters: the longest text allowed.
        label: how a message names a text; its index stands for the braces.
        first: the index of the first text.

    Raises:
        RequestError: one line for each text that cannot be translated.
    """
    if problems := text_problems(texts, max_characters, label=label, first=first):
        raise RequestError("\n".join(problems))


def text_problems(
    texts: Iterable[object], max_characters: int, *, label: str = "text[{}]", first: int = 0
) -> list[str]:
    """One line for each text that cannot be translated, the first twenty of them; as `check_texts` says."""
    if isinstance(texts, str):
        return ["texts: got a string, need a list of strings"]
    problems = [
        f"{label.format(index)}: {problem}"
        for index, text in enumerate(texts, start=first)
        if (problem := _problem(text, max_characters))
    ]
    left = len(problems) - _PROBLEMS_SHOWN
    return [*problems[:_PROBLEMS_SHOWN], *([f"and {left} more texts like these"] if left > 0 else [])]


def _problem(text: object, max_characters: int) -> str | None:
    if not isinstance(text, str):
        return f"got {type(text).__name__}, need a string"
    if len(text) > max_characters:
        return f"got {len(text):,} characters, need <= {max_characters:,}; send it in smaller parts"
    if found := _UNUSABLE.search(text):
        what = "NUL (U+0000)" if found[0] == "\0" else f"half a surrogate pair (U+{ord(found[0]):04X})"
        return f"got {what} at character {found.start()}, need text that UTF-8 can carry and NUL is not in"
    return None
