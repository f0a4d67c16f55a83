"""What a word is, for alignment: the one place that says so.

A word is a run of characters other than blanks, and each mark of punctuation is a word of its own; hyphens and
apostrophes stay inside. Blanks are white space and control characters, what the tokenizer turns into single spaces, so
that every word has at least one subword. On plain text this is the usual segmentation of hand-aligned sets:
`re.sub(r'([.,;:!?"()])', r' \\1 ', text).split()`.
"""

import re

PUNCTUATION = '.,;:!?"()«»„“”‚…¡¿'

_BLANK = r"\s\x00-\x1f\x7f-\x9f"
_WORD = re.compile(rf"[{PUNCTUATION}]|[^{_BLANK}{PUNCTUATION}]+")

Span = tuple[int, int]


def word_spans(text: str) -> list[Span]:
    """The character spans `(start, end)` of the words of `text`, in order, not overlapping."""
    return [match.span() for match in _WORD.finditer(text)]


def split_words(text: str) -> list[str]:
    """The words of `text`, in order."""
    return _WORD.findall(text)
