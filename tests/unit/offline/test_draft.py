import os
import signal

import pytest

from enface.errors import DataError
from enface.offline import draft as module
from enface.offline.draft import Reached, open_draft

MADE_OF = {"input": "abc", "beam_size": "5"}
PARTS = [b"one\n", b"two\n", b"", b"three and more\n"]


def fill(out, *, restart=False, made_of=MADE_OF):
    """The way `run.py` fills a draft: parts that are there are not added again; how many were added."""
    with open_draft(out, made_of, restart=restart) as draft:
        left = [] if draft.reached.complete else list(enumerate(PARTS))[draft.reached.lines :]
        for number, part in left:
            draft.add(part, lines=1, read=10 * (number + 1), refused=[number + 1][number % 2 :], incomplete=1)
        draft.finish()
        return len(left), draft.reached


def killed_at(out, moment):
    """A process that is killed when it syncs for the `moment`-th time, its last write torn or whole by turns."""
    child = os.fork()
    if child == 0:
        synced = 0

        def sync(handle):
            nonlocal synced
            synced += 1
            if synced == moment:
                size = os.fstat(handle).st_size
                os.ftruncate(handle, max(size - moment % 3, 0))
                os.kill(os.getpid(), signal.SIGKILL)

        module.os.fsync = sync
        try:
            fill(out)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="one process stands for many by forking")
@pytest.mark.parametrize("moment", range(1, 11))
def test_killed_at_any_moment_nothing_is_lost_or_there_twice(tmp_path, moment):
    out = tmp_path / "out"
    assert killed_at(out, moment) == -signal.SIGKILL
    assert not out.exists()
    assert killed_at(out, moment) in (-signal.SIGKILL, 0)
    added, reached = fill(out) if not out.exists() else (0, Reached(4, 40, 23, [1, 3], 4, True))
    assert out.read_bytes() == b"".join(PARTS)
    assert added < len(PARTS) or moment <= 3
    assert reached == Reached(4, 40, 23, [1, 3], 4, complete=True)
    assert list(tmp_path.iterdir()) == [out]


def test_killed_between_its_name_and_the_journals_end_it_is_complete(tmp_path):
    out = tmp_path / "out"
    with open_draft(out, MADE_OF, restart=False) as draft:
        draft.add(b"all\n", lines=1, read=3, refused=[], incomplete=0)
        draft._note({"complete": True})
    (tmp_path / "out.part").rename(out)
    assert fill(out)[0] == 0
    assert out.read_bytes() == b"all\n"
    assert list(tmp_path.iterdir()) == [out]


def half(out):
    with open_draft(out, MADE_OF, restart=False) as draft:
        draft.add(PARTS[0], lines=1, read=10, refused=[], incomplete=0)


def test_what_was_begun_otherwise_is_not_gone_on_with(tmp_path):
    out = tmp_path / "out"
    half(out)
    with pytest.raises(
        DataError,
        match=r"out\.part: was begun with another beam_size \(then 5, now 4\), form \(then none, now text\); ask for "
        "the same as then to go on, or begin anew with --restart",
    ):
        fill(out, made_of={"input": "abc", "beam_size": "4", "form": "text"})
    assert fill(out, made_of={"input": "other"}, restart=True)[0] == len(PARTS)
    assert out.read_bytes() == b"".join(PARTS)


def test_an_output_that_is_there_stays_until_another_is_asked_for_and_complete(tmp_path):
    out = tmp_path / "out"
    out.write_text("old")
    with pytest.raises(DataError, match="out: already there; --restart makes it anew, or name another output"):
        fill(out)
    assert list(tmp_path.iterdir()) == [out]
    with open_draft(out, MADE_OF, restart=True) as draft:
        draft.add(PARTS[0], lines=1, read=10, refused=[], incomplete=0)
    assert out.read_text() == "old"
    assert fill(out)[0] == len(PARTS) - 1
    assert out.read_bytes() == b"".join(PARTS)


def test_damage_is_told(tmp_path):
    out = tmp_path / "out"
    half(out)
    (tmp_path / "out.part").write_bytes(b"on")
    with pytest.raises(DataError, match=r"out\.part: got 2 bytes, need the 4 that its journal tells of; --restart"):
        fill(out)
    for damage in (b"nonsense\n", b"5\n", b'{"input": "abc"}\n{"lines": 1}\n'):
        (tmp_path / "out.journal").write_bytes(damage)
        with pytest.raises(DataError, match=r"out\.journal: damaged; --restart begins anew"):
            fill(out)


def test_one_process_at_a_time(tmp_path):
    held = pytest.raises(DataError, match="out: another process is writing it; wait for that one, or end it")
    with open_draft(tmp_path / "out", MADE_OF, restart=False), held:
        fill(tmp_path / "out")


def test_a_full_disk_is_told_and_what_is_done_is_kept(tmp_path, monkeypatch):
    half(tmp_path / "out")

    def full(handle):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(module.os, "fsync", full)
        with pytest.raises(DataError, match="out: cannot be written: No space left on device; what is done is kept"):
            fill(tmp_path / "out")
    assert fill(tmp_path / "out")[0] == len(PARTS) - 1
    assert (tmp_path / "out").read_bytes() == b"".join(PARTS)
