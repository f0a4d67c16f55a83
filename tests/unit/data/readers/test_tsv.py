import gzip

import pytest

from enface.data.readers.pair import RawPair
from enface.data.readers.tsv import TsvReader
from enface.errors import DataError


def test_a_file_is_training_data(tmp_path):
    path = tmp_path / "corpus.tsv"
    path.write_text('a "dog"\tein "Hund"\r\na cat\t\n')
    reader = TsvReader(path)
    assert reader.splits == ["train"]
    assert list(reader.pairs("train")) == [
        RawPair('a "dog"', 'ein "Hund"', None, f"{path}:1"),
        RawPair("a cat", "", None, f"{path}:2"),
    ]


def test_a_folder_has_a_file_for_each_split(tmp_path):
    (tmp_path / "train.tsv.gz").write_bytes(gzip.compress(b"a\tb\n"))
    (tmp_path / "dev.tsv").write_text("c\td\n")
    (tmp_path / "test-news.tsv").write_text("e\tf\n")
    reader = TsvReader(tmp_path)
    assert reader.splits == ["train", "validation", "test-news"]
    assert [pair.source for split in reader.splits for pair in reader.pairs(split)] == ["a", "c", "e"]


@pytest.mark.parametrize(("line", "columns"), [("a", 1), ("a\tb\tc", 3), ("", 1)])
def test_another_number_of_columns_is_an_error_with_its_line(tmp_path, line, columns):
    path = tmp_path / "corpus.tsv"
    path.write_text(f"a\tb\n{line}\na\tb\n")
    with pytest.raises(DataError, match=rf"corpus\.tsv:2: got {columns} columns, need 2: source, a tab, target"):
        list(TsvReader(path).pairs("train"))


def test_nothing_there_is_an_error(tmp_path):
    with pytest.raises(
        DataError, match=r"x\.tsv: no such file or folder; params\.yaml corpus\.path needs a \.tsv file"
    ):
        TsvReader(tmp_path / "x.tsv")


def test_a_folder_without_training_data_says_what_is_there(tmp_path):
    with pytest.raises(DataError, match=r"no train\.tsv \(or train\.tsv\.gz\); there is nothing"):
        TsvReader(tmp_path)
    (tmp_path / "test.tsv").touch()
    with pytest.raises(DataError, match=r"there is test\.tsv"):
        TsvReader(tmp_path)


def test_two_files_of_one_split_are_an_error(tmp_path):
    for name in ("val.tsv", "dev.tsv", "train.tsv"):
        (tmp_path / name).touch()
    with pytest.raises(DataError, match=r"val\.tsv: dev\.tsv is the validation split too; keep one"):
        TsvReader(tmp_path)
