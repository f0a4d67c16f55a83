"""Terms of a glossary, honoured in a translation: the words that stand for a source term become the wanted ones.

A term is found in the source as the words it is written with: inflected forms are terms of their own. Nothing is put in
where no target word stands for a term; such a term is reported as missed.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from enface.alignment.edits import Edit
from enface.alignment.projection import AlignedTexts, Projection, Run, tokens_in
from enface.alignment.words import Span, split_words


@dataclass(frozen=True)
class Term:
    """A term found in a source text: as it is written there, what it is to be translated to, and its characters."""

    text: str
    wanted: str
    span: Span


class _Known:
    """The terms that begin with the words that lead here, and what the one that ends here is to be."""

    def __init__(self) -> None:
        self.wanted: str | None = None
        self.following: dict[str, _Known] = {}

    def add(self, words: Sequence[str], wanted: str) -> None:
        here = self
        for word in words:
            here = here.following.setdefault(word, _Known())
        here.wanted = wanted

    def longest(self, words: Sequence[str], start: int) -> tuple[int, str]:
        """How many words from `start` on are a term, and what it is to be; 0 if none is."""
        found, here = (0, ""), self
        for place in range(start, len(words)):
            if words[place] not in here.following:
                break
            here = here.following[words[place]]
            if here.wanted is not None:
                found = place + 1 - start, here.wanted
        return found


@dataclass
class Honoured:
    """What became of the terms that the model did not translate as wanted: those replaced, and those missed."""

    replaced: list[Term] = field(default_factory=list)
    missed: list[Term] = field(default_factory=list)


def terms_in(text: str, words: Sequence[Span], glossary: Mapping[str, str]) -> list[Term]:
    """The terms of `glossary` found in `text`, from left to right and not overlapping, the longest first.

    A term without capitals is found in any case; one with capitals only as it is written.

    Args:
        text: the source.
        words: its words.
        glossary: each term, of one or more words, and what it is to be translated to.
    """
    known = _Known()
    for term, want in glossary.items():
        known.add(_words_of(term), want)
    written = [_composed(text[start:end]) for start, end in words]
    lowered = [word.lower() for word in written]
    found: list[Term] = []
    at = 0
    while at < len(written):
        size, want = max(known.longest(written, at), known.longest(lowered, at), key=lambda match: match[0])
        if size:
            span = (words[at][0], words[at + size - 1][1])
            found.append(Term(text[span[0] : span[1]], want, span))
        at += size or 1
    return found


def honour(texts: AlignedTexts, terms: Sequence[Term], protected: Iterable[Span] = ()) -> tuple[list[Edit], Honoured]:
    """The edits that put the wanted terms into the translation, and what becomes of the terms.

    A term is left as it is where the words aligned to it contain what is wanted, in any case; or else where that stands
    as words of its own, aligned to no term, once for each time it is wanted.

    Args:
        texts: a text and its translation, aligned word by word.
        terms: found in the source text.
        protected: characters of the translation that must not change.
    """
    barred = {word for span in protected for word in range(*tokens_in(texts.target_spans, span))}
    parts = [tokens_in(texts.source_spans, term.span) for term in terms]
    runs = Projection(texts.matrix).runs(parts, barred=barred)
    words = [_composed(texts.target[start:end]).casefold() for start, end in texts.target_spans]
    free = set(range(len(words))) - {word for run in runs if run for word in range(*run)}
    honoured = Honoured()
    edits: list[Edit] = []
    for term, run in zip(terms, runs, strict=True):
        now = _text(texts, run)
        if _composed(term.wanted).casefold() in _composed(now).casefold() or _take(term.wanted, words, free):
            continue
        if run:
            start, end = texts.target_spans[run[0]][0], texts.target_spans[run[1] - 1][1]
            edits.append(Edit(start, end, _in_case_of(now, term.wanted), term.span))
        (honoured.replaced if run else honoured.missed).append(term)
    return edits, honoured


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _words_of(text: str) -> tuple[str, ...]:
    return tuple(split_words(_composed(text)))


def _text(texts: AlignedTexts, run: Run | None) -> str:
    return texts.target[texts.target_spans[run[0]][0] : texts.target_spans[run[1] - 1][1]] if run else ""


def _take(wanted: str, words: Sequence[str], free: set[int]) -> bool:
    """Whether what is wanted stands among the free words, which then are free no more."""
    spelt = [word.casefold() for word in _words_of(wanted)]
    for start in range(len(words) - len(spelt) + 1):
        place = range(start, start + len(spelt))
        if spelt == words[start : start + len(spelt)] and free.issuperset(place):
            free.difference_update(place)
            return True
    return False


def _in_case_of(now: str, wanted: str) -> str:
    """What is wanted, with a capital if what it replaces begins with one."""
    return wanted[:1].upper() + wanted[1:] if now[:1].isupper() else wanted
