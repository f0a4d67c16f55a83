"""Text with inline tags, taken apart: the plain text that a reader sees, and its tags with their places.

No whole HTML parser: what a tag is, which tags are a pair, what an entity stands for. Whatever is no tag is text, so
that every string can be read. How tags are placed in a translation is told in `tags.py`.
"""

import html
import re
from dataclasses import dataclass, field
from typing import Literal

from enface.alignment.words import Span

_VOID = re.compile("area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr")
_BREAK = re.compile(
    "address|article|aside|blockquote|br|d[dlt]|details|div|fieldset|fig(caption|ure)|footer|form|h[1-6r]|header|legend|"
    "li|main|nav|[ou]l|option|p|pre|section|summary|t[dhr]|table|tbody|tfoot|thead"
)
_TAG = re.compile(r"""<(/?)([A-Za-z][^\s<>/"']*+)((?>(?:[^<>"']|"[^"]*+"|'[^']*+')*))>""")
_HIDDEN = {"<!--": "-->", "<![CDATA[": "]]>", "<!": ">", "<?": r"\?>"}
"""What begins and what ends (as a pattern) that which no reader sees."""

_HIDDEN_ELEMENTS = {"script": "(?i)</script[^>]*>", "style": "(?i)</style[^>]*>"}
_ENTITY = re.compile(r"&(?:#[0-9]{1,32}|#[xX][0-9a-fA-F]{1,32}|[A-Za-z][A-Za-z0-9]{1,31});?")

TagKind = Literal["start", "end", "alone"]


@dataclass(frozen=True)
class Tag:
    """A tag as it is written, its characters in the text given, and how many characters of plain text come before it.

    A tag that stands alone has no counterpart: `<br>`, `<x/>`, a comment, a whole `<script>`. The name of a comment is
    empty.
    """

    text: str
    name: str
    kind: TagKind
    span: Span
    position: int

    @property
    def is_break(self) -> bool:
        """Whether it parts the words on either side."""
        return _BREAK.fullmatch(self.name) is not None


@dataclass(frozen=True)
class Element:
    """A start tag and its end tag, if it has one; and the number of the nearest element around it with both, or -1."""

    start: Tag
    end: Tag | None
    parent: int


@dataclass(frozen=True)
class Marked:
    """Text with tags, taken apart.

    Attributes:
        given: the text with its tags.
        text: the text without them, entities replaced by what they stand for.
        characters: where in `given` each character of `text` is written; one that only stands for the break of a `<br>`
            or of a paragraph has an empty span there.
        elements: in the order of their start tags.
        strays: end tags without a start tag.
    """

    given: str
    text: str
    characters: list[Span]
    elements: list[Element]
    strays: list[Tag]


def parse_markup(given: str) -> Marked:
    """`given` taken apart; a `<` that begins no tag, and an `&` that begins no entity, are text."""
    reader = _Reader(given)
    at = 0
    while at < len(given):
        tag = given.find("<", at)
        reader.read_text(at, len(given) if tag < 0 else tag)
        at = len(given) if tag < 0 else reader.read_tag(tag)
    elements, strays = _paired(reader.tags)
    return Marked(given, "".join(reader.text), reader.characters, elements, strays)


@dataclass
class _Reader:
    """What was read so far; the text as its characters."""

    given: str
    text: list[str] = field(default_factory=list)
    characters: list[Span] = field(default_factory=list)
    tags: list[Tag] = field(default_factory=list)
    _absent: set[str] = field(default_factory=set)

    def read_text(self, start: int, end: int) -> None:
        """Adds the text of these characters, entities decoded."""
        for entity in _ENTITY.finditer(self.given, start, end):
            meant = html.unescape(entity[0])
            if meant != entity[0]:
                self._add_as_written(start, entity.start())
                start = entity.end()
                self._add(meant, (entity.start(), start))
        self._add_as_written(start, end)

    def read_tag(self, start: int) -> int:
        """Adds the tag that begins at `start`, or the `<` that begins none; the answer is where to read on."""
        for opening, closing in _HIDDEN.items():
            if self.given.startswith(opening, start):
                end = self._closed(closing, start + len(opening))
                return self._add_tag("", "alone", (start, end)) if end else self._add_as_written(start, start + 1)
        found = _TAG.match(self.given, start)
        if not found:
            return self._add_as_written(start, start + 1)
        name, end = found[2].lower(), found.end()
        if name in _HIDDEN_ELEMENTS:
            end = 0 if found[1] else self._closed(_HIDDEN_ELEMENTS[name], end)
            return self._add_tag(name, "alone", (start, end)) if end else self._add_as_written(start, start + 1)
        alone = bool(_VOID.fullmatch(name)) or found[3].endswith("/")
        return self._add_tag(name, "end" if found[1] else "alone" if alone else "start", (start, end))

    def _add(self, text: str, written: Span) -> None:
        self.text += text
        self.characters += [written] * len(text)

    def _add_as_written(self, start: int, end: int) -> int:
        self.text += self.given[start:end]
        self.characters += [(at, at + 1) for at in range(start, end)]
        return end

    def _add_tag(self, name: str, kind: TagKind, span: Span) -> int:
        if _BREAK.fullmatch(name) and self.text and not self.text[-1].isspace():
            self._add(" ", (span[0], span[0]))
        self.tags.append(Tag(self.given[span[0] : span[1]], name, kind, span, len(self.characters)))
        return span[1]

    def _closed(self, closing: str, start: int) -> int:
        """Where the next `closing` ends; 0 if there is none, which is found out only once."""
        found = None if closing in self._absent else re.compile(closing).search(self.given, start)
        if found is None:
            self._absent.add(closing)
            return 0
        return found.end()


def _paired(tags: list[Tag]) -> tuple[list[Element], list[Tag]]:
    """The elements, and the end tags that end none. An end tag leaves what began inside its element without an end."""
    starts: list[tuple[Tag, int]] = []
    ends: dict[int, Tag] = {}
    strays: list[Tag] = []
    around: list[int] = []
    for tag in tags:
        if tag.kind != "end":
            starts.append((tag, around[-1] if around else -1))
            around += [len(starts) - 1] if tag.kind == "start" else []
            continue
        depth = next((depth for depth in reversed(range(len(around))) if starts[around[depth]][0].name == tag.name), -1)
        if depth < 0:
            strays.append(tag)
        else:
            ends[around[depth]] = tag
            del around[depth:]
    parents: list[int] = []
    for _, parent in starts:
        parents.append(parent if parent in ends or parent < 0 else parents[parent])
    return [Element(tag, ends.get(index), parents[index]) for index, (tag, _) in enumerate(starts)], strays
