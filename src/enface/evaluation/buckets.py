"""BLEU by source length: test sentences put into buckets by their number of words."""

from collections.abc import Sequence
from dataclasses import dataclass

from enface.alignment.words import split_words
from enface.evaluation.scores import Score, bleu


@dataclass(frozen=True)
class LengthBucket:
    """The sentences whose source has `first` to `last` words (no upper end where `last` is None), and their BLEU."""

    first: int
    last: int | None
    sentences: int
    mean_words: float
    bleu: Score

    @property
    def label(self) -> str:
        """Such as `7–9` or, without an upper end, `31+`."""
        if self.last is None:
            return f"{self.first}+"
        return str(self.first) if self.first == self.last else f"{self.first}–{self.last}"


@dataclass(frozen=True)
class Sentences:
    """Sources, hypotheses and references of a split, the same count of each."""

    sources: Sequence[str]
    hypotheses: Sequence[str]
    references: Sequence[str]


def bleu_by_length(sentences: Sentences, ends: Sequence[int], *, bootstrap_samples: int) -> list[LengthBucket]:
    """The buckets that hold any sentence, from short to long.

    Args:
        sentences: what was translated, and how.
        ends: the longest source of each bucket but the last, in words; what is longer goes into the last.
        bootstrap_samples: for the intervals.
    """
    words = [len(split_words(source)) for source in sentences.sources]
    buckets = []
    for first, last in zip([1, *(end + 1 for end in ends)], [*ends, None], strict=True):
        chosen = [i for i, count in enumerate(words) if count <= (last or count) and (count >= first or first == 1)]
        if chosen:
            score = bleu(
                [sentences.hypotheses[index] for index in chosen],
                [sentences.references[index] for index in chosen],
                bootstrap_samples=bootstrap_samples,
            )
            mean_words = sum(words[index] for index in chosen) / len(chosen)
            buckets.append(LengthBucket(first, last, len(chosen), mean_words, score))
    return buckets
