import hashlib
import json
import shutil

import pytest

from enface.data.pin import check_folder, check_pinned, read_pin
from enface.errors import DataError

FILES = {"b.txt": b"two\n", "a/c.txt": b"one\n"}


@pytest.fixture
def folder(tmp_path):
    for name, content in FILES.items():
        path = tmp_path / "data" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    listing = [{"md5": hashlib.md5(FILES[name]).hexdigest(), "relpath": name} for name in sorted(FILES)]
    md5 = hashlib.md5(json.dumps(listing, sort_keys=True).encode()).hexdigest()
    (tmp_path / "data.dvc").write_text(
        f"outs:\n- md5: {md5}.dir\n  size: 8\n  nfiles: 2\n  hash: md5\n  path: data\n"
        "meta: {git: https://example.org/x.git, rev: abc, path: raw}\n"
    )
    return tmp_path / "data"


def test_a_pin_says_what_and_from_where(folder):
    pin = read_pin(folder.with_name("data.dvc"))
    assert (pin.folder, pin.size_bytes, pin.files) == (folder, 8, 2)
    assert (pin.repository, pin.revision, pin.repository_path) == ("https://example.org/x.git", "abc", "raw")


def test_the_pinned_folder_passes(folder):
    check_pinned(folder)


def test_a_folder_that_nothing_pins_passes(folder):
    folder.with_name("data.dvc").unlink()
    check_pinned(folder)


def test_an_altered_file_is_refused_with_both_hashes_and_what_to_do(folder):
    (folder / "b.txt").write_bytes(b"too\n")
    with pytest.raises(DataError) as caught:
        check_pinned(folder)
    message = str(caught.value)
    assert f"{folder}: got 2 files, 8 bytes, hash " in message
    assert f"the pin says 2 files, 8 bytes, hash {read_pin(folder.with_name('data.dvc')).md5}" in message
    assert "run: enface corpus fetch --force, or set corpus.name to files" in message


def test_a_missing_file_is_refused(folder):
    shutil.rmtree(folder / "a")
    with pytest.raises(DataError, match="mirror: got 1 files, 4 bytes"):
        check_folder(folder, read_pin(folder.with_name("data.dvc")), "mirror")


def test_a_missing_pin_is_named(tmp_path):
    with pytest.raises(DataError, match=r"data\.dvc: no such file; run in the project's root"):
        read_pin(tmp_path / "data.dvc")


def test_a_pin_that_is_not_yaml_is_named(tmp_path):
    (tmp_path / "data.dvc").write_text("outs: [")
    with pytest.raises(DataError, match=r"data\.dvc: not YAML"):
        read_pin(tmp_path / "data.dvc")


@pytest.mark.parametrize("content", ["", "outs: []", "outs: [{path: data}]\nmeta: {}", "3"])
def test_a_pin_without_hash_or_provenance_is_refused(tmp_path, content):
    (tmp_path / "data.dvc").write_text(content)
    with pytest.raises(DataError, match=r"need one folder under outs \(md5, size, nfiles, path\) and meta"):
        read_pin(tmp_path / "data.dvc")
