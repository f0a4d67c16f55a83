import gzip

import pytest

from enface.data.readers import lines
from enface.data.readers.lines import read_lines
from enface.errors import DataError


def test_only_a_line_feed_ends_a_line(tmp_path):
    path = tmp_path / "text"
    path.write_bytes("a\u2028b\x85c\x0bd\re\r\nf\n\ng".encode())
    assert list(read_lines(path)) == ["a\u2028b\x85c\x0bd\re", "f", "", "g"]


def test_gzip_is_unpacked_and_the_byte_order_mark_left_out(tmp_path):
    path = tmp_path / "text.gz"
    path.write_bytes(gzip.compress("\ufeffa\nb\ufeff\n".encode()))
    assert list(read_lines(path)) == ["a", "b\ufeff"]


def test_an_empty_file_has_no_lines(tmp_path):
    (tmp_path / "text").touch()
    assert list(read_lines(tmp_path / "text")) == []


def test_bad_utf8_is_an_error_with_file_line_and_byte(tmp_path):
    path = tmp_path / "train.de"
    path.write_bytes("gut\nsch\xf6n\n".encode("latin-1"))
    with pytest.raises(DataError, match=r"train\.de:2: not UTF-8: byte 0xf6 at byte 4 of the line; convert the file"):
        list(read_lines(path))


@pytest.mark.parametrize(
    "content", [b"plain", gzip.compress(b"a\n" * 999)[:-9], gzip.compress(b"a\n" * 999)[:20] + b"!" * 40]
)
def test_broken_gzip_is_an_error(tmp_path, content):
    path = tmp_path / "text.gz"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"text\.gz: broken gzip \(.+\); fetch or make the file again"):
        list(read_lines(path))


def test_a_missing_file_is_an_error(tmp_path):
    with pytest.raises(DataError, match="text: no such file"):
        list(read_lines(tmp_path / "text"))


def test_a_file_that_may_not_be_read_is_an_error(tmp_path, monkeypatch):
    """As root, who runs the tests in many places, may read every file, the refusal is made up."""

    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setitem(lines._UNPACKERS, ".gz", refuse)
    with pytest.raises(DataError, match=r"text\.gz: may not be read; give this user the right to"):
        list(read_lines(tmp_path / "text.gz"))
