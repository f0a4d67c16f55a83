"""What evaluation found out, test split by test split, and the numbers that are kept of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from enface.alignment.error_rate import AlignmentScores
from enface.alignment.measures import AttentionMeasures, WordMeasures, means, measure_words
from enface.alignment.words import split_words
from enface.evaluation.buckets import LengthBucket, Sentences, bleu_by_length
from enface.evaluation.engine import Translation
from enface.evaluation.scores import Score, corpus_scores
from enface.evaluation.section import EvaluateSection
from enface.evaluation.wordplot import WordMap

_DECIMALS = 3
_WITH_INTERVAL = ("bleu",)

Numbers = Mapping[str, float | Mapping[str, float]]
"""Numbers by name; those of the attention stand together under `attention`."""


@dataclass(frozen=True)
class SplitResult:
    """A test split, its translations, how good they are, and where the model looked for them."""

    name: str
    sentences: Sentences
    translations: Sequence[Translation]
    scores: Mapping[str, Score]
    buckets: Sequence[LengthBucket]
    alignment: AlignmentScores | None
    attention: AttentionMeasures
    attention_by_sentence: Sequence[AttentionMeasures]


@dataclass(frozen=True)
class Sample:
    """A test sentence to be shown, with its translation and the measures of its attention."""

    index: int
    source: str
    reference: str
    translation: Translation
    attention: AttentionMeasures


@dataclass(frozen=True)
class Findings:
    """All that is told of a bundle: its splits, sentences to show, hand-made alignments, 8-bit BLEU, word vectors."""

    splits: Sequence[SplitResult]
    samples: Sequence[Sample]
    gold: AlignmentScores | None
    int8: Score | None
    words: WordMap | None = None


def score_split(
    name: str,
    translations: Sequence[Translation],
    *,
    pairs: Sequence[tuple[str, str]],
    language: str,
    alignment: AlignmentScores | None,
    section: EvaluateSection,
) -> SplitResult:
    """The split with its scores, over all sentences and by source length.

    Args:
        name: the split's.
        translations: of all its source sentences.
        pairs: its source and reference sentences.
        language: the target's, two letters.
        alignment: its alignment scores, where it has gold links.
        section: how many bootstrap samples, which buckets.

    Raises:
        DataError: the split is empty.
    """
    sentences = Sentences(
        [source for source, _ in pairs], [answer.text for answer in translations], [reference for _, reference in pairs]
    )
    samples = section.bootstrap_samples
    scores = corpus_scores(sentences.hypotheses, sentences.references, language=language, bootstrap_samples=samples)
    buckets = bleu_by_length(sentences, section.length_bucket_ends, bootstrap_samples=samples)
    words = [_measured(answer) for answer in translations]
    return SplitResult(
        name=name,
        sentences=sentences,
        translations=translations,
        scores=scores,
        buckets=buckets,
        alignment=alignment,
        attention=means(words),
        attention_by_sentence=[means([sentence]) for sentence in words],
    )


def choose_samples(result: SplitResult, count: int) -> list[Sample]:
    """Sentences from the shortest to the longest, evenly spaced; the sources alone decide which.

    So two systems show the same sentences, and two evaluations of one system the same pictures.
    """
    sources = result.sentences.sources
    by_length = sorted(range(len(sources)), key=lambda index: (len(split_words(sources[index])), index))
    step = (len(by_length) - 1) / max(count - 1, 1)
    chosen = dict.fromkeys(by_length[round(place * step)] for place in range(count))
    return [
        Sample(
            index,
            sources[index],
            result.sentences.references[index],
            result.translations[index],
            result.attention_by_sentence[index],
        )
        for index in chosen
    ]


def metrics(findings: Findings) -> dict[str, Numbers]:
    """The numbers to watch, by split: for tables, plots and the dashboard. `scores` has them whole."""
    numbers: dict[str, Numbers] = {split.name: _split_metrics(split) for split in findings.splits}
    if findings.gold is not None:
        numbers["gold"] = _rounded(asdict(findings.gold))
    if findings.int8 is not None:
        difference = findings.int8.value - findings.splits[0].scores["bleu"].value
        numbers["int8"] = _rounded({"bleu": findings.int8.value, "bleu_difference": difference})
    return numbers


def flat(numbers: Numbers) -> dict[str, float]:
    """All numbers side by side, those of the attention as `attention/entropy`."""
    found: dict[str, float] = {}
    for name, value in numbers.items():
        if isinstance(value, Mapping):
            found |= {f"{name}/{part}": number for part, number in value.items()}
        else:
            found[name] = value
    return found


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


def _measured(answer: Translation) -> WordMeasures:
    """The measures of an answer's words; an answer without an alignment has none."""
    matrix = np.zeros((0, 0)) if answer.matrix is None else answer.matrix
    return measure_words(matrix, answer.links)


def _split_metrics(split: SplitResult) -> Numbers:
    numbers = {name: score.value for name, score in split.scores.items()}
    for name in _WITH_INTERVAL:
        numbers |= {f"{name}_low": split.scores[name].low, f"{name}_high": split.scores[name].high}
    measured = {name: value for name, value in asdict(split.attention).items() if value is not None}
    aligned = asdict(split.alignment) if split.alignment is not None else {}
    whole: dict[str, float | Mapping[str, float]] = {**_rounded(numbers | aligned)}
    return whole | {"attention": _rounded(measured)} if measured else whole


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {name: round(number, _DECIMALS) for name, number in numbers.items()}
