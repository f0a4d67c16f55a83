import gzip
import logging

import pytest

from enface.data.readers.files import FilesReader
from enface.data.readers.pair import RawPair
from enface.errors import DataError


@pytest.fixture
def folder(tmp_path):
    for stem, languages in {
        "train": "en de fr",
        "val": "en de fr",
        "test_2016": "en de fr",
        "test_2017": "en de",
    }.items():
        for language in languages.split():
            lines = f"{stem} {language} 1\n{stem} {language} 2\n"
            (tmp_path / f"{stem}.{language}.gz").write_bytes(gzip.compress(lines.encode()))
    return tmp_path


def test_pairs_are_the_lines_of_two_files_with_their_place(folder):
    pairs = list(FilesReader(folder, "de", "fr").pairs("train"))
    assert pairs[1] == RawPair("train de 2", "train fr 2", None, f"{folder}/train.de.gz:2")
    assert len(pairs) == 2


def test_splits_are_found_by_name(folder):
    assert FilesReader(folder, "en", "de").splits == ["train", "validation", "test_2016", "test_2017"]
    assert [pair.source for pair in FilesReader(folder, "en", "de").pairs("validation")] == ["val en 1", "val en 2"]


@pytest.mark.parametrize("name", ["validation", "valid", "val", "dev"])
def test_validation_has_many_names(folder, name):
    for language in ("en", "de"):
        (folder / f"val.{language}.gz").rename(folder / f"{name}.{language}.gz")
    assert "validation" in FilesReader(folder, "en", "de").splits


def test_a_split_without_the_language_is_left_out_and_said_so(folder, caplog):
    with caplog.at_level(logging.INFO):
        assert FilesReader(folder, "en", "fr").splits == ["train", "validation", "test_2016"]
    assert "test_2017 is left out, it is not there in fr" in caplog.text


def test_gold_links_stand_beside_and_are_turned_for_the_other_direction(folder):
    (folder / "test_2016.en-de.links").write_text("0-2 1?0\n\n")
    forward = [pair.links for pair in FilesReader(folder, "en", "de").pairs("test_2016")]
    backward = [pair.links for pair in FilesReader(folder, "de", "en").pairs("test_2016")]
    assert (forward, backward) == (["0-2 1?0", ""], ["2-0 0?1", ""])
    assert [pair.links for pair in FilesReader(folder, "en", "fr").pairs("test_2016")] == [None, None]


def test_a_broken_gold_link_is_an_error_with_its_place(folder):
    (folder / "train.en-de.links").write_text("0-0\n0-x\n")
    with pytest.raises(DataError, match=r"train\.en-de\.links:2: got '0-x', need links"):
        list(FilesReader(folder, "en", "de").pairs("train"))


def test_too_few_gold_links_are_an_error_with_all_counts(folder):
    (folder / "train.en-de.links").write_text("0-0\n")
    with pytest.raises(
        DataError, match=r"has 2 lines, .*train\.en-de\.links has 1 lines; parallel files need the same"
    ):
        list(FilesReader(folder, "en", "de").pairs("train"))


def test_unequal_files_are_an_error_with_both_counts(folder):
    (folder / "train.de.gz").write_bytes(gzip.compress(b"eins\nzwei\ndrei\n"))
    with pytest.raises(DataError, match=r"train\.en\.gz has 2 lines, .*train\.de\.gz has 3 lines; parallel files need"):
        list(FilesReader(folder, "en", "de").pairs("train"))


def test_a_wrong_language_is_an_error_that_names_those_there(folder):
    with pytest.raises(DataError, match=r"no train\.xx \(or train\.xx\.gz\); there is de, en, fr"):
        FilesReader(folder, "en", "xx")


def test_a_folder_without_training_files_says_so(tmp_path):
    (tmp_path / "README.md").touch()
    with pytest.raises(DataError, match=r"no train\.en .*; there are no training files at all"):
        FilesReader(tmp_path, "en", "de")


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(DataError, match=r"nowhere: no such folder; need one with train\.LANGUAGE files"):
        FilesReader(tmp_path / "nowhere", "en", "de")


def test_two_files_of_one_split_are_an_error(folder):
    (folder / "train.en").write_text("x\n")
    with pytest.raises(DataError, match=r"train\.en\.gz: train\.en is the train split in en too; keep one"):
        FilesReader(folder, "en", "de")
