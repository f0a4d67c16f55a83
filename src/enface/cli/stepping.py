"""A translation shown in the terminal step by step: what was looked at, how it was scored, and what came out.

    3  rennt  97.2 %   or: läuft 1.3 %, geht 0.4 %
      Source   State     Score  Weight
      dog      ▂▇▁▅▃▄▄▅   2.10    0.12  ██▍
      running  ▆▁▅▄▄▄▃▄   4.02    0.81  ████████████████▏
      context  ▅▂▄▄▄▄▃▄

A state or context is drawn in eight cells, the lowest -1 and the highest 1. The picture needs no colour.
"""

from typing import TYPE_CHECKING

import numpy as np
from rich.console import Console
from rich.table import Table
from rich.text import Text

from enface.cli.drawing import printable

if TYPE_CHECKING:
    from enface.explaining.document import Explained
    from enface.explaining.explanation import Looking
    from enface.explaining.views import Seen, Step, Unit

_LEVELS = "▁▂▃▄▅▆▇█"
_EIGHTHS = " ▏▎▍▌▋▊▉"
_BAR_CELLS = 20
_STRONG, _FAINT = "bold green", "dim"


def show_steps(explained: "Explained", unit: "Unit", *, console: Console) -> None:
    """Prints the model's steps, a table each, with what its attention did that stands for the word alignment."""
    from enface.explaining.views import view

    explanation = explained.explanation
    shown = view(explanation, unit)
    seen = shown.seen[explanation.aligning]
    for line in _heading(explained, explanation.lookings[explanation.aligning]):
        console.print(line, soft_wrap=True)
    for number, step in enumerate(shown.steps):
        console.print(_title(number, step, seen, marked=unit == "subword"), soft_wrap=True)
        console.print(_table(shown.source, seen, number))
        console.print()


def _heading(explained: "Explained", looking: "Looking") -> list[Text]:
    explanation = explained.explanation
    shown = "" if len(explanation.lookings) == 1 else f" · shown: layer {looking.layer + 1}, {_head(looking)}"
    return [
        Text.assemble((printable(explained.name), "bold"), f"  {explained.attention}{shown}"),
        Text(explained.network, style=_FAINT),
        Text(printable(explanation.source.text)),
        Text.assemble((printable(explanation.target.text), "bold"), f"  ({explanation.score:.3f})"),
        Text(""),
    ]


def _head(looking: "Looking") -> str:
    return "all heads" if looking.head is None else f"head {looking.head + 1}"


def _title(number: int, step: "Step", seen: "Seen", *, marked: bool) -> Text:
    """The word that came out, how likely it was, and what else its first subword could have been.

    Where words are shown, subwords are not `marked` as words' beginnings.
    """
    others = ", ".join(
        f"{printable(other.piece if marked else other.piece.removeprefix('▁'))} {_percent(other.probability)}"
        for other in step.candidates
        if not other.chosen
    )
    middle = "" if seen.centres is None else f"   window around {seen.centres[number] + 1:.1f}"
    pieces = [f"{printable(piece.piece)} {_percent(piece.probability)}" for piece in step.pieces]
    made = f" = {' · '.join(pieces)}" if len(pieces) > 1 else ""
    return Text.assemble(
        f"{number + 1}  ",
        (printable(step.token), _STRONG),
        f"  {_percent(step.probability)}{made}",
        (f"   or: {others}{middle}", _FAINT),
    )


def _table(source: list[str], seen: "Seen", number: int) -> Table:
    """A row for each source word: its state, its score (a dash out of reach), its weight; and the context."""
    table = Table(box=None, padding=(0, 1), pad_edge=False, header_style=_FAINT)
    table.add_column("  Source", overflow="fold")
    table.add_column("State", no_wrap=True)
    table.add_column("Score", justify="right", no_wrap=True)
    table.add_column("Weight", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    scores, weights = seen.scores[number], seen.weights[number]
    for word, state, score, weight in zip(source, seen.states, scores, weights, strict=True):
        style = _STRONG if weight == weights.max() else ""
        told = f"{score:.2f}" if np.isfinite(score) else "–"
        table.add_row(Text(f"  {printable(word)}"), _strip(state), told, f"{weight:.2f}", _bar(weight), style=style)
    table.add_row(Text("  context", style=_FAINT), _strip(seen.contexts[number]))
    return table


def _strip(values: np.ndarray) -> str:
    """Cells from -1 to 1 as blocks of eight heights."""
    return "".join(_LEVELS[min(int((value + 1) * 4), 7)] for value in np.clip(values, -1.0, 1.0))


def _bar(weight: float) -> str:
    eighths = round(float(weight) * _BAR_CELLS * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _percent(probability: float) -> str:
    return f"{100 * probability:.1f} %"
