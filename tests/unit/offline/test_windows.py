import gzip
import lzma

import pytest

from enface.errors import DataError
from enface.offline import windows
from enface.offline.windows import Refusal, Windows

PACKERS = {"": bytes, ".gz": gzip.compress, ".xz": lzma.compress}


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(windows, "WINDOW_LINES", 3)
    monkeypatch.setattr(windows, "WINDOW_BYTES", 100)


def write(tmp_path, content, ending=""):
    path = tmp_path / f"in{ending}"
    path.write_bytes(PACKERS[ending](content))
    return path


@pytest.mark.parametrize("ending", PACKERS)
def test_windows_hold_every_line_in_its_place_and_go_on_anywhere(tmp_path, ending):
    path = write(tmp_path, b"\xef\xbb\xbfa\r\n\n b\x85\nc\xe2\x80\xa8d\ne\nf\n\nlast", ending)
    cut = list(Windows(path, 20))
    assert [line for window in cut for line in window.lines][1:2] == [""]
    assert [window.lines for window in cut] == [["a", "", cut[0].lines[2]], ["c\u2028d", "e", "f"], ["", "last"]]
    assert [window.first for window in cut] == [1, 4, 7]
    for number, window in enumerate(cut):
        on = list(Windows(path, 20, start=window.end, before=window.first + len(window.lines) - 1))
        assert [later.lines for later in on] == [later.lines for later in cut[number + 1 :]]
        assert [later.end for later in on] == [later.end for later in cut[number + 1 :]]


def test_an_empty_file_has_no_window(tmp_path):
    assert list(Windows(write(tmp_path, b""), 20)) == []


def test_a_line_that_is_no_text_is_refused_in_its_place(tmp_path):
    (window,) = Windows(write(tmp_path, b"a\nsch\xf6n\nb\n"), 20)
    assert window.lines == ["a", Refusal("not UTF-8: byte 4 of the line cannot be read; convert it first"), "b"]


def test_a_line_that_is_far_too_long_is_passed_over_and_not_held(tmp_path, monkeypatch):
    monkeypatch.setattr(windows, "_SKIPPED_BYTES", 7)
    content = b"a\n" + b"x" * 1000 + b"\nb\n" + b"y" * 1000
    cut = list(Windows(write(tmp_path, content), 4))
    refusal = Refusal("got more than 4 characters; send it in smaller parts")
    assert [line for window in cut for line in window.lines] == ["a", refusal, "b", refusal]
    assert cut[-1].end == len(content)


def test_as_many_bytes_as_the_most_characters_may_have_are_read(tmp_path):
    long = "𝄞" * 4
    (window,) = Windows(write(tmp_path, f"\ufeff{long}\r\n{long}".encode()), 4)
    assert window.lines == [long, long]


def test_a_window_ends_where_it_has_bytes_enough(tmp_path):
    cut = list(Windows(write(tmp_path, b"x" * 99 + b"\n" + b"y\n" * 3), 200))
    assert [len(window.lines) for window in cut] == [1, 3]


@pytest.mark.parametrize(("ending", "kind"), [(".gz", "gzip"), (".xz", "xz")])
def test_a_broken_file_is_an_error(tmp_path, ending, kind):
    path = write(tmp_path, b"some text\n" * 1000, ending)
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DataError, match=rf"in\{ending}: broken {kind} \(.*\); fetch or make the file again"):
        list(Windows(path, 20))
