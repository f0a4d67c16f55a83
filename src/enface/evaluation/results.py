"""What evaluation found out, test split by test split, and the numbers that are kept of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from enface.alignment.error_rate import AlignmentScores
from enface.alignment.words import split_words
from enface.evaluation.buckets import LengthBucket, Sentences, bleu_by_length
from enface.evaluation.engine import Translation
from enface.evaluation.scores import Score, corpus_scores
from enface.evaluation.section import EvaluateSection

_DECIMALS = 3
_WITH_INTERVAL = ("bleu",)


@dataclass(frozen=True)
class SplitResult:
    """A test split, its translations, and how good they are."""

    name: str
    sentences: Sentences
    translations: Sequence[Translation]
    scores: Mapping[str, Score]
    buckets: Sequence[LengthBucket]
    alignment: AlignmentScores | None


@dataclass(frozen=True)
class Sample:
    """A test sentence to be shown, with its translation."""

    index: int
    source: str
    reference: str
    translation: Translation


@dataclass(frozen=True)
class Findings:
    """All that is told of a bundle: its splits, sentences to show, hand-made alignments, and its 8-bit graph's BLEU."""

    splits: Sequence[SplitResult]
    samples: Sequence[Sample]
    gold: AlignmentScores | None
    int8: Score | None


def score_split(
    name: str,
    translations: Sequence[Translation],
    *,
    pairs: Sequence[tuple[str, str]],
    alignment: AlignmentScores | None,
    section: EvaluateSection,
) -> SplitResult:
    """The split with its scores, over all sentences and by source length.

    Args:
        name: the split's.
        translations: of all its source sentences.
        pairs: its source and reference sentences.
        alignment: its alignment scores, where it has gold links.
        section: how many bootstrap samples, which buckets.

    Raises:
        DataError: the split is empty.
    """
    sentences = Sentences(
        [source for source, _ in pairs], [answer.text for answer in translations], [reference for _, reference in pairs]
    )
    samples = section.bootstrap_samples
    scores = corpus_scores(sentences.hypotheses, sentences.references, bootstrap_samples=samples)
    buckets = bleu_by_length(sentences, section.length_bucket_ends, bootstrap_samples=samples)
    return SplitResult(name, sentences, translations, scores, buckets, alignment)


def choose_samples(result: SplitResult, count: int) -> list[Sample]:
    """Sentences from the shortest to the longest, evenly spaced; the sources alone decide which.

    So two systems show the same sentences, and two evaluations of one system the same pictures.
    """
    sources = result.sentences.sources
    by_length = sorted(range(len(sources)), key=lambda index: (len(split_words(sources[index])), index))
    step = (len(by_length) - 1) / max(count - 1, 1)
    chosen = dict.fromkeys(by_length[round(place * step)] for place in range(count))
    return [
        Sample(index, sources[index], result.sentences.references[index], result.translations[index])
        for index in chosen
    ]


def metrics(findings: Findings) -> dict[str, dict[str, float]]:
    """The numbers to watch, by split: for tables, plots and the dashboard. `scores` has them whole."""
    numbers = {split.name: _split_metrics(split) for split in findings.splits}
    if findings.gold is not None:
        numbers["gold"] = _rounded(asdict(findings.gold))
    if findings.int8 is not None:
        difference = findings.int8.value - findings.splits[0].scores["bleu"].value
        numbers["int8"] = _rounded({"bleu": findings.int8.value, "bleu_difference": difference})
    return numbers


def scores(findings: Findings) -> dict[str, dict[str, dict[str, Any]]]:
    """Every score by split and name, with its 95 % interval and sacreBLEU signature."""
    return {
        split.name: {
            name: _rounded({"value": score.value, "low": score.low, "high": score.high})
            | {"signature": score.signature}
            for name, score in split.scores.items()
        }
        for split in findings.splits
    }


def _split_metrics(split: SplitResult) -> dict[str, float]:
    numbers = {name: score.value for name, score in split.scores.items()}
    for name in _WITH_INTERVAL:
        numbers |= {f"{name}_low": split.scores[name].low, f"{name}_high": split.scores[name].high}
    return _rounded(numbers | (asdict(split.alignment) if split.alignment is not None else {}))


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: round(number, _DECIMALS) for name, number in numbers.items()}
