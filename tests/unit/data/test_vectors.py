import gzip
import logging
import tracemalloc

import pytest

from enface.data.vectors import read_vectors
from enface.errors import DataError

LINES = ["king 1 2 3", "Königin 0.5 -1e-2 4", "the 7 8 9"]


def write(path, lines, encoding="utf-8"):
    content = "".join(f"{line}\n" for line in lines).encode(encoding)
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def read(path, *wanted, size=3):
    return {word: vector.tolist() for word, vector in read_vectors(path, wanted, size=size).items()}


@pytest.mark.parametrize("name", ["words.vec", "words.vec.gz"])
@pytest.mark.parametrize("header", [[], ["3 3"]], ids=["without a header", "with a header"])
@pytest.mark.parametrize("end", ["", " ", "\r"], ids=["word2vec", "fastText", "Windows"])
def test_wanted_words_have_their_vectors_and_others_none(tmp_path, name, header, end):
    path = write(tmp_path / name, [line + end for line in header + LINES])
    assert read(path, "Königin", "king", "queen") == {"king": [1, 2, 3], "Königin": [0.5, -0.01, 4]}


def test_a_byte_order_mark_is_no_part_of_the_first_word(tmp_path):
    assert read(write(tmp_path / "words.vec", LINES, "utf-8-sig"), "king") == {"king": [1, 2, 3]}


def test_of_a_word_that_comes_twice_the_first_counts(tmp_path):
    assert read(write(tmp_path / "words.vec", [*LINES, "king 9 9 9"]), "king") == {"king": [1, 2, 3]}


def test_malformed_lines_are_left_out_counted_and_named(tmp_path, caplog):
    bad = ["king 1 2", "king 1 2 3 4", " 1 2 3", "king 1 x 3", "king 1 nan 3", "king 1 inf 3", "", "two words 1 2 3"]
    path = write(tmp_path / "words.vec", [*LINES[1:], *bad, LINES[0]])
    with path.open("ab") as file:
        file.write(b"k\xf6nig 1 2 3\n")
    with caplog.at_level(logging.WARNING):
        assert read(path, "king") == {"king": [1, 2, 3]}
    assert caplog.messages == [f"{path}: 9 of 12 lines are malformed and left out: 3, 4, 5, 6, 7, ..."]


def test_one_malformed_line_is_named(tmp_path, caplog):
    read(write(tmp_path / "words.vec", [*LINES, "oops"]), "king")
    assert caplog.messages == [f"{tmp_path / 'words.vec'}: 1 of 4 lines are malformed and left out: 4"]


@pytest.mark.parametrize("lines", [LINES, ["3 3", *LINES]])
def test_vectors_of_another_size_are_refused(tmp_path, lines):
    path = write(tmp_path / "words.vec", lines)
    with pytest.raises(DataError) as caught:
        read(path, "king", size=256)
    assert str(caught.value) == (
        f"{path}: got vectors of 3 numbers, need 256, the size of the model's embedding in params.yaml; "
        "set that to the file's, or take another file"
    )


@pytest.mark.parametrize(("lines", "count"), [([], 0), (["5 3"], 0), (["5 3", "king 1", "queen 2"], 2)])
def test_a_file_of_no_vectors_is_refused(tmp_path, lines, count):
    path = write(tmp_path / "words.vec", lines)
    with pytest.raises(DataError) as caught:
        read(path, "king")
    assert str(caught.value) == f"{path}: got no word vectors in {count} lines, need lines of a word and 3 numbers"


def test_a_missing_file_and_broken_gzip_are_named(tmp_path):
    with pytest.raises(DataError) as caught:
        read(tmp_path / "words.vec", "king")
    assert str(caught.value) == f"{tmp_path / 'words.vec'}: no such file"
    broken = write(tmp_path / "words.vec.gz", LINES * 100)
    broken.write_bytes(broken.read_bytes()[:40])
    with pytest.raises(DataError) as caught:
        read(broken, "king")
    assert str(caught.value).startswith(f"{broken}: broken gzip (")


def test_a_large_file_is_never_held(tmp_path):
    path = tmp_path / "words.vec"
    numbers = " 0.123456" * 50
    with path.open("w") as file:
        file.writelines(f"word{number}{numbers}\n" for number in range(20_000))
    tracemalloc.start()
    found = read_vectors(path, {"word19999"}, size=50)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert list(found) == ["word19999"]
    assert peak < path.stat().st_size / 20
