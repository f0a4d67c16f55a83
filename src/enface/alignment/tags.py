"""The tags of a source text, put into its translation by the alignment (`detag and project`).

Every tag of the source stands in the answer once, nested as it was; but for end tags that end nothing, which would end
something else there. How tagged text is read stands in `markup.py`, where its tags go in `placing.py`.
"""

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from enface.alignment.markup import Marked, Tag
from enface.alignment.placing import Placing
from enface.alignment.projection import AlignedTexts
from enface.alignment.splitting import split_at
from enface.alignment.words import Span

Reason = Literal["no_start_tag", "no_end_tag", "no_aligned_word"]


@dataclass(frozen=True)
class Unplaced:
    """A tag that could not be placed as it was: the tag, its characters in the text given, and why.

    - no_start_tag: an end tag that ends nothing; it is left out.
    - no_end_tag: a start tag that nothing ends; it stands alone where its text would begin.
    - no_aligned_word: no target word stands for its text; start and end tag stand around nothing.
    """

    tag: str
    span: Span
    reason: Reason


@dataclass(frozen=True)
class Tagged:
    """A translation with its tags, where in it each character of the bare translation is written, and what failed."""

    text: str
    characters: list[Span]
    unplaced: list[Unplaced]


def place_tags(marked: Marked, texts: AlignedTexts) -> Tagged:
    """The translation with the tags of its source; what is text in it is escaped.

    Args:
        marked: the source, taken apart.
        texts: its plain text, the translation of that, and the alignment of their words.
    """
    placing = Placing(marked, split_at(texts, (tag.position for tag in _tags(marked))))
    text, characters = _written(texts.target, placing.in_order())
    return Tagged(text, characters, _unplaced(marked, placing))


def _tags(marked: Marked) -> list[Tag]:
    return [tag for element in marked.elements for tag in (element.start, element.end) if tag]


def _written(target: str, tags: Sequence[tuple[int, str]]) -> tuple[str, list[Span]]:
    """The text with its tags, what is text escaped, and where each of its characters is written."""
    pieces: list[str] = []
    characters: list[Span] = []
    length = done = 0
    for position, tag in [*tags, (len(target), "")]:
        for character in target[done:position]:
            pieces.append(html.escape(character, quote=False))
            characters.append((length, length + len(pieces[-1])))
            length += len(pieces[-1])
        pieces.append(tag)
        length, done = length + len(tag), position
    return "".join(pieces), characters


def _unplaced(marked: Marked, placing: Placing) -> list[Unplaced]:
    """What could not be placed, in the order of the text given."""
    found = [Unplaced(tag.text, tag.span, "no_start_tag") for tag in marked.strays]
    for index, element in enumerate(marked.elements):
        if element.start.kind == "start" and element.end is None:
            found.append(Unplaced(element.start.text, element.start.span, "no_end_tag"))
        elif placing.is_lost(index):
            found.append(Unplaced(element.start.text, element.start.span, "no_aligned_word"))
    return sorted(found, key=lambda problem: problem.span)
