"""The words that are compared, and how one that is asked for is found among them.

They are the whole words of the training text, never subwords; which side of the corpus they are of stays with them, as
a word may be one of both.
"""

import difflib
from collections.abc import Iterable, Mapping, Sequence
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
    """The places of the first word that is spelt like each of `texts`, or else differs from it in case alone.

    Raises:
        ParamsError: some of them are unknown, or several words differ from one in case alone; all of these are named,
            each with those words or with the nearest spellings.
    """
    places: dict[str, int] = {}
    for place, word in enumerate(words):
        places.setdefault(word.text, place)
    spellings: dict[str, list[str]] = {}
    for known in places:
        spellings.setdefault(known.casefold(), []).append(known)
    wanted = list(texts)
    meant = {text: [text] if text in places else spellings.get(text.casefold(), []) for text in wanted}
    if unclear := [text for text, found in meant.items() if len(found) != 1]:
        sides = " and ".join(dict.fromkeys(word.side for word in words))
        raise ParamsError(
            "\n".join(_unclear(text, spellings) for text in unclear)
            + f"\nneed words of the {sides} side of the training text, of which there are {len(words)}"
        )
    return [places[meant[text][0]] for text in wanted]


def _unclear(text: str, spellings: Mapping[str, list[str]]) -> str:
    """A line on a word that is unknown or several; case does not count when near spellings are looked for."""
    if several := spellings.get(text.casefold()):
        return f"{text!r}: no such word, and several differ from it in case alone: {', '.join(several)}"
    found = difflib.get_close_matches(text.casefold(), list(spellings), n=_NEAR)
    near = [word for folded in found for word in spellings[folded]]
    return f"{text!r}: no such word" + (f"; near spellings are {', '.join(near)}" if near else "")
