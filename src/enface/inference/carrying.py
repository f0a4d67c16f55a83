"""What a translation gets of its source by the alignment: placeholders first, then the glossary's terms, then tags.

Each works on the words that the one before it left. How it is done stands in `enface.alignment`; here is in which
order, and that the answer's tokens, be they words or subwords, change with the text.
"""

from dataclasses import dataclass, replace

from enface.alignment.edits import Edit, edited
from enface.alignment.glossary import Honoured, Term, honour
from enface.alignment.placeholders import placeholders_in
from enface.alignment.projection import AlignedTexts
from enface.alignment.restoring import restore
from enface.alignment.tags import place_tags
from enface.alignment.words import Span
from enface.inference.reports import Reports
from enface.inference.source import Source, written


@dataclass(frozen=True)
class Draft:
    """A translation without tags: aligned by the answer's tokens, and by words.

    `origins` has for each of the tokens its number among those that the model chose, None for one that was put in.
    """

    tokens: AlignedTexts
    words: AlignedTexts
    origins: list[int | None]

    def edited(self, edits: list[Edit]) -> "Draft":
        """The draft after the edits."""
        if not edits:
            return self
        changed = edited(self.tokens, edits)
        words = changed.texts if self.words is self.tokens else edited(self.words, edits).texts
        return Draft(changed.texts, words, [None if at is None else self.origins[at] for at in changed.origins])


@dataclass(frozen=True)
class Carried:
    """The answer's text, the draft that it was made from, the characters of each of its tokens, and what was done."""

    text: str
    draft: Draft
    spans: list[Span]
    reports: Reports


def carry(source: Source, draft: Draft) -> Carried:
    """The draft with all that the source wants to find in it."""
    reports = Reports()
    if source.placeholders:
        edits, restored = restore(draft.words, source.placeholders)
        draft, reports = draft.edited(edits), replace(reports, placeholders=restored)
    if source.terms is not None:
        protected = [each.span for each in placeholders_in(draft.words.target)] if source.placeholders else []
        edits, honoured = honour(draft.words, source.terms, protected)
        told = Honoured(_as_given(source, honoured.replaced), _as_given(source, honoured.missed))
        draft, reports = draft.edited(edits), replace(reports, glossary=told)
    text, spans = draft.tokens.target, draft.tokens.target_spans
    if source.marked:
        tagged = place_tags(source.marked, draft.words)
        text, spans = tagged.text, written(spans, tagged.characters)
        reports = replace(reports, unplaced=tagged.unplaced)
    return Carried(text, draft, spans, reports)


def _as_given(source: Source, terms: list[Term]) -> list[Term]:
    """The terms with their characters in the text that was given."""
    spans = source.given([term.span for term in terms])
    return [replace(term, span=span) for term, span in zip(terms, spans, strict=True)]
