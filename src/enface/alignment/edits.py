"""Changes to a translation that keep its alignment: words replaced, put in or taken out, and the alignment with them.

A token that was put in has no attention of its own. What is known of it is the source characters it stands for: its row
is even over their tokens, and where it is a copy of them, over the tokens of just its own characters.
"""

import bisect
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from enface.alignment.matrix import AlignmentMatrix
from enface.alignment.projection import AlignedTexts, tokens_in
from enface.alignment.words import PUNCTUATION, Span, word_spans

OPENING = "(«„“‚¡¿"
"""Punctuation that stands before a word, without a blank between."""

_CLOSING = "".join(set(PUNCTUATION) - set(OPENING))


@dataclass(frozen=True)
class Edit:
    """Characters `start` to `end` of a translation become `text`, which stands for the characters `source`.

    It holds whole words; where it ends beside a word, a blank is put between.
    """

    start: int
    end: int
    text: str
    source: Span


_NO_EDIT = Edit(0, 0, "", (0, 0))
_Token = tuple[Span, int | None, tuple[np.ndarray, float]]
"""A token's characters, its number before, its row of weights and its null share."""


@dataclass(frozen=True)
class Edited:
    """A changed translation; for each of its tokens the number of the token it was before, None if it was put in."""

    texts: AlignedTexts
    origins: list[int | None]


def edited(texts: AlignedTexts, edits: Sequence[Edit]) -> Edited:
    """`texts` with its translation changed; the tokens that were put in are words.

    Args:
        texts: a translation whose tokens may be words or subwords.
        edits: in any order. Where two would overlap, the later one gives way; at one place they keep their order.
    """
    target, placed = _spelt(texts.target, _apart(edits))
    tokens = _kept(texts, placed)
    for edit, (begin, _) in placed:
        tokens += [
            ((begin + part[0], begin + part[1]), None, _row(texts, edit, part)) for part in word_spans(edit.text)
        ]
    tokens.sort(key=lambda token: token[0])
    rows = np.array([row for _, _, (row, _) in tokens]).reshape(len(tokens), len(texts.source_spans))
    matrix = AlignmentMatrix(rows, np.array([null for _, _, (_, null) in tokens]))
    spans = [span for span, _, _ in tokens]
    changed = AlignedTexts(texts.source, texts.source_spans, target, spans, matrix)
    return Edited(changed, [origin for _, origin, _ in tokens])


def _apart(edits: Sequence[Edit]) -> list[Edit]:
    """The edits from left to right, none beginning before the one before it ends."""
    apart: list[Edit] = []
    end = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
        start = max(edit.start, end)
        end = max(edit.end, start)
        apart.append(Edit(start, end, edit.text, edit.source))
    return apart


def _spelt(target: str, edits: Sequence[Edit]) -> tuple[str, list[tuple[Edit, Span]]]:
    """The changed text, and where in it each edit's text begins and what follows it; with blanks as needed."""
    spelt, done = "", 0
    placed: list[tuple[Edit, Span]] = []
    for edit in edits:
        spelt += target[done : edit.start]
        if edit.text and spelt and not spelt[-1].isspace() and spelt[-1] not in OPENING:
            spelt += " "
        begin, done = len(spelt), edit.end
        spelt += edit.text
        if _runs_on(target[done:]) if edit.text else _joins(spelt[-1:], target[done : done + 1]):
            spelt += " "
        placed.append((edit, (begin, len(spelt))))
    return spelt + target[done:], placed


def _runs_on(rest: str) -> bool:
    """Whether what follows would join the word before it: all but a blank, and marks with a blank behind them."""
    return rest.lstrip(_CLOSING)[:1].strip() != ""


def _joins(before: str, behind: str) -> bool:
    """Whether two characters, put together, would be of one word."""
    return len(word_spans(before + behind)) == 1 and len(word_spans(before)) == len(word_spans(behind)) == 1


def _kept(texts: AlignedTexts, placed: Sequence[tuple[Edit, Span]]) -> list[_Token]:
    """The tokens that no edit replaces, where they stand now."""
    starts = [edit.start for edit, _ in placed]
    kept: list[_Token] = []
    for index, (start, end) in enumerate(texts.target_spans):
        before = bisect.bisect_right(starts, start)
        edit, (_, after) = placed[before - 1] if before else (_NO_EDIT, (0, 0))
        if start >= edit.end:
            moved = after - edit.end
            row = texts.matrix.weights[index], float(texts.matrix.null[index])
            kept.append(((start + moved, end + moved), index, row))
    return kept


def _row(texts: AlignedTexts, edit: Edit, part: Span) -> tuple[np.ndarray, float]:
    """The weights and the null share of a token that was put in, at characters `part` of the edit's text."""
    start, end = edit.source
    if texts.source[start:end] == edit.text:
        start, end = start + part[0], start + part[1]
    first, last = tokens_in(texts.source_spans, (start, end))
    row = np.zeros(len(texts.source_spans))
    row[first:last] = 1.0
    if first == last:
        row[:] = 1.0
    return row / max(row.sum(), 1.0), float(first == last)
