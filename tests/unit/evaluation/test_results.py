"""The numbers that are kept."""

from dataclasses import replace

import pytest

from enface.alignment.measures import AttentionMeasures
from enface.evaluation.results import choose_samples, flat, metrics, score_split, scores
from tests.unit.evaluation.made import REFERENCES, SECTION, SOURCES, answer, findings


def test_metrics_are_nested_by_split_and_rounded():
    numbers = metrics(findings())
    assert set(numbers) == {"test", "gold", "int8"}
    assert numbers["gold"] == {"aer": 21.0, "precision": 80.0, "recall": 78.0}
    assert numbers["int8"] == {"bleu": 99.5, "bleu_difference": -0.5}
    assert set(numbers["test"]) == {
        *("bleu", "bleu_low", "bleu_high", "bleu_lowercased", "bleu_moses_lowercased"),
        *("chrf", "chrf_lowercased", "ter", "ter_lowercased"),
        *("aer", "precision", "recall", "attention"),
    }
    assert numbers["test"]["aer"] == 8.25


def test_the_attention_is_measured_over_the_split_and_by_sentence():
    numbers = metrics(findings())["test"]["attention"]
    assert set(numbers) == {"entropy", "normalised_entropy", "sharpness", "monotonicity", "coverage", "linked"}
    assert numbers["monotonicity"] == numbers["linked"] == 1
    assert 0.9 < numbers["sharpness"] == round(numbers["sharpness"], 3) < 1
    split = findings().splits[0]
    assert [sentence.coverage for sentence in split.attention_by_sentence] == [1, 6 / 7, 14 / 16, 1]
    assert numbers["coverage"] == round(33 / 36, 3)
    assert [sample.attention for sample in choose_samples(split, 2)] == [
        split.attention_by_sentence[index] for index in (0, 2)
    ]


def test_what_could_not_be_measured_is_not_among_the_numbers():
    unlinked = [replace(answer(source, text), links=[]) for source, text in zip(SOURCES, REFERENCES, strict=True)]
    without = [replace(found, matrix=None) for found in unlinked]
    pairs = list(zip(SOURCES, REFERENCES, strict=True))
    for answers, expected in ((unlinked, {"coverage": 0, "linked": 0}), (without, None)):
        split = score_split("test", answers, pairs=pairs, language="de", alignment=None, section=SECTION)
        numbers = metrics(replace(findings(), splits=[split]))["test"]
        assert numbers.get("attention") == expected
    assert split.attention == AttentionMeasures(*[None] * 6)


def test_numbers_can_stand_side_by_side():
    assert flat({"bleu": 30.5, "attention": {"entropy": 0.5, "coverage": 1.0}}) == {
        "bleu": 30.5,
        "attention/entropy": 0.5,
        "attention/coverage": 1.0,
    }


def test_scores_have_intervals_and_signatures():
    found = scores(findings(["Falsch", *REFERENCES[1:]]))["test"]["bleu"]
    assert found["low"] < found["value"] < found["high"]
    assert "tok:13a" in found["signature"]


@pytest.mark.parametrize(("count", "expected"), [(1, [0]), (2, [0, 2]), (3, [0, 3, 2]), (10, [0, 1, 3, 2])])
def test_samples_go_from_the_shortest_to_the_longest(count, expected):
    samples = choose_samples(findings().splits[0], count)
    assert [sample.index for sample in samples] == expected
    assert samples[0].reference == REFERENCES[0]
