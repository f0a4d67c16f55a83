"""The words that are compared, and how one that is asked for is found among them.

They are the whole words of the training text, never subwords; which side of the corpus they are of stays with them, as
a word may be one of both.
"""

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from enface.data.prepared import PreparedFolder
from enface.data.vocabulary import count_words
from enface.errors import ParamsError

_NEAR = 3


@dataclass(frozen=True)
class Word:
    """A word of the training text: how it is spelt, its side ("source" or "target"), and how often it stands there."""

    text: str
    side: str
    count: int


def training_words(prepared: PreparedFolder, sides: Sequence[str]) -> list[Word]:
    """The words of these sides of the training text, side by side, the most frequent of each first."""
    return [Word(text, side, count) for side in sides for text, count in count_words(prepared, side).items()]


def find_words(words: Sequence[Word], texts: Iterable[str]) -> list[int]:
    """The places of the first word that is spelt like each of `texts`.

    Raises:
        ParamsError: some of them are unknown; all of these are named, each with the nearest spellings.
    """
    places: dict[str, int] = {}
    for place, word in enumerate(words):
        places.setdefault(word.text, place)
    wanted = list(texts)
    if unknown := [text for text in wanted if text not in places]:
        sides = " and ".join(dict.fromkeys(word.side for word in words))
        raise ParamsError(
            "\n".join(_unknown(text, list(places)) for text in dict.fromkeys(unknown))
            + f"\nneed words of the {sides} side of the training text, of which there are {len(words)}"
        )
    return [places[text] for text in wanted]


def _unknown(text: str, known: list[str]) -> str:
    """A line on an unknown word; upper and lower case do not count when near spellings are looked for."""
    spellings: dict[str, list[str]] = {}
    for word in known:
        spellings.setdefault(word.casefold(), []).append(word)
    found = difflib.get_close_matches(text.casefold(), list(spellings), n=_NEAR)
    near = [word for folded in found for word in spellings[folded]]
    return f"{text!r}: no such word" + (f"; near spellings are {', '.join(near)}" if near else "")
