"""Where in a translation each element of the source's markup goes, outside in.

An element with text goes around the run of target words that stands for it, inside the run of the element around it;
every other tag goes to a gap between words. Runs of elements side by side do not overlap. What tags are is told in
`markup.py`; they are written into the text in `tags.py`.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from enface.alignment.markup import Element, Marked
from enface.alignment.projection import AlignedTexts, Projection, Run, tokens_in
from enface.alignment.words import Span

_ROOT = -1
_BEHIND, _BEFORE, _AROUND = range(3)


@dataclass(frozen=True)
class Place:
    """The target words that a tag goes around, and the characters; `side` says to which word a gap's tags keep."""

    run: Run
    characters: Span
    side: int = _AROUND


class Placing:
    """Where every element of a source goes in its translation.

    Args:
        marked: the source, taken apart.
        texts: its plain text and the translation, aligned word by word; no tag stands inside a source word.
    """

    def __init__(self, marked: Marked, texts: AlignedTexts) -> None:
        self._elements, self._texts = marked.elements, texts
        self._projection = Projection(texts.matrix)
        self._parts = {index: tokens_in(texts.source_spans, _extent(each)) for index, each in enumerate(self._elements)}
        self._parts[_ROOT] = (0, len(texts.source_spans))
        self.places = {_ROOT: Place((0, len(texts.target_spans)), (0, len(texts.target)))}
        self._children = defaultdict[int, list[int]](list)
        for index, element in enumerate(self._elements):
            self._children[element.parent].append(index)
        for parent in [_ROOT, *range(len(self._elements))]:
            self._place(parent, self._children[parent])

    def in_order(self) -> list[tuple[int, str]]:
        """Every tag that is placed, with the characters of the translation before it, from left to right."""
        tags: list[tuple[int, str]] = []
        waiting: list[tuple[int, str] | int] = [*reversed(self._sorted(_ROOT))]
        while waiting:
            following = waiting.pop()
            if isinstance(following, tuple):
                tags.append(following)
                continue
            element, (start, end) = self._elements[following], self.places[following].characters
            tags.append((start, element.start.text))
            waiting += [(end, element.end.text)] if element.end else []
            waiting += reversed(self._sorted(following))
        return tags

    def is_lost(self, index: int) -> bool:
        """Whether the element has text, but none in the translation."""
        (first, last), (begin, end) = self._parts[index], self.places[index].run
        return first < last and begin == end

    def _sorted(self, parent: int) -> list[int]:
        def place(index: int) -> tuple[int, int, int]:
            return self.places[index].run[0], self.places[index].side, index

        return sorted(self._children[parent], key=place)

    def _place(self, parent: int, children: Sequence[int]) -> None:
        around = self.places[parent]
        with_text = [index for index in children if self._parts[index][0] < self._parts[index][1]]
        runs = self._runs(parent, with_text)
        for index, run in runs.items():
            whole = self._parts[index] == self._parts[parent]
            self.places[index] = Place(run, around.characters if whole else self._characters(run))
        for index in children:
            if index not in runs:
                gap, side = self._gap(index, around.run, list(runs.values()))
                at = self._at(gap, side, around)
                self.places[index] = Place((gap, gap), (at, at), side)

    def _runs(self, parent: int, children: Sequence[int]) -> dict[int, Run]:
        """The run of each of the children that has one; one with all the text of its parent has all of its run."""
        within = self.places[parent].run
        if within[0] == within[1]:
            return {}
        if children and self._parts[children[0]] == self._parts[parent]:
            return {children[0]: within}
        found = self._projection.runs([self._parts[index] for index in children], within=within)
        runs = {index: run for index, run in zip(children, found, strict=True) if run}
        for index in children:
            taken = [word for run in runs.values() for word in range(*run)]
            if index not in runs and (word := self._projection.token(self._parts[index], within=within, barred=taken)):
                runs[index] = word
        return runs

    def _gap(self, index: int, within: Run, closed: Sequence[Run]) -> tuple[int, int]:
        """The gap for a tag without target words: beside the word it is written to, or else by what is before it."""
        first, last = self._parts[index]
        behind, before = _glue(self._texts.source, self._elements[index])
        part, side, end = ((first - 1, first), _BEHIND, 1) if behind else ((last, last + 1), _BEFORE, 0)
        if (behind or before) and first == last:
            [run] = self._projection.runs([part], within=within)
            if run:
                return _outside(run[end], closed), side
        return self._projection.gap(first, within=within, closed=closed), _BEFORE

    def _characters(self, run: Run) -> Span:
        spans = self._texts.target_spans
        return spans[run[0]][0], spans[run[1] - 1][1]

    def _at(self, gap: int, side: int, around: Place) -> int:
        """The character at which a tag of that gap stands."""
        (begin, end), (start, stop) = around.run, around.characters
        if side == _BEHIND:
            return self._texts.target_spans[gap - 1][1] if gap > begin else start
        return self._texts.target_spans[gap][0] if gap < end else stop


def _extent(element: Element) -> Span:
    """The characters of plain text that the element holds."""
    return element.start.position, (element.end or element.start).position


def _glue(source: str, element: Element) -> tuple[bool, bool]:
    """Whether the element, which has no text, is written to the word before it; and if not, to that behind it."""
    start, end = _extent(element)
    if element.start.is_break:
        return False, False
    behind = source[start - 1 : start].strip() != "" if start else False
    return behind, not behind and source[end : end + 1].strip() != ""


def _outside(gap: int, closed: Sequence[Run]) -> int:
    """The gap, or the nearer end of the run that it is inside of."""
    for first, last in closed:
        if first < gap < last:
            return first if gap - first < last - gap else last
    return gap
