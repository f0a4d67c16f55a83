import json
import subprocess
import sys

import pytest

from enface.data.readers.huggingface import HuggingFaceReader
from enface.data.readers.pair import RawPair
from enface.errors import DataError


@pytest.fixture(autouse=True)
def offline(monkeypatch, tmp_path):
    import datasets

    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path / "cache")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")


def write(folder, **splits):
    folder.mkdir(exist_ok=True)
    for split, rows in splits.items():
        (folder / f"{split}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(folder)


def test_a_translation_column_gives_pairs_in_either_direction(tmp_path):
    rows = [{"translation": {"en": "a dog", "de": "ein Hund"}}, {"translation": {"en": None, "de": "x"}}]
    dataset = write(tmp_path / "set", train=rows, test=rows[:1])
    reader = HuggingFaceReader(dataset, "de", "en")
    assert reader.splits == ["train", "test"]
    assert list(reader.pairs("train")) == [
        RawPair("ein Hund", "a dog", None, f"{dataset}/train:1"),
        RawPair("x", "", None, f"{dataset}/train:2"),
    ]
    assert [pair.source for pair in reader.pairs("test")] == ["ein Hund"]


def test_columns_may_be_named_by_language(tmp_path):
    dataset = write(tmp_path / "set", train=[{"en": "a dog", "de": "ein Hund", "id": 3}])
    assert next(HuggingFaceReader(dataset, "en", "de").pairs("train")).target == "ein Hund"


@pytest.mark.parametrize("row", [{"translation": {"en": "a", "de": "b"}}, {"en": "a", "de": "b"}])
def test_a_wrong_language_is_an_error_that_names_those_there(tmp_path, row):
    dataset = write(tmp_path / "set", train=[row])
    with pytest.raises(DataError, match=r"set/train:1: need en and fr, there is (de, en|en, de)"):
        list(HuggingFaceReader(dataset, "en", "fr").pairs("train"))


def test_a_translation_that_is_no_mapping_is_an_error(tmp_path):
    dataset = write(tmp_path / "set", train=[{"translation": "a ||| b"}])
    with pytest.raises(DataError, match=r"need en and de, there is 'a \|\|\| b'"):
        list(HuggingFaceReader(dataset, "en", "de").pairs("train"))


def test_no_train_split_is_an_error(tmp_path):
    dataset = write(tmp_path / "set", test=[{"en": "a", "de": "b"}])
    with pytest.raises(DataError, match="no train split; need one to train on"):
        HuggingFaceReader(dataset, "en", "de")


def test_what_cannot_be_found_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"nowhere: .+; params\.yaml corpus\.dataset needs org/name or org/name:config"):
        HuggingFaceReader(str(tmp_path / "nowhere"), "en", "de")


def test_rows_that_cannot_be_read_are_an_error(tmp_path):
    dataset = write(tmp_path / "set", train=[{"en": "a", "de": "b"}])
    (tmp_path / "set" / "test.jsonl").write_text('{"en": "a"\n')
    reader = HuggingFaceReader(dataset, "en", "de")
    with pytest.raises(DataError, match=r"data set .*set: "):
        list(reader.pairs("test"))


def test_the_library_is_imported_when_it_is_used():
    script = "import sys, enface.data.corpus, enface.data.readers.huggingface; print('datasets' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_two_splits_of_one_kind_are_refused(monkeypatch):
    splits = {"train": [], "validation": [], "dev": []}
    monkeypatch.setattr("datasets.load_dataset", lambda *_, **__: splits)
    with pytest.raises(
        DataError, match=r"^data set a/b: dev is the validation split, and so is another; need a data set with"
    ):
        HuggingFaceReader("a/b", "en", "de")
