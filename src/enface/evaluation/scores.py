"""Translation quality by sacreBLEU: BLEU, chrF and TER, each cased and lower-cased, from 0 to 100 with intervals.

And BLEU as much of the literature prints it, lower-cased on the tokens of Moses, which sacremoses makes.
"""

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


def corpus_scores(
    hypotheses: Sequence[str], references: Sequence[str], *, language: str, bootstrap_samples: int
) -> dict[str, Score]:
    """Every score of `hypotheses` by name: bleu, chrf, ter (the lower the better), and each of them `_lowercased`.

    And `bleu_moses_lowercased`, on Moses's tokens in place of sacreBLEU's.

    Args:
        hypotheses: the translations.
        references: one of each.
        language: of both, two letters; Moses's tokens depend on it.
        bootstrap_samples: for the intervals.

    Raises:
        DataError: there is nothing to score.
    """
    return {
        name: _score(make(language), hypotheses, references, bootstrap_samples=bootstrap_samples)
        for name, make in _METRICS.items()
    }


def bleu(hypotheses: Sequence[str], references: Sequence[str], *, bootstrap_samples: int) -> Score:
    """The cased BLEU of `hypotheses`, on sacreBLEU's 13a tokens.

    Raises:
        DataError: there is nothing to score.
    """
    return _score(bleu_metric(), hypotheses, references, bootstrap_samples=bootstrap_samples)


def bleu_metric(*, lowercase: bool = False) -> Any:
    """sacreBLEU's BLEU on its 13a tokens."""
    from sacrebleu.metrics.bleu import BLEU

    return BLEU(tokenize="13a", lowercase=lowercase)


def _bleu_on_moses_tokens(language: str) -> Any:
    """Lower-cased BLEU on the tokens of Moses's scripts: punctuation normalised, then tokenised (Koehn et al. 2007)."""
    from sacrebleu.metrics.bleu import BLEU
    from sacremoses import MosesPunctNormalizer, MosesTokenizer

    normalizer, tokenizer = MosesPunctNormalizer(lang=language), MosesTokenizer(lang=language)

    def tokens(sentence: str) -> str:
        return str(tokenizer.tokenize(normalizer.normalize(sentence), escape=False, return_str=True))

    metric = BLEU(tokenize="none", lowercase=True, force=True)
    metric.tokenizer, metric.tokenizer_signature = tokens, "moses"
    return metric


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


_METRICS: dict[str, Callable[[str], Any]] = {
    "bleu": lambda language: bleu_metric(),
    "bleu_lowercased": lambda language: bleu_metric(lowercase=True),
    "bleu_moses_lowercased": _bleu_on_moses_tokens,
    "chrf": lambda language: _chrf(lowercase=False),
    "chrf_lowercased": lambda language: _chrf(lowercase=True),
    "ter": lambda language: _ter(lowercase=False),
    "ter_lowercased": lambda language: _ter(lowercase=True),
}
"""sacreBLEU's metric by our name for its score, made for the target language."""


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
