"""Evaluations beside one another."""

from dataclasses import replace

import pytest

from enface.errors import DataError
from enface.evaluation.comparison import compare_evaluations
from enface.evaluation.folder import read_evaluation, write_findings
from tests.unit.evaluation.made import REFERENCES, findings


def evaluation(path, hypotheses=REFERENCES, name="test"):
    path.mkdir()
    write_findings(path, findings(hypotheses, name=name))
    return read_evaluation(path)


def test_scores_buckets_and_significance_by_system(tmp_path):
    systems = {"good": evaluation(tmp_path / "a"), "bad": evaluation(tmp_path / "b", ["Ein Mann"] * 4)}
    comparison = compare_evaluations(systems, split=None, bootstrap_samples=50)
    assert comparison.split == "test"
    assert comparison.values["good"]["bleu"] == 100
    assert comparison.values["good"]["gold_aer"] == 21
    assert comparison.values["good"]["attention/linked"] == 1
    assert [bucket.label for bucket in comparison.buckets["bad"]] == ["1–5", "6–8", "9+"]
    assert comparison.p_values["good"] is None
    assert comparison.p_values["bad"] < 0.05


def test_one_system_alone_is_not_tested(tmp_path):
    comparison = compare_evaluations({"one": evaluation(tmp_path / "a")}, split="test", bootstrap_samples=5)
    assert comparison.p_values == {"one": None}


@pytest.mark.parametrize(("split", "begins"), [(None, "test splits"), ("test", "test split test")])
def test_a_split_that_one_lacks_is_refused(tmp_path, split, begins):
    systems = {"a": evaluation(tmp_path / "a"), "b": evaluation(tmp_path / "b", name="other")}
    with pytest.raises(DataError) as error:
        compare_evaluations(systems, split=split, bootstrap_samples=5)
    assert str(error.value) == (
        f"{begins}: not in all the evaluations: {tmp_path / 'a'} has test; {tmp_path / 'b'} has other"
    )


def test_other_sentences_are_refused(tmp_path):
    first = evaluation(tmp_path / "a")
    sentences = replace(first.sentences["test"], references=["Anders"] * 4)
    other = replace(first, path=tmp_path / "b", sentences={"test": sentences})
    with pytest.raises(DataError) as error:
        compare_evaluations({"a": first, "b": other}, split=None, bootstrap_samples=5)
    assert str(error.value) == (
        f"{tmp_path / 'b'} test: its source or reference sentences are not those of {tmp_path / 'a'}; "
        "need evaluations of the same corpus"
    )


def test_a_system_that_says_the_same_does_not_differ(tmp_path):
    hypotheses = [*REFERENCES[:3], "Ein Mann"]
    systems = {name: evaluation(tmp_path / name, hypotheses) for name in ("one", "two")}
    comparison = compare_evaluations(systems, split=None, bootstrap_samples=5)
    assert comparison.p_values == {"one": None, "two": 1.0}
