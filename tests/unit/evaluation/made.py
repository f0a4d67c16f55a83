"""Hand-made answers and findings for the tests of evaluation: a translator of a few lines, no model."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from enface.alignment.error_rate import AlignmentScores
from enface.alignment.words import split_words, word_spans
from enface.embeddings.words import Word
from enface.evaluation.results import Findings, choose_samples, score_split
from enface.evaluation.scores import Score
from enface.evaluation.section import EvaluateSection, GoldSection
from enface.evaluation.wordplot import WordMap

SOURCES = [
    "A man sleeps.",
    "Two dogs play in the snow.",
    "A young woman in a red coat is reading a newspaper at the bus stop.",
    "The boy & the girl <b>eat</b> an apple.",
]
REFERENCES = [
    "Ein Mann schläft.",
    "Zwei Hunde spielen im Schnee.",
    "Eine junge Frau in einem roten Mantel liest an der Bushaltestelle eine Zeitung.",
    "Der Junge & das Mädchen <b>essen</b> einen Apfel.",
]
SECTION = EvaluateSection(
    bootstrap_samples=20,
    length_bucket_ends=[5, 8],
    examples=3,
    word_map_words=20,
    gold=GoldSection(folder="", source_language="en", target_language="de"),
)

WORD_MAP = WordMap(
    words=[Word(text, "source", count) for text, count in (("the", 30), ("<dog>", 9), ("cat", 4), ("$x$", 1))],
    groups=["other", "noun", "noun", "other"],
    order=["noun", "verb", "other"],
    grouped_by="part of speech",
    points=np.array([[1.0, 0.0], [0.0, 1.0], [0.02, 1.01], [-1.0, -1.0]]),
    shares=(0.5, 0.25),
)


@dataclass(frozen=True)
class Words:
    tokens: list[str]
    spans: list[tuple[int, int]]


@dataclass(frozen=True)
class Answer:
    text: str
    source: Words
    target: Words
    matrix: np.ndarray | None = None
    links: list[tuple[int, int]] = field(default_factory=list)


def words(text: str) -> Words:
    return Words(split_words(text), word_spans(text))


def answer(source: str, text: str) -> Answer:
    """The translation `text`, word j linked to word j of the source (to its last, beyond that)."""
    left, right = words(source), words(text)
    links = [(min(j, len(left.tokens) - 1), j) for j in range(len(right.tokens))]
    matrix = np.full((len(right.tokens), len(left.tokens)), 0.1 / len(left.tokens))
    for i, j in links:
        matrix[j, i] += 0.9
    return Answer(text, left, right, matrix, links)


def align(pairs: Sequence[tuple[str, str]]) -> list[Answer]:
    return [answer(source, target) for source, target in pairs]


def findings(hypotheses: Sequence[str] = REFERENCES, *, name: str = "test") -> Findings:
    """Those of `hypotheses` for the sentences above, with alignment, gold and 8-bit scores made up."""
    answers = [answer(source, text) for source, text in zip(SOURCES, hypotheses, strict=True)]
    pairs = list(zip(SOURCES, REFERENCES, strict=True))
    split = score_split(
        name, answers, pairs=pairs, language="de", alignment=AlignmentScores(8.25, 92.0, 91.5), section=SECTION
    )
    return Findings(
        splits=[split],
        samples=choose_samples(split, SECTION.examples),
        gold=AlignmentScores(21.0, 80.0, 78.0),
        int8=Score(99.5, 99.0, 100.0, "signature"),
    )
