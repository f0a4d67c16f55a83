"""Variants in one table."""

import csv

import pytest

from enface.errors import DataError
from enface.evaluation.folder import write_findings
from enface.evaluation.tabulation import as_csv, as_markdown, headline, tabulate
from enface.outputs import write_json
from tests.unit.evaluation.made import REFERENCES, findings


def run(folder, hypotheses=REFERENCES, *, parameters=1_234_567):
    for name in ("train", "evaluate"):
        (folder / name).mkdir(parents=True)
    write_findings(folder / "evaluate", findings(hypotheses))
    write_json(folder / "evaluate" / "speed.json", {"translations_per_second": 99.5, "latency_ms": 12.34})
    write_json(folder / "train" / "metrics.json", {"parameters": parameters, "validation_loss": 1.5})
    write_json(folder / "train.json", {"minutes": 2.25, "target_tokens_per_second": 8123})
    return folder


@pytest.fixture
def runs(tmp_path):
    return {"bad": run(tmp_path / "bad", ["Ein Mann"] * 4), "good": run(tmp_path / "good", parameters=7)}


def test_the_best_stands_first_and_the_others_are_tested_against_it(runs):
    table = tabulate(runs, bootstrap_samples=50)
    assert [row["variant"] for row in table.rows] == ["good", "bad"]
    assert list(table.comparison.buckets) == ["good", "bad"]
    assert "p" not in table.rows[0]
    assert table.rows[1]["p"] < 0.05


def test_csv_has_the_numbers_as_measured(runs):
    good, bad = csv.DictReader(as_csv(tabulate(runs, bootstrap_samples=10)).splitlines())
    assert (good["bleu"], good["aer"], good["gold_aer"], good["parameters"]) == ("100.0", "8.25", "21.0", "7")
    assert (bad["minutes"], bad["target_tokens_per_second"], bad["latency_ms"]) == ("2.25", "8123", "12.34")
    assert good["attention/coverage"]
    assert "validation_loss" not in good


def test_markdown_is_rounded_and_has_the_interval_in_the_cell_of_bleu(runs):
    head, line, good, bad = as_markdown(tabulate(runs, bootstrap_samples=10)).splitlines()
    assert head.startswith("| Variant | BLEU | p | chrF | AER | AER by hand | Entropy |")
    assert head.count("|") == line.count("|") == good.count("|") == bad.count("|")
    assert good.startswith("| good | 100.0 (100.0 to 100.0) |  | 100.0 | 8.2 | 21.0 |")
    assert bad.endswith("| 1,234,567 | 2.2 | 8,123 | 12.3 | 100 |")


def test_the_headline_is_quality_size_and_speed(runs):
    found = headline(tabulate(runs, bootstrap_samples=5))
    assert list(found) == ["good", "bad"]
    assert found["good"] == {
        **{"bleu": 100.0, "bleu_low": 100.0, "bleu_high": 100.0, "aer": 8.25, "gold_aer": 21.0},
        **{"parameters": 7, "target_tokens_per_second": 8123, "latency_ms": 12.34},
    }


def test_what_no_variant_has_is_no_column(runs):
    for folder in runs.values():
        (folder / "train.json").write_text("{}")
    assert "minutes" not in as_csv(tabulate(runs, bootstrap_samples=5))


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        (None, "no such file; need what the stages of the pipeline wrote"),
        (
            "x",
            "not JSON: Expecting value: line 1 column 1 (char 0); run the stage again",
        ),
        ("[]", "got list, need numbers by name; run the stage again"),
    ],
)
def test_a_file_that_is_not_what_was_written_is_named(runs, written, problem):
    file = runs["good"] / "train.json"
    file.unlink() if written is None else file.write_text(written)
    with pytest.raises(DataError) as error:
        tabulate(runs, bootstrap_samples=5)
    assert str(error.value) == f"{file}: {problem}"


def test_no_runs_are_refused():
    with pytest.raises(DataError) as error:
        tabulate({}, bootstrap_samples=5)
    assert str(error.value) == "got no runs to tabulate, need at least one; look into the runs of variants.yaml"
