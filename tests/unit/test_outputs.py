import json
import os
import stat

import pytest

from enface.outputs import is_first_process, whole_file, whole_folder, write_json


class Stop(Exception):
    pass


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_whole_when_the_block_ends(tmp_path):
    out = tmp_path / "deep" / "out"
    with whole_folder(out) as draft:
        (draft / "a").write_text("1")
        assert not out.exists()
    assert names(out) == ["a"]
    assert names(out.parent) == ["out"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o755


def test_a_folder_replaces_the_old_one_wholly(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "old").write_text("old")
    with whole_folder(out) as draft:
        (draft / "new").write_text("new")
        assert names(out) == ["old"]
    assert names(out) == ["new"]
    assert names(tmp_path) == ["out"]


def write_half(draft):
    draft.write_text("half")
    raise Stop


def test_an_error_inside_the_block_leaves_the_old_folder(tmp_path):
    out = tmp_path / "out"
    out.mkdir()
    (out / "old").write_text("old")
    with pytest.raises(Stop), whole_folder(out) as draft:
        write_half(draft / "new")
    assert names(out) == ["old"]
    assert names(tmp_path) == ["out"]


def test_an_error_inside_the_block_leaves_no_folder_where_none_was(tmp_path):
    with pytest.raises(Stop), whole_folder(tmp_path / "out"):
        raise Stop
    assert names(tmp_path) == []


def test_a_file_appears_whole_when_the_block_ends(tmp_path):
    out = tmp_path / "deep" / "out.txt"
    with whole_file(out) as draft:
        draft.write_text("new")
        assert not out.exists()
    assert out.read_text() == "new"
    assert names(out.parent) == ["out.txt"]
    assert stat.S_IMODE(out.stat().st_mode) == 0o644


@pytest.mark.parametrize("before", [None, "old"])
def test_an_error_inside_the_block_leaves_the_file_as_it_was(tmp_path, before):
    out = tmp_path / "out.txt"
    if before is not None:
        out.write_text(before)
    with pytest.raises(Stop), whole_file(out) as draft:
        write_half(draft)
    assert names(tmp_path) == ([] if before is None else ["out.txt"])
    assert before is None or out.read_text() == before


def test_an_interrupt_cleans_up_too(tmp_path):
    with pytest.raises(KeyboardInterrupt), whole_folder(tmp_path / "out"):
        raise KeyboardInterrupt
    assert names(tmp_path) == []


def test_equal_values_give_equal_bytes(tmp_path):
    write_json(tmp_path / "a.json", {"b": 1, "a": "é"})
    write_json(tmp_path / "b.json", {"a": "é", "b": 1})
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == '{\n  "a": "é",\n  "b": 1\n}\n'


def test_a_value_that_is_no_json_leaves_the_old_file(tmp_path):
    path = tmp_path / "a.json"
    write_json(path, 1)
    with pytest.raises(TypeError):
        write_json(path, {1, 2})
    assert json.loads(path.read_text()) == 1
    assert names(tmp_path) == ["a.json"]


def test_a_folder_that_cannot_be_written_is_left_alone(tmp_path):
    if os.geteuid() == 0:
        (tmp_path / "file").write_text("")
        parent = tmp_path / "file"
    else:
        parent = tmp_path / "locked"
        parent.mkdir(mode=0o500)
    with pytest.raises(OSError, match=r"locked|file"), whole_folder(parent / "out"):
        pass


@pytest.mark.parametrize("name", ["RANK", "LOCAL_RANK", "NODE_RANK", "SLURM_PROCID"])
def test_a_training_has_one_first_process_however_it_is_started(monkeypatch, name):
    assert is_first_process()
    monkeypatch.setenv(name, "0")
    assert is_first_process()
    monkeypatch.setenv(name, "1")
    assert not is_first_process()
