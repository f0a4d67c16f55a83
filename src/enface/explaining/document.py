"""Explanations as JSON values, and as one HTML page that plays them and needs nothing from elsewhere.

The page's form and behaviour are the files in `page/`; here they become one file. All that comes from a sentence or a
model is in the page as JSON, which its script shows as text and never as HTML. A content security policy lets no other
script run and nothing be fetched.
"""

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from enface.explaining.explanation import Candidate, Explanation, Side
from enface.explaining.views import Seen, Step, Unit, view
from enface.outputs import whole_file

_DECIMALS = 5
_SCRIPTS = ("drawing.js", "card.js", "playing.js")  # in this order one script
_UNITS: tuple[Unit, Unit] = ("word", "subword")


@dataclass(frozen=True)
class Explained:
    """A model's explanation with what is written over it: its name, its attention and its network in words."""

    name: str
    attention: str
    network: str
    explanation: Explanation


def as_json(explained: Sequence[Explained], *, languages: tuple[str, str]) -> dict[str, Any]:
    """The explanations of one sentence as JSON values; a score of -inf, outside of a window, is null.

    Args:
        explained: one or more models' explanations of the same text.
        languages: the codes of source and target.
    """
    source = explained[0].explanation.source
    return {
        "source": source.text,
        "source_right_to_left": source.right_to_left,
        "languages": {"source": languages[0], "target": languages[1]},
        "models": [_model(one) for one in explained],
    }


def write_page(path: Path, values: dict[str, Any]) -> None:
    """Writes the page that plays `values`, which `as_json` gave, whole or not at all."""
    with whole_file(path) as draft:
        draft.write_text(page(values), encoding="utf-8")


def page(values: dict[str, Any]) -> str:
    """The page that plays `values`, which `as_json` gave; equal values give equal pages."""
    style, script = _file("page.css"), "\n".join(map(_file, _SCRIPTS))
    parts = {
        "title": escape(f"Enface explains: {values['source']}"),
        "policy": f"default-src 'none'; img-src data:; style-src {_hash(style)}; script-src {_hash(script)}",
        "style": style,
        "script": script,
        "explained": _in_script(values),
    }
    return re.sub(r"\{\{(\w+)\}\}", lambda place: parts[place[1]], _file("page.html"))


def _file(name: str) -> str:
    return (files("enface.explaining") / "page" / name).read_text(encoding="utf-8")


def _hash(inline: str) -> str:
    """The source expression by which a content security policy allows an inline element of exactly this text."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(inline.encode()).digest()).decode()}'"


def _in_script(values: dict[str, Any]) -> str:
    """JSON that ends no script element and begins no comment in it, whatever its strings hold."""
    text = json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":"), sort_keys=True)
    return re.sub("[<>&\u2028\u2029]", lambda character: f"\\u{ord(character[0]):04x}", text)


def _model(explained: Explained) -> dict[str, Any]:
    explanation = explained.explanation
    return {
        "name": explained.name,
        "attention": explained.attention,
        "network": explained.network,
        "score": round(explanation.score, _DECIMALS),
        "target": _side(explanation.target),
        "aligning": explanation.aligning,
        **{unit: _view(explanation, unit) for unit in _UNITS},
    }


def _side(side: Side) -> dict[str, Any]:
    return {"text": side.text, "ended": side.ended, "right_to_left": side.right_to_left}


def _view(explanation: Explanation, unit: Unit) -> dict[str, Any]:
    shown = view(explanation, unit)
    return {
        "source": shown.source,
        "steps": [_step(step) for step in shown.steps],
        "lookings": [_seen(seen) for seen in shown.seen],
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "token": step.token,
        "word": step.word,
        "probability": round(step.probability, _DECIMALS),
        "pieces": [_candidate(piece) for piece in step.pieces],
        "candidates": [_candidate(candidate) for candidate in step.candidates],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    probability = round(candidate.probability, _DECIMALS)
    return {"piece": candidate.piece, "probability": probability, "chosen": candidate.chosen}


def _seen(seen: Seen) -> dict[str, Any]:
    return {
        "layer": seen.layer,
        "head": seen.head,
        "weights": _numbers(seen.weights),
        "scores": _numbers(seen.scores),
        "states": _numbers(seen.states),
        "contexts": _numbers(seen.contexts),
        "centres": None if seen.centres is None else _numbers(seen.centres),
    }


def _numbers(array: np.ndarray) -> list[Any]:
    """The array as nested lists; None for what is not finite."""
    rounded = array.astype(np.float64).round(_DECIMALS).astype(object)
    rounded[~np.isfinite(array)] = None
    listed: list[Any] = rounded.tolist()
    return listed
