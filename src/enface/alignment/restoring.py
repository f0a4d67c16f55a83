"""Placeholders brought back into a translation: each one of the source stands in it as often as in the source.

One that the model copied is left alone. One that it altered takes the place of the target words aligned to it; one that
it lost is put where the alignment says its neighbours went; what there is too often is taken out. A placeholder is put
back with whatever is written to it without a blank, as in `$5` or `{count}x`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float

from enface.alignment.edits import Edit
from enface.alignment.placeholders import Occurrences, Placeholder, digit_groups
from enface.alignment.projection import MAJORITY, AlignedTexts, Projection, Run, tokens_in
from enface.alignment.words import Span

_FINAL = (".", "!", "?", "…")


@dataclass
class Restored:
    """What became of the placeholders that the model did not simply copy, each as it is written in the source.

    Attributes:
        replaced: stand where the model wrote something else.
        inserted: stand where they seemed to belong; nothing in the translation came from them.
        removed: stood in the translation once too often.
        rewritten: numbers with the same digits that are parted otherwise, as in 3,5 for 3.5, and how they read now.
    """

    replaced: list[str] = field(default_factory=list)
    inserted: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)
    rewritten: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class _Piece:
    """Source words that hold placeholders, and the numbers of these among all of them."""

    words: Run
    span: Span
    placeholders: list[int]


def restore(texts: AlignedTexts, placeholders: Sequence[Placeholder]) -> tuple[list[Edit], Restored]:
    """The edits that give the translation the source's placeholders, and what becomes of these.

    Args:
        texts: a text and its translation, aligned word by word.
        placeholders: those of the source text.
    """
    restoring = _Restoring(texts, placeholders)
    return restoring.edits(), restoring.done


class _Restoring:
    """Finds out which placeholders were lost, and which edits bring them back."""

    def __init__(self, texts: AlignedTexts, placeholders: Sequence[Placeholder]) -> None:
        self.done = Restored()
        self._texts, self._placeholders = texts, placeholders
        self._projection = Projection(texts.matrix)
        self._found: dict[int, Span] = {}
        self._surplus: list[tuple[int, Span]] = []
        occurrences = Occurrences(texts.target)
        for same in _equal(placeholders):
            self._match(same, occurrences.of(placeholders[same[0]]))

    def edits(self) -> list[Edit]:
        """What to change."""
        pieces = _pieces(self._texts, self._placeholders)
        whole = [piece for piece in pieces if all(index in self._found for index in piece.placeholders)]
        broken = [piece for piece in pieces if piece not in whole]
        kept = {self._found[index]: index for piece in whole for index in piece.placeholders}
        self._tell_rewritten(kept)
        right = [tokens_in(self._texts.target_spans, span) for span in kept]
        barred = {word for run in right for word in range(*run)}
        runs = self._projection.runs([piece.words for piece in broken], barred=barred)
        replaced = [run for run in runs if run]
        put = [self._put(piece, run, [*replaced, *right]) for piece, run in zip(broken, runs, strict=True)]
        unwanted = [span for _, span in self._surplus]
        unwanted += [self._found[index] for piece in broken for index in piece.placeholders if index in self._found]
        return [*put, *self._removals(unwanted, replaced, kept)]

    def _match(self, indices: Sequence[int], spans: Sequence[Span]) -> None:
        """Decides which of equal placeholders is found where; of too few or too many, those that are aligned best."""
        parts = [tokens_in(self._texts.source_spans, self._placeholders[index].span) for index in indices]
        words = [tokens_in(self._texts.target_spans, span)[0] for span in spans]
        shares = np.array([self._projection.shares(part)[words] for part in parts]).reshape(len(parts), len(words))
        pairs = _best_pairs(shares) if len(parts) <= len(words) else [(a, b) for b, a in _best_pairs(shares.T)]
        for place, found in pairs:
            self._found[indices[place]] = spans[found]
        matched = {found for _, found in pairs}
        is_number = self._placeholders[indices[0]].kind == "number"
        for found in set(range(len(spans))) - matched:
            if not is_number or shares[:, found].max() > MAJORITY:
                self._surplus.append((indices[0], spans[found]))

    def _tell_rewritten(self, kept: Mapping[Span, int]) -> None:
        for (start, end), index in kept.items():
            if (now := self._texts.target[start:end]) != self._placeholders[index].text:
                self.done.rewritten.append((self._placeholders[index].text, now))

    def _put(self, piece: _Piece, run: Run | None, closed: Sequence[Run]) -> Edit:
        """The edit that puts the piece where its run is, or if it has none into the best gap."""
        spans = self._texts.target_spans
        lost = [self._placeholders[index].text for index in piece.placeholders if index not in self._found]
        text = self._texts.source[piece.span[0] : piece.span[1]]
        if run:
            self.done.replaced += lost
            return Edit(spans[run[0]][0], spans[run[1] - 1][1], text, piece.span)
        self.done.inserted += lost
        gap = self._projection.gap(piece.words[0], within=(0, self._end(piece, closed)), closed=closed)
        at = spans[gap][0] if gap < len(spans) else len(self._texts.target)
        return Edit(at, at, text, piece.span)

    def _end(self, piece: _Piece, closed: Sequence[Run]) -> int:
        """The last gap for the piece: before the mark that ends the sentence, unless the piece ends the source."""
        spans, sources = self._texts.target_spans, self._texts.source_spans
        is_held = any(last == len(spans) for _, last in closed)
        if not spans or is_held or piece.words[1] == len(sources):
            return len(spans)
        return len(spans) - (self._texts.target[slice(*spans[-1])] in _FINAL)

    def _removals(self, unwanted: Sequence[Span], replaced: Sequence[Run], kept: Mapping[Span, int]) -> list[Edit]:
        """The edits that take out words with a placeholder too many; of such a word, what is to be kept stays."""
        spans, target = self._texts.target_spans, self._texts.target
        gone = {word for run in replaced for word in range(*run)}
        edits = []
        for run in sorted({tokens_in(spans, span) for span in unwanted}):
            if gone.isdisjoint(range(*run)):
                start, end = spans[run[0]][0], spans[run[1] - 1][1]
                stays = sorted(span for span in kept if start <= span[0] and span[1] <= end)
                left = " ".join(target[first:last] for first, last in stays)
                if not left:
                    start, end = _with_blank(target, start, end)
                source = self._placeholders[kept[stays[0]]].span if stays else (0, 0)
                edits.append(Edit(start, end, left, source))
        self.done.removed += [self._placeholders[index].text for index, _ in self._surplus]
        return edits


def _equal(placeholders: Sequence[Placeholder]) -> list[list[int]]:
    """The placeholders' numbers in groups of those that look the same in a translation, the longest first."""
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, placeholder in enumerate(placeholders):
        digits = digit_groups(placeholder.text) if placeholder.kind == "number" else [placeholder.text]
        groups.setdefault((str(placeholder.kind == "number"), *digits), []).append(index)
    return sorted(groups.values(), key=lambda same: -len(placeholders[same[0]].text))


