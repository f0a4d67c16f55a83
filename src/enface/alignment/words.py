"""What a word is, for alignment: the one place that says so.

A word is a run of characters other than white space, and each mark of punctuation is a word of its own; hyphens and
apostrophes stay inside. On plain text this is the segmentation of hand-aligned sets such as ../shared/gold:
`re.sub(r'([.,;:!?"()])', r' \\1 ', text).split()`.
"""

import re

PUNCTUATION = '.,;:!?"()«»„“”‚…¡¿'

_WORD = re.compile(rf"[{PUNCTUATION}]|[^\s{PUNCTUATION}]+")

Span = tuple[int, int]


def word_spans(text: str) -> list[Span]:
    """The character spans `(start, end)` of the words of `text`, in order, not overlapping."""
    return [match.span() for match in _WORD.finditer(text)]


def split_words(text: str) -> list[str]:
    """The words of `text`, in order."""
    return _WORD.findall(text)
