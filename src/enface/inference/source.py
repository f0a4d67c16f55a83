"""A text as it was given, and what of it is translated: what it is apart from its tags, and what must come through."""

from collections.abc import Sequence
from dataclasses import dataclass

from enface.alignment.glossary import Term, terms_in
from enface.alignment.markup import Marked, parse_markup
from enface.alignment.placeholders import Placeholder, placeholders_in
from enface.alignment.words import Span, word_spans
from enface.errors import RequestError
from enface.inference.options import TranslateOptions

_LARGEST_CARRIED_CELLS = 1_000_000


@dataclass(frozen=True)
class Source:
    """A text to translate.

    Attributes:
        text: what is translated, which is what was given but for its tags.
        marked: the text with its tags, taken apart; None where it was not given as markup.
        placeholders: what is to stand in the translation as it stands here; None where that was not asked for.
        terms: terms of the glossary; None where there is no glossary.
    """

    text: str
    marked: Marked | None = None
    placeholders: list[Placeholder] | None = None
    terms: list[Term] | None = None

    @property
    def carries(self) -> bool:
        """Whether what the model says is not yet the answer."""
        return bool(self.marked or self.placeholders or self.terms)

    def given(self, spans: list[Span]) -> list[Span]:
        """Characters of `text` as characters of the text that was given."""
        return written(spans, self.marked.characters) if self.marked else spans


def read_source(given: str, options: TranslateOptions) -> Source:
    """The text given, read as the options say."""
    marked = parse_markup(given) if options.format == "html" else None
    text = marked.text if marked else given
    placeholders = placeholders_in(text) if options.protect else None
    terms = terms_in(text, word_spans(text), options.glossary.terms) if options.glossary else None
    return Source(text, marked, placeholders, terms)


def check_carried(sources: Sequence[Source], *, n_best: int) -> None:
    """Nothing, if memory and time suffice for what every text carries over: each word put in gets a row of weights.

    Raises:
        RequestError: one line for each text with too much; words put in x words of the source x `n_best` are at most
            1,000,000.
    """
    problems = []
    for index, source in enumerate(sources):
        carried = [*(each.text for each in source.placeholders or []), *(term.wanted for term in source.terms or [])]
        words, put_in = len(word_spans(source.text)), sum(len(word_spans(text)) for text in carried)
        if words * put_in * n_best > _LARGEST_CARRIED_CELLS:
            problems.append(
                f"text[{index}]: got {put_in:,} words of placeholders and terms to carry over, need <= "
                f"{_LARGEST_CARRIED_CELLS // (words * n_best):,} in a text of {words:,} words where n_best is "
                f"{n_best}; send it in smaller parts"
            )
    if problems:
        raise RequestError("\n".join(problems))


def written(spans: list[Span], characters: list[Span]) -> list[Span]:
    """Spans of a text as spans of another in which its characters are written, with something between them.

    Args:
        spans: in the text.
        characters: where in the other each character of the text is written.
    """
    ends = [*characters, (characters[-1][1], characters[-1][1]) if characters else (0, 0)]
    return [(ends[start][0], ends[end - 1][1] if end > start else ends[start][0]) for start, end in spans]
