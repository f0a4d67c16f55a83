"""Words cut at places inside them, with their alignment: tags need not stand at a word's end, as in H<sub>2</sub>O."""

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from enface.alignment.matrix import AlignmentMatrix
from enface.alignment.projection import MAJORITY, AlignedTexts
from enface.alignment.words import Span


def split_at(texts: AlignedTexts, positions: Iterable[int]) -> AlignedTexts:
    """`texts` with the source words cut at character `positions`, and with each its translation if that is a copy.

    The parts of a cut source word share its weights by their lengths. A copy, a target word spelt the same and aligned
    to it, is cut at the same characters, and its parts come from the same parts.
    """
    cuts = _cuts(texts.source_spans, positions)
    copies = {copy: word for word in cuts if (copy := _copy(texts, word)) is not None}
    sources = [_parts(span, cuts.get(word, [])) for word, span in enumerate(texts.source_spans)]
    targets = [_parts(span, cuts.get(copies.get(word, -1), [])) for word, span in enumerate(texts.target_spans)]
    shares = np.concatenate([[0.0], *(_shares(parts) for parts in sources)])[1:]
    weights = np.repeat(texts.matrix.weights, [len(parts) for parts in sources], axis=1) * shares
    weights = np.repeat(weights, [len(parts) for parts in targets], axis=0)
    first_column = np.cumsum([0, *map(len, sources)])
    first_row = np.cumsum([0, *map(len, targets)])
    for copy, word in copies.items():
        count, row, column = len(sources[word]), first_row[copy], first_column[word]
        block = np.eye(count) * texts.matrix.weights[copy, word]
        weights[row : row + count, column : column + count] = block
    null = np.repeat(texts.matrix.null, [len(parts) for parts in targets])
    source_spans, target_spans = (list(itertools.chain.from_iterable(parts)) for parts in (sources, targets))
    return AlignedTexts(texts.source, source_spans, texts.target, target_spans, AlignmentMatrix(weights, null))


def _cuts(spans: Sequence[Span], positions: Iterable[int]) -> dict[int, list[int]]:
    """For each word that is cut, after how many of its characters."""
    starts = np.array([start for start, _ in spans], dtype=np.int64)
    cuts: dict[int, list[int]] = {}
    for position in sorted(set(positions)):
        word = int(np.searchsorted(starts, position, side="right")) - 1
        if word >= 0 and spans[word][0] < position < spans[word][1]:
            cuts.setdefault(word, []).append(position - spans[word][0])
    return cuts


def _copy(texts: AlignedTexts, word: int) -> int | None:
    """The target word that is a copy of the source word."""
    column = texts.matrix.weights[:, word]
    target = int(column.argmax()) if column.size else 0
    if not column.size or column[target] <= MAJORITY:
        return None
    (start, end), (begin, stop) = texts.source_spans[word], texts.target_spans[target]
    return target if texts.source[start:end] == texts.target[begin:stop] else None


def _parts(span: Span, cuts: Sequence[int]) -> list[Span]:
    start, end = span
    bounds = [start, *(start + cut for cut in cuts), end]
    return list(itertools.pairwise(bounds))


def _shares(parts: Sequence[Span]) -> list[float]:
    length = max(parts[-1][1] - parts[0][0], 1)
    return [(end - start) / length for start, end in parts] if len(parts) > 1 else [1.0]