def _best_pairs(shares: Float[np.ndarray, "few many"]) -> list[tuple[int, int]]:
    """A column for each row, no two the same: the greatest of those left, row by row."""
    free = shares.copy()
    pairs = []
    for row in range(len(free)):
        column = int(free[row].argmax())
        free[:, column] = -1.0
        pairs.append((row, column))
    return pairs


def _pieces(texts: AlignedTexts, placeholders: Sequence[Placeholder]) -> list[_Piece]:
    """The placeholders with the words they stand in, those that share a word together."""
    pieces: list[_Piece] = []
    for index, placeholder in enumerate(placeholders):
        first, last = tokens_in(texts.source_spans, placeholder.span)
        if pieces and first < pieces[-1].words[1]:
            joined = pieces.pop()
            first, indices = joined.words[0], [*joined.placeholders, index]
        else:
            indices = [index]
        span = (texts.source_spans[first][0], texts.source_spans[last - 1][1]) if first < last else placeholder.span
        pieces.append(_Piece((first, last), span, indices))
    return pieces


def _with_blank(target: str, start: int, end: int) -> Span:
    """The characters with the blanks before them, or at the text's beginning with those behind them."""
    while start and target[start - 1].isspace():
        start -= 1
    while not start and target[end : end + 1].isspace():
        end += 1
    return start, end
