"""Translation quality by sacreBLEU: BLEU, chrF and TER, each cased and lower-cased, from 0 to 100 with intervals."""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from enface.errors import DataError


@dataclass(frozen=True)
class Score:
    """A score and its 95 % interval, all from 0 to 100 (TER can exceed it), with sacreBLEU's signature."""

    value: float
    low: float
    high: float
    signature: str


def corpus_scores(hypotheses: Sequence[str], references: Sequence[str], *, bootstrap_samples: int) -> dict[str, Score]:
    """Every score of `hypotheses` by name: bleu, chrf, ter (the lower the better), and each of them `_lowercased`.

    Raises:
        DataError: there is nothing to score.
    """
    return {
        name: _score(make(), hypotheses, references, bootstrap_samples=bootstrap_samples)
        for name, make in METRICS.items()
    }


def bleu(hypotheses: Sequence[str], references: Sequence[str], *, bootstrap_samples: int) -> Score:
    """The cased BLEU of `hypotheses`, on sacreBLEU's 13a tokens.

    Raises:
        DataError: there is nothing to score.
    """
    return _score(METRICS["bleu"](), hypotheses, references, bootstrap_samples=bootstrap_samples)


def _bleu(*, lowercase: bool) -> Any:
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(tokenize="13a", lowercase=lowercase)


def _chrf(*, lowercase: bool) -> Any:
    from sacrebleu.metrics.chrf import CHRF, CHRFScore

    class PlainCHRF(CHRF):
        """Of resamples without a word sacreBLEU makes a float, of others numpy's; it cannot take their mean."""

        def _compute_score_from_stats(self, stats: list[int]) -> CHRFScore:
            found = super()._compute_score_from_stats(stats)
            found.score = float(found.score)
            return found

    return PlainCHRF(lowercase=lowercase)


def _ter(*, lowercase: bool) -> Any:
    from sacrebleu.metrics.ter import TER

    return TER(case_sensitive=not lowercase)


METRICS: dict[str, Callable[[], Any]] = {
    "bleu": lambda: _bleu(lowercase=False),
    "bleu_lowercased": lambda: _bleu(lowercase=True),
    "chrf": lambda: _chrf(lowercase=False),
    "chrf_lowercased": lambda: _chrf(lowercase=True),
    "ter": lambda: _ter(lowercase=False),
    "ter_lowercased": lambda: _ter(lowercase=True),
}
"""sacreBLEU's metric by our name for its score."""


def _score(metric: Any, hypotheses: Sequence[str], references: Sequence[str], *, bootstrap_samples: int) -> Score:
    """The score by `metric`, its interval from sacreBLEU's own seeded bootstrap (mean and half the 95 % range)."""
    if not hypotheses:
        raise DataError("got no sentences to score, need at least one; look for an empty test split")
    if len(hypotheses) != len(references):
        raise DataError(f"got {len(hypotheses)} translations of {len(references)} sentences, need one each")
    result = metric.corpus_score(list(hypotheses), [list(references)], n_bootstrap=bootstrap_samples)
    signature = str(metric.get_signature())
    told = json.loads(result.format(width=6, is_json=True, signature=signature))
    mean, half = told.get("confidence_mean", result.score), told.get("confidence_var", 0.0)
    highest = math.inf if result.name == "TER" else 100.0
    return Score(float(result.score), max(mean - half, 0.0), min(mean + half, highest), signature)
