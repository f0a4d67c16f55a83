"""The numbers that are kept."""

import pytest

from enface.evaluation.results import choose_samples, metrics, scores
from tests.unit.evaluation.made import REFERENCES, findings


def test_metrics_are_nested_by_split_and_rounded():
    numbers = metrics(findings())
    assert set(numbers) == {"test", "gold", "int8"}
    assert numbers["gold"] == {"aer": 21.0, "precision": 80.0, "recall": 78.0}
    assert numbers["int8"] == {"bleu": 99.5, "bleu_difference": -0.5}
    assert set(numbers["test"]) == {
        *("bleu", "bleu_low", "bleu_high", "bleu_lowercased", "chrf", "chrf_lowercased", "ter", "ter_lowercased"),
        *("aer", "precision", "recall"),
    }
    assert numbers["test"]["aer"] == 8.25


def test_scores_have_intervals_and_signatures():
    found = scores(findings(["Falsch", *REFERENCES[1:]]))["test"]["bleu"]
    assert found["low"] < found["value"] < found["high"]
    assert "tok:13a" in found["signature"]


@pytest.mark.parametrize(("count", "expected"), [(1, [0]), (2, [0, 2]), (3, [0, 3, 2]), (10, [0, 1, 3, 2])])
def test_samples_go_from_the_shortest_to_the_longest(count, expected):
    samples = choose_samples(findings().splits[0], count)
    assert [sample.index for sample in samples] == expected
    assert samples[0].reference == REFERENCES[0]
