"""The evaluation's folder."""

import json

import pytest

from enface.errors import DataError
from enface.evaluation.folder import read_evaluation, write_findings
from enface.evaluation.results import metrics
from tests.unit.evaluation.made import REFERENCES, SECTION, SOURCES, findings


@pytest.fixture
def folder(tmp_path):
    write_findings(tmp_path, findings())
    return tmp_path


def test_what_is_written_is_read_back(folder):
    evaluation = read_evaluation(folder)
    assert evaluation.metrics == metrics(findings())
    assert list(evaluation.sentences) == ["test"]
    assert evaluation.sentences["test"].sources == SOURCES
    assert evaluation.sentences["test"].hypotheses == evaluation.sentences["test"].references == REFERENCES
    assert evaluation.bucket_ends == SECTION.length_bucket_ends


def test_the_files_repeat_byte_for_byte(folder, tmp_path_factory):
    again = tmp_path_factory.mktemp("again")
    write_findings(again, findings())
    files = sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    assert [path.name for path in files if path.parent.name == "attention"] == ["00001.png", "00003.png", "00004.png"]
    for file in files:
        assert (folder / file).read_bytes() == (again / file).read_bytes(), file


def test_lengths_are_a_table_for_plots(folder):
    lines = (folder / "bleu_by_length.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "words,first,last,sentences,mean_words,bleu,bleu_low,bleu_high"
    assert lines[1] == "1–5,1,5,1,4.000,100.000,100.000,100.000"
    assert lines[-1].startswith("9+,9,,2,")


def test_the_measures_of_each_sentence_are_a_table(folder):
    lines = (folder / "test.attention.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "line,entropy,normalised_entropy,sharpness,monotonicity,coverage,linked"
    assert [line.split(",")[0] for line in lines[1:]] == ["1", "2", "3", "4"]
    assert lines[2].split(",")[4:] == ["1.000", "0.857", "1.000"]


def test_a_sentence_without_a_translation_has_empty_cells(tmp_path):
    write_findings(tmp_path, findings(["", *REFERENCES[1:]]))
    lines = (tmp_path / "test.attention.csv").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "1,,,,,0.000,"


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(DataError) as error:
        read_evaluation(tmp_path / "none")
    assert str(error.value) == (
        f"{tmp_path / 'none' / 'metrics.json'}: no such file; need a folder that the evaluate stage wrote"
    )


def test_broken_scores_are_named(folder):
    (folder / "scores.json").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match=r"scores\.json: not JSON: .*; evaluate again$"):
        read_evaluation(folder)
    (folder / "scores.json").write_text(json.dumps([1]), encoding="utf-8")
    with pytest.raises(DataError, match=r"scores\.json: got list, need numbers by split; evaluate again$"):
        read_evaluation(folder)


def test_broken_lengths_are_named(folder):
    (folder / "bleu_by_length.csv").write_text("words\n1-5\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"bleu_by_length\.csv: need the columns words, first, last, .*; evaluate"):
        read_evaluation(folder)


@pytest.mark.parametrize("numbers", [{}, {"test": 3}])
def test_a_split_without_numbers_is_named(folder, numbers):
    (folder / "metrics.json").write_text(json.dumps(numbers), encoding="utf-8")
    with pytest.raises(DataError, match=r"metrics\.json: no numbers of test; evaluate again$"):
        read_evaluation(folder)


def test_a_cut_off_text_is_named(folder):
    (folder / "test.hypothesis").write_text("Ein Mann\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_evaluation(folder)
    assert str(error.value) == (
        f"{folder}: need as many lines in each, got test.source 4, test.hypothesis 1, test.reference 4; evaluate again"
    )
