"""Which way words are read, told from their own letters, so that nobody has to be told the language.

Pictures put words on their axes in this direction. How the letters inside a word are drawn is the affair of whatever
draws them.
"""

import unicodedata
from collections.abc import Sequence

_LEFT_TO_RIGHT, _RIGHT_TO_LEFT = "L", ("R", "AL")


def is_right_to_left(word: str) -> bool | None:
    """Whether the word's first letter with a direction is Hebrew, Arabic or the like; None for `12` or `...`.

    The classes of the Unicode bidirectional algorithm (UAX #9, rules P2 and P3).
    """
    classes = map(unicodedata.bidirectional, word)
    strong = (found for found in classes if found == _LEFT_TO_RIGHT or found in _RIGHT_TO_LEFT)
    first = next(strong, None)
    return None if first is None else first in _RIGHT_TO_LEFT


def read_from_right(words: Sequence[str]) -> bool:
    """Whether a sentence of these words is read from right to left: at least half of those with a direction are.

    Half is enough, since texts in Arabic or Hebrew hold foreign names in Latin letters more often than the reverse.
    """
    directions = [found for found in map(is_right_to_left, words) if found is not None]
    return bool(directions) and 2 * sum(directions) >= len(directions)
