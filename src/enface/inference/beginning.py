"""What is decided of a translation while its search goes on: for answers that grow word by word.

A beam search of few steps has the hypotheses that the whole search had after as many steps. What all of them begin
with, the whole search's answers begin with too, since each of those continues one of them: that is decided. A word is,
once what follows it is decided as well, for until then it may grow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Float, Int64

from enface.alignment.links import Link
from enface.alignment.words import word_spans
from enface.inference.translation import Hypothesis, Side, Translation, alignment_entry


@dataclass(frozen=True)
class Beginning:
    """A translation as far as it is decided.

    Attributes:
        source: the source's tokens.
        target: the tokens decided; the spans are offsets into the text that the whole translation will have.
        matrix: a row of source weights for each of them; None where no alignment was asked for.
        links: their links.
        translation: the whole translation, once the search has ended; None before.
    """

    source: Side
    target: Side
    matrix: Float[np.ndarray, "T S"] | None
    links: list[Link]
    translation: Translation | None

    @property
    def weights(self) -> int:
        """How many alignment weights it has."""
        own = 0 if self.matrix is None else self.matrix.size
        return own + (self.translation.weights if self.translation else 0)

    def to_dict(self) -> dict[str, Any]:
        """The beginning as JSON values."""
        entry = {"source": self.source.to_dict(), "target": self.target.to_dict()}
        entry |= alignment_entry(self.matrix, self.links)
        return entry | {"translation": self.translation.to_dict() if self.translation else None}


def ended(translation: Translation) -> Beginning:
    """The beginning that is the whole."""
    return Beginning(translation.source, translation.target, translation.matrix, translation.links, translation)


def begun(source: Side, agreed: Hypothesis) -> Beginning:
    """The beginning that says of `agreed`, what all hypotheses begin with, all but its last word."""
    words = word_spans(agreed.text)
    limit = words[-1][0] if words else 0
    count = sum(end <= limit for _, end in agreed.target.spans)
    target = Side(agreed.target.tokens[:count], agreed.target.spans[:count])
    matrix = None if agreed.matrix is None else agreed.matrix[:count]
    return Beginning(source, target, matrix, [link for link in agreed.links if link[1] < count], None)


def agreed_length(hypotheses: Sequence[Int64[np.ndarray, " T"]]) -> int:
    """How many ids all hypotheses have in common before the first on which two of them differ."""
    shortest = min(map(len, hypotheses))
    rows = np.stack([ids[:shortest] for ids in hypotheses])
    return int(np.argmin(np.append((rows == rows[0]).all(axis=0), False)))
