"""Matplotlib figures as bytes that repeat: PNG files, and SVG that takes a page's own ink in light and dark.

What the figures show stands in `heatmap.py` and `lengths.py`. pyplot is not used: it keeps state, and looks for a
display.
"""

import io
import re
from html import escape
from typing import TYPE_CHECKING

from enface.outputs import whole_file

if TYPE_CHECKING:
    from pathlib import Path

    from matplotlib.figure import Figure

INK = "#1c2126"
ACCENT = "#2f74e0"
MARK = "#f08c00"
PALETTE = (ACCENT, "#d9480f", "#2b8a3e", "#9c36b5", "#0b7285", "#868e96")

_DOTS_PER_INCH = 110


def png(figure: "Figure") -> bytes:
    """`figure` as a PNG file's bytes; equal figures give equal bytes."""
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=_DOTS_PER_INCH, metadata={"Software": None})
    return stream.getvalue()


def save_png(figure: "Figure", path: "Path") -> None:
    """Writes `figure` to `path`, whole or not at all."""
    with whole_file(path) as draft:
        draft.write_bytes(png(figure))


def svg(figure: "Figure", *, name: str, description: str) -> str:
    """`figure` as an SVG element for an HTML page, on no background and in the ink of the text around it.

    Args:
        figure: drawn in INK wherever the page's own ink is to stand.
        name: unlike that of any other figure on the page, since the element's ids begin with it.
        description: read out in place of the picture.
    """
    from matplotlib import rc_context

    stream = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
        figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    text = re.sub(r"<metadata>.*?</metadata>", "", text[text.index("<svg") :], flags=re.DOTALL)
    text = re.sub(r'(\bid="|"#|url\(#)', rf"\g<1>{name}-", text).replace(INK, "currentColor")
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(description)}" ', 1)
