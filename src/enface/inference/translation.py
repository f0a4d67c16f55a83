"""What a translator answers: the text, its score, both sides' tokens, and where each token came from."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float

from enface.alignment.links import Link
from enface.alignment.words import Span
from enface.inference.confidence import Confidence
from enface.inference.reports import Reports

_DECIMALS = 6


@dataclass(frozen=True)
class Side:
    """The tokens of one text, words or subwords, and each one's character span `(start, end)` in it.

    A token is what a reader sees; where the text has tags, its span holds those inside it, and entities as written.
    """

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
        reports: what became of tags, placeholders and terms that had to be carried over.
        confidence: how sure the model was; None where it was not asked for.
    """

    text: str
    score: float
    target: Side
    matrix: Float[np.ndarray, "T S"] | None
    links: list[Link]
    reports: Reports = field(default=Reports(), kw_only=True)
    confidence: Confidence | None = field(default=None, kw_only=True)

    @property
    def weights(self) -> int:
        """How many alignment weights its JSON has."""
        return 0 if self.matrix is None else self.matrix.size

    def to_dict(self) -> dict[str, Any]:
        """The hypothesis as JSON values; numbers keep six decimals."""
        entry = {"text": self.text, "score": round(self.score, _DECIMALS), "target": self.target.to_dict()}
        entry |= alignment_entry(self.matrix, self.links)
        if self.confidence is not None:
            entry["confidence"] = self.confidence.to_dict()
        return entry | self.reports.to_dict()


@dataclass(frozen=True)
class Translation(Hypothesis):
    """The best hypothesis, with the source's tokens and, where more than one was asked for, the others in order."""

    source: Side
    alternatives: list[Hypothesis] = field(default_factory=list)

    @property
    def weights(self) -> int:
        """How many alignment weights its JSON has, those of the alternatives included."""
        return super().weights + sum(alternative.weights for alternative in self.alternatives)

    def to_dict(self) -> dict[str, Any]:
        """The translation as JSON values: one entry of the HTTP answer's `translations`."""
        best = super().to_dict()
        entry = {"text": best["text"], "score": best["score"], "source": self.source.to_dict(), **best}
        if self.alternatives:
            entry["alternatives"] = [alternative.to_dict() for alternative in self.alternatives]
        return entry


def alignment_entry(matrix: Float[np.ndarray, "T S"] | None, links: Sequence[Link]) -> dict[str, Any]:
    """The part of an entry that says how its tokens are aligned; nothing where there is no matrix."""
    if matrix is None:
        return {}
    rounded = matrix.astype(np.float64).round(_DECIMALS).tolist()
    return {"alignment": {"matrix": rounded, "links": [list(link) for link in links]}}
