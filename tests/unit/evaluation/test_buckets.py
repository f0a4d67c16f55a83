"""BLEU by source length."""

import pytest

from enface.evaluation.buckets import Sentences, bleu_by_length
from tests.unit.evaluation.made import REFERENCES, SOURCES


def buckets_of(ends, hypotheses=REFERENCES):
    return bleu_by_length(Sentences(SOURCES, hypotheses, REFERENCES), ends, bootstrap_samples=20)


def test_sentences_fall_into_buckets_by_their_words():
    # The sources have 4, 7, 16 and 9 words, marks of punctuation among them.
    buckets = buckets_of([4, 10, 12])
    assert [(bucket.label, bucket.sentences) for bucket in buckets] == [("1–4", 1), ("5–10", 2), ("13+", 1)]
    assert [bucket.mean_words for bucket in buckets] == [4, 8, 16]


def test_each_bucket_is_scored_alone():
    buckets = buckets_of([5], [*REFERENCES[:1], *["Falsch"] * 3])
    assert [bucket.bleu.value for bucket in buckets] == pytest.approx([100, 0])


def test_an_empty_source_counts_to_the_first_bucket():
    buckets = bleu_by_length(Sentences([""], ["a"], ["b"]), [1], bootstrap_samples=20)
    assert [(bucket.label, bucket.sentences) for bucket in buckets] == [("1", 1)]
