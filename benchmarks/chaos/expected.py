"""What the engine itself answers, in this process, to every text that is sent; whether an answer over HTTP is that."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from enface.inference.options import TranslateOptions
from enface.inference.translation import Hypothesis
from enface.inference.translator import Translator

TOLERANCE = 1e-3
"""Of scores and weights: batches of other sizes round otherwise."""


class Expected:
    """The answers of every version of the model.

    Where two hypotheses are as good as equal, rounding decides which is the best; each of them is right then.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        """Knows no version yet."""
        self.texts = list(dict.fromkeys(texts))
        self._answers: dict[str, dict[str, list[Hypothesis]]] = {}

    def learn(self, bundle: Path) -> str:
        """The version of a bundle, whose answers are known from now on."""
        translator = Translator(bundle, threads=1)
        options = TranslateOptions(n_best=min(translator.manifest.search.beam_size, 16))
        found = translator.translate(self.texts, options)
        answers = {text: [each, *each.alternatives] for text, each in zip(self.texts, found, strict=True)}
        self._answers[translator.manifest.version] = answers
        return translator.manifest.version

    def problem(self, text: str, answer: dict[str, Any], version: str | None) -> str | None:
        """What is wrong with an answer, None if nothing is.

        Args:
            text: what was sent.
            answer: the JSON that came.
            version: the only one that may answer; None: any that is known.
        """
        answered_by = answer["model"]["version"]
        if answered_by not in self._answers or version not in (None, answered_by):
            return f"version {answered_by} answered, not {version or 'one that there is'}"
        [entry] = answer["translations"]
        best, *others = self._answers[answered_by][text]
        equal = [best, *(each for each in others if best.score - each.score <= TOLERANCE)]
        return None if any(_is_same(entry, each) for each in equal) else "another answer than the engine's own"


def _is_same(entry: dict[str, Any], expected: Hypothesis) -> bool:
    assert expected.matrix is not None, "alignments are answered unless nobody wants them"
    weights = np.array(entry["alignment"]["matrix"], dtype=float).ravel()
    return (
        entry["text"] == expected.text
        and abs(entry["score"] - expected.score) <= TOLERANCE
        and entry["target"]["tokens"] == expected.target.tokens
        and weights.size == expected.matrix.size
        and np.allclose(weights, expected.matrix.ravel(), atol=TOLERANCE)
    )
