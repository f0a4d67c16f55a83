import pytest

from enface.data.making import write_parallel
from enface.data.readers.files import FilesReader
from enface.data.readers.pair import RawPair
from enface.errors import DataError


class Listed:
    splits = ("train", "test")

    def pairs(self, split):
        return iter([RawPair(f"{split} a", f"{split} b", "0-1 1-0", "x:1"), RawPair("c", "d", "", "x:2")])


def test_what_is_written_is_read_back(tmp_path):
    said = []
    write_parallel(Listed(), tmp_path / "out", "en", "de", report=lambda *count: said.append(count))
    assert said == [("train", 2), ("test", 2)]
    reader = FilesReader(tmp_path / "out", "en", "de")
    assert reader.splits == ["train", "test"]
    assert [pair[:3] for pair in reader.pairs("test")] == [pair[:3] for pair in Listed().pairs("test")]


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine").touch()
    with pytest.raises(DataError, match="already there and not empty; name a new folder, or remove it"):
        write_parallel(Listed(), tmp_path, "en", "de", report=lambda *_: None)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
