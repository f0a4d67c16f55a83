import pytest

from enface.cli.terms import read_glossary
from enface.errors import DataError


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.json", '{"terms": {"hot dog": "Wurst", "ä": "ö"}}'),
        ("a.json", '{"hot dog": "Wurst", "ä": "ö"}'),
        ("a.tsv", "hot dog\tWurst\n\nä\tö\nä\tö\n"),
        ("a.txt", "\ufeffhot dog\tWurst\r\nä\tö"),
    ],
)
def test_terms_are_read_from_json_and_from_columns(tmp_path, name, content):
    (tmp_path / name).write_bytes(content.encode())
    assert read_glossary(tmp_path / name) == {"terms": {"hot dog": "Wurst", "ä": "ö"}}


def test_terms_may_be_a_term(tmp_path):
    (tmp_path / "a.json").write_text('{"terms": "Begriffe"}')
    assert read_glossary(tmp_path / "a.json") == {"terms": {"terms": "Begriffe"}}


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", "{", ": not JSON: "),
        ("a.json", "\xff", ": not JSON: "),
        ("a.json", "[" * 100_000, ": not JSON: "),
        ("a.json", "[]", ': got list, need an object such as {"terms": {"dog": "Hund"}}'),
        ("a.tsv", "a\tb\nc d\n", ":2: got 1 columns, need 2: a term, a tab, its translation"),
        ("a.tsv", "a\tb\na\tc\n", ":2: this term has another translation in a line above; keep one of them"),
        ("a.tsv", "\xff", ":1: not UTF-8: byte 0xff at byte 1 of the line; convert the file to UTF-8"),
    ],
)
def test_what_is_wrong_with_a_file_is_told(tmp_path, name, content, message):
    path = tmp_path / name
    path.write_bytes(content.encode("latin-1"))
    with pytest.raises(DataError) as caught:
        read_glossary(path)
    assert str(caught.value).startswith(f"{path}{message}")


@pytest.mark.parametrize("name", ["none.json", "none.tsv"])
def test_a_file_that_is_not_there(tmp_path, name):
    with pytest.raises(DataError) as caught:
        read_glossary(tmp_path / name)
    assert str(caught.value) == f"{tmp_path / name}: no such file"
