"""What a translator answers: the text, its score, both sides' tokens, and where each token came from."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from enface.alignment.links import Link
from enface.alignment.words import Span

_DECIMALS = 6


@dataclass(frozen=True)
class Side:
    """The tokens of one text, words or subwords, and each one's character span `(start, end)` in it."""

    tokens: list[str]
    spans: list[Span]

    def to_dict(self) -> dict[str, Any]:
        """The side as JSON values."""
        return {"tokens": self.tokens, "spans": [list(span) for span in self.spans]}


@dataclass(frozen=True)
class Hypothesis:
    """One way to say the source in the target language.

    Attributes:
        text: the sentence.
        score: its log probability divided by the length penalty; 0 is certain, and more negative is worse.
        target: its tokens; the spans are offsets into `text`.
        matrix: a row of source weights for each target token, summing to 1; None where no alignment was asked for.
        links: `(source token, target token)` pairs, from 0, sorted.
    """

    text: str
    score: float
    target: Side
    matrix: Float[np.ndarray, "T S"] | None
    links: list[Link]

    def to_dict(self) -> dict[str, Any]:
        """The hypothesis as JSON values; numbers keep six decimals."""
        entry: dict[str, Any] = {
            "text": self.text,
            "score": round(self.score, _DECIMALS),
            "target": self.target.to_dict(),
        }
        if self.matrix is not None:
            matrix = self.matrix.astype(np.float64).round(_DECIMALS).tolist()
            entry["alignment"] = {"matrix": matrix, "links": [list(link) for link in self.links]}
        return entry


@dataclass(frozen=True)
class Translation(Hypothesis):
    """The best hypothesis, with the source's tokens and, where more than one was asked for, the others in order."""

    source: Side
    alternatives: list[Hypothesis] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """The translation as JSON values: one entry of the HTTP answer's `translations`."""
        best = super().to_dict()
        entry = {"text": best["text"], "score": best["score"], "source": self.source.to_dict(), **best}
        if self.alternatives:
            entry["alternatives"] = [alternative.to_dict() for alternative in self.alternatives]
        return entry
