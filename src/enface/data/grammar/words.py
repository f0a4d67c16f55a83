"""Words with anchors: how the two sides of a sentence say which of their words mean the same.

Every node of a derivation owns a block of integers, its anchors. Both linearisations mark their words with the anchors
they express: `sure` where the word stands for it, `possible` where it only helps to. Two words that share a sure
anchor are linked for sure; a sure anchor met by a possible one gives a possible link. Nothing here knows a language.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from enface.errors import DataError

# Anchors of one node, relative to its first: a noun phrase, a clause. Other nodes count their English words from 0.
BLOCK = 16
DETERMINER, OF = 8, 9  # of a noun phrase, whose English noun owns the anchors from 0
VERB, AUXILIARY, NEGATION, VERB_PREPOSITION, INFINITIVE_MARK, RECIPIENT_MARK, COMMA, END = range(8)  # of a clause

CLOSING = (".", "?", ",")


class Word(NamedTuple):
    """One word of a sentence, in the sense of `enface.alignment.words`, and the anchors it expresses."""

    text: str
    sure: tuple[int, ...] = ()
    possible: tuple[int, ...] = ()


# A piece of a phrase: the word, and which English words (counted from 0) it renders for sure and possibly.
Piece = tuple[str, tuple[int, ...], tuple[int, ...]]
Phrase = tuple[Piece, ...]


def phrase(text: str, english_words: int) -> Phrase:
    """The pieces of `text`, written like "à?0 côté:01 de:1": sure of the English words after ":", possible after "?".

    A word without a mark is sure of all `english_words`; a bare "?" is possible for all of them.
    """
    every = tuple(range(english_words))
    pieces: list[Piece] = []
    for word in text.split():
        body, has_possible, possible = word.partition("?")
        body, has_sure, sure = body.partition(":")
        possible_words = tuple(int(digit) for digit in possible) if possible or not has_possible else every
        sure_words = tuple(int(digit) for digit in sure) if has_sure or has_possible else every
        if any(index >= english_words for index in sure_words + possible_words):
            raise DataError(f"grammar phrase {text!r}: a mark in {word!r} is beyond its {english_words} English words")
        pieces.append((body, sure_words, possible_words))
    return tuple(pieces)


def render(pieces: Phrase, anchor: int) -> list[Word]:
    """The words of a phrase whose first English word has the given anchor."""
    return [
        Word(text, tuple([anchor + index for index in sure]), tuple([anchor + index for index in possible]))
        for text, sure, possible in pieces
    ]


def english_words(text: str, anchor: int) -> list[Word]:
    """The words of an English phrase, one anchor each, from `anchor` up."""
    return [Word(word, (anchor + index,)) for index, word in enumerate(text.split())]


def settle_commas(words: Sequence[Word]) -> list[Word]:
    """`words` without a comma at the start, before another comma or before the full stop; anchors are kept together."""
    settled: list[Word] = []
    for word in words:
        if settled and settled[-1].text == "," and word.text in CLOSING:
            lost = settled.pop()
            possible = tuple([anchor for anchor in lost.possible if anchor not in word.possible])
            keep = word.text == ","
            word = Word(word.text, word.sure + lost.sure, word.possible + possible) if keep else word
        if settled or word.text != ",":
            settled.append(word)
    return settled


def capitalised(words: Sequence[Word]) -> list[Word]:
    """`words`, the first beginning with a capital."""
    first = words[0]
    return [first._replace(text=first.text[0].upper() + first.text[1:]), *words[1:]]


def text_of(words: Iterable[Word], *, space_before_question_mark: bool = False) -> str:
    """The sentence as it is written: no space before a full stop, a comma or, unless asked, a question mark."""
    spaced = ".," if space_before_question_mark else ".,?"
    pieces: list[str] = []
    for word in words:
        if pieces and word.text not in spaced:
            pieces.append(" ")
        pieces.append(word.text)
    return "".join(pieces)


def pharaoh(source: Sequence[Word], target: Sequence[Word]) -> str:
    """The links of two word sequences, "i-j" sure and "i?j" possible, in order of source then target word."""
    sure_at: dict[int, list[int]] = {}
    possible_at: dict[int, list[int]] = {}
    for index, word in enumerate(target):
        for anchor in word.sure:
            sure_at.setdefault(anchor, []).append(index)
        for anchor in word.possible:
            possible_at.setdefault(anchor, []).append(index)
    links: list[str] = []
    for index, word in enumerate(source):
        marks: dict[int, str] = {}
        for anchor in word.possible:
            for other in sure_at.get(anchor, ()):
                marks[other] = "?"
        for anchor in word.sure:
            for other in possible_at.get(anchor, ()):
                marks[other] = "?"
        for anchor in word.sure:
            for other in sure_at.get(anchor, ()):
                marks[other] = "-"
        for other in sorted(marks):
            links.append(f"{index}{marks[other]}{other}")
    return " ".join(links)
