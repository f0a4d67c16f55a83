"""An alignment drawn for a terminal: target words as rows, source words as columns, the darker the heavier.

    draw(["a", "red", "coat"], ["ein", "roter", "Mantel"], matrix=..., links=..., width=80)

                 a   red  coat
    ein         [█]   ·    ·
    roter        ·   [▓]   ░
    Mantel       ·    ·   [█]

Brackets mark the links. Where the terminal is too narrow for words above the columns, they stand upright; where it is
too narrow even for that, the links are listed. Source words that are read from right to left have their columns in that
order, the first at the right. The picture needs no colour, and nothing but the words' own text, so that an answer that
came over HTTP is drawn by the same function.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from rich.cells import cell_len, set_cell_size, split_graphemes
from rich.text import Text

from enface.alignment.direction import is_right_to_left, read_from_right
from enface.alignment.links import Link

_SHADES = ((0.75, "█"), (0.5, "▓"), (0.25, "▒"), (0.05, "░"), (0.0, "·"))
_UPRIGHT_ROWS = 12
_GAP = 2
_LINKED, _FAINT = "bold green", "dim"
_JOINERS = "\u200c\u200d"  # which emoji, Persian and the languages of India are written with
_LEFT_TO_RIGHT_MARK = "\u200e"


@dataclass(frozen=True)
class _Grid:
    """How the columns stand: each one's width in cells, and whether the words above them are upright."""

    label_width: int
    widths: list[int]
    upright: bool

    @property
    def width(self) -> int:
        return self.label_width + sum(self.widths)


def draw(
    source: Sequence[str],
    target: Sequence[str],
    *,
    matrix: Sequence[Sequence[float]],
    links: Sequence[Link],
    width: int,
) -> Text:
    """The picture of an alignment, or the list of its links if `width` cells are too few.

    Args:
        source: the S source words, or subwords.
        target: the T target words.
        matrix: for each target word its S weights.
        links: (source, target) pairs, from 0.
        width: the cells of a line of the terminal.
    """
    if not source or not target:
        return Text("(nothing to align)", style=_FAINT)
    order = list(range(len(source)))[:: -1 if read_from_right(source) else 1]
    columns, rows = [printable(source[place]) for place in order], [printable(word) for word in target]
    grid = _grid(columns, rows, width)
    if grid is None:
        return listed(source, target, matrix=matrix, links=links)
    linked = set(map(tuple, links))
    picture = [_upright(columns, grid) if grid.upright else _header(columns, grid)]
    for place, row in enumerate(rows):
        cells = [
            _cell(matrix[place][column], (column, place) in linked, size)
            for column, size in zip(order, grid.widths, strict=True)
        ]
        picture.append(Text.assemble(_fitted(row, grid.label_width - _GAP), " " * _GAP, *cells))
    return _joined(picture)


def listed(
    source: Sequence[str], target: Sequence[str], *, matrix: Sequence[Sequence[float]], links: Sequence[Link]
) -> Text:
    """A line `source word → target word  weight` for each link, in the target's order; ∅ where a word has none.

    The arguments are those of `draw`.
    """
    lines = []
    for place, word in enumerate(_in_place(printable(word)) for word in target):
        sources = [link[0] for link in links if link[1] == place]
        lines += [
            Text(f"{_in_place(printable(source[column]))} → {word}  {matrix[place][column]:.2f}") for column in sources
        ]
        lines += [] if sources else [Text(f"∅ → {word}", style=_FAINT)]
    return _joined(lines)


def printable(text: str) -> str:
    """`text` with whatever could move the cursor, change colours or turn the reading direction made visible as �."""
    return "".join("\ufffd" if _is_control(character) else character for character in text)


def _is_control(character: str) -> bool:
    return character not in _JOINERS and unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def _grid(source: Sequence[str], target: Sequence[str], width: int) -> _Grid | None:
    """The widest layout that fits; None if none does."""
    label_width = min(max(map(cell_len, target)), max(width // 4, 8)) + _GAP
    layouts = [
        _Grid(label_width, [max(cell_len(word), 3) + 1 for word in source], upright=False),
        _Grid(label_width, [3] * len(source), upright=True),
        _Grid(label_width, [2] * len(source), upright=True),
    ]
    return next((grid for grid in layouts if grid.width <= width), None)


def _cell(weight: float, is_link: bool, width: int) -> tuple[str, str]:
    shade = next((shade for least, shade in _SHADES if weight >= least), _SHADES[-1][1])
    style = _LINKED if is_link else _FAINT if shade == "·" else ""
    if width == 2:
        return (f"{shade}●" if is_link else f"{shade} " if shade == "·" else shade * 2), style
    return _centred(f"[{shade}]" if is_link else shade, width), style


def _header(words: Sequence[str], grid: _Grid) -> Text:
    columns = (_centred(word, width) for word, width in zip(words, grid.widths, strict=True))
    return Text(" " * grid.label_width + "".join(columns))


def _upright(words: Sequence[str], grid: _Grid) -> Text:
    """The words written downwards, ending right above their columns; long ones are cut."""
    stacks = [_characters(word) for word in words]
    height = max(map(len, stacks))
    padded = [[""] * (height - len(stack)) + stack for stack in stacks]
    return _joined(
        [
            Text(" " * grid.label_width + "".join(map(_centred, level, grid.widths)))
            for level in zip(*padded, strict=True)
        ]
    )


def _characters(word: str) -> list[str]:
    """The characters of a word as a reader counts them, an accent or a joined emoji not apart."""
    spans, _ = split_graphemes(word)
    characters = [word[start:end] for start, end, _ in spans]
    return characters if len(characters) <= _UPRIGHT_ROWS else [*characters[: _UPRIGHT_ROWS - 1], "…"]


def _fitted(text: str, width: int) -> str:
    return _in_place(set_cell_size(text, width) if cell_len(text) <= width else set_cell_size(text, width - 1) + "…")


def _centred(text: str, width: int) -> str:
    spare = max(width - cell_len(text), 0)
    return " " * (spare // 2) + _in_place(text) + " " * (spare - spare // 2)


def _in_place(text: str) -> str:
    """`text` between marks of no width that keep a terminal which turns Hebrew or Arabic from turning whole lines."""
    turned = any(map(is_right_to_left, text))
    return f"{_LEFT_TO_RIGHT_MARK}{text}{_LEFT_TO_RIGHT_MARK}" if turned else text


def _joined(lines: Sequence[Text]) -> Text:
    for line in lines:
        line.rstrip()
    return Text("\n").join(lines)
