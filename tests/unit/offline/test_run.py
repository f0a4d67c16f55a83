import gzip
import json
import lzma
from pathlib import Path

import pytest

from enface.alignment.pharaoh import format_pharaoh
from enface.errors import DataError
from enface.inference.options import TranslateOptions
from enface.inference.translator import Translator
from enface.mapping.chunks import InProcess
from enface.offline import windows
from enface.offline.run import translate_file
from enface.offline.translating import Task

LINES = [f"a {'dog ' * (number % 7)}{number}".rstrip() for number in range(40)]
LINES[5] = LINES[6] = ""


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(windows, "WINDOW_LINES", 8)


class Stopped(Exception):
    pass


def run(source, out, bundle, *, stop_after=None, restart=False, form="text", **options):
    seen = []

    def report(progress):
        seen.append(progress)
        if len(seen) == stop_after:
            raise Stopped

    options = TranslateOptions(alignment="none" if form == "text" else "word", **options)
    task = Task(bundle, options, form, out.suffix, "float32", "cpu")
    reached = translate_file(source, out, task, mapper=InProcess(), threads=1, restart=restart, report=report)
    return reached, seen


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "in.txt"
    path.write_text("".join(f"{line}\n" for line in LINES))
    return path


def text_of(path):
    content = path.read_bytes()
    return {".gz": gzip.decompress, ".xz": lzma.decompress}.get(path.suffix, bytes)(content).decode()


@pytest.mark.parametrize("ending", ["txt", "gz", "xz"])
def test_every_line_is_translated_in_its_place(tmp_path, source, toy_bundle, ending):
    out = tmp_path / f"out.{ending}"
    reached, seen = run(source, out, toy_bundle)
    assert text_of(out) == source.read_text()
    assert (reached.lines, reached.refused, reached.complete) == (40, [], True)
    assert (seen[0].share, seen[-1].share) == (None, 1.0)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.txt", f"out.{ending}"]


def test_json_and_links(tmp_path, source, toy_bundle):
    run(source, tmp_path / "out.jsonl", toy_bundle, form="json")
    run(source, tmp_path / "out.links", toy_bundle, form="pharaoh")
    answers = Translator(toy_bundle, threads=1).translate(LINES)
    entries = [json.loads(line) for line in text_of(tmp_path / "out.jsonl").splitlines()]
    assert entries == [answer.to_dict() for answer in answers]
    assert text_of(tmp_path / "out.links").splitlines() == [
        f"{answer.text}\t{format_pharaoh(answer.links)}" for answer in answers
    ]


@pytest.mark.parametrize("ending", ["txt", "gz"])
@pytest.mark.parametrize("packed", [False, True])
def test_stopped_and_gone_on_with_the_bytes_are_the_same(tmp_path, source, toy_bundle, ending, packed):
    if packed:
        source = source.with_suffix(".gz")
        source.write_bytes(gzip.compress("".join(f"{line}\n" for line in LINES).encode()))
    whole, out = tmp_path / f"whole.{ending}", tmp_path / f"out.{ending}"
    run(source, whole, toy_bundle, form="json")
    for windows_more in (2, 1, 3):
        with pytest.raises(Stopped):
            run(source, out, toy_bundle, form="json", stop_after=windows_more)
    reached, seen = run(source, out, toy_bundle, form="json")
    assert out.read_bytes() == whole.read_bytes()
    assert seen[0].reached is reached
    assert len(seen) == 1 + 5 - 3


def test_lines_that_cannot_be_translated_are_refused_in_their_places(tmp_path, toy_bundle):
    source = tmp_path / "in"
    source.write_bytes(b"a dog\n" + b"x" * 10_001 + b"\nsch\xf6n\na \x00 cat\n" + b"d " * 2000 + b"\nthe end")
    reached, seen = run(source, tmp_path / "out", toy_bundle)
    assert (tmp_path / "out").read_text() == "a dog\n\n\n\n\nthe end\n"
    assert reached.refused == [2, 3, 4, 5]
    problems = dict(problem for progress in seen for problem in progress.refused)
    assert problems[2] == "got 10,001 characters, need <= 10,000; send it in smaller parts"
    assert problems[3] == "not UTF-8: byte 4 of the line cannot be read; convert it first"
    assert problems[4].startswith("got NUL (U+0000) at character 2")
    assert problems[5].startswith("got ")
    assert "source subwords, need <=" in problems[5]


def test_an_empty_file_gives_an_empty_one(tmp_path, toy_bundle):
    (tmp_path / "in").touch()
    assert run(tmp_path / "in", tmp_path / "out.gz", toy_bundle)[0].complete
    assert gzip.decompress((tmp_path / "out.gz").read_bytes()) == b""


def test_tags_that_could_not_be_carried_over_are_counted(tmp_path, toy_bundle):
    (tmp_path / "in").write_text("a dog\n<b>a <i>cat\n</b>a\n")
    assert run(tmp_path / "in", tmp_path / "out", toy_bundle, format="html")[0].incomplete == 2


def test_another_input_or_other_options_are_not_gone_on_with(tmp_path, source, toy_bundle):
    out = tmp_path / "out"
    with pytest.raises(Stopped):
        run(source, out, toy_bundle, stop_after=2)
    with pytest.raises(DataError, match=r"begun with another beam_size \(then null, now 2\), glossary \(then \w+, now"):
        run(source, out, toy_bundle, beam_size=2, glossary={"terms": {"dog": "Hund"}})
    source.write_text(source.read_text() + "more\n")
    with pytest.raises(DataError, match=r"begun with another input \(then \w+, now \w+\); ask for the same"):
        run(source, out, toy_bundle)
    run(source, out, toy_bundle, restart=True)
    assert out.read_text() == source.read_text()


def test_an_input_that_changes_meanwhile_is_an_error(tmp_path, source, toy_bundle, monkeypatch):
    def grows(*_):
        source.write_text(source.read_text() + "more\n")
        return {}

    monkeypatch.setattr("enface.offline.run.made_of", grows)
    with pytest.raises(DataError, match=r"in\.txt: changed while it was translated; begin anew with --restart"):
        run(source, tmp_path / "out", toy_bundle)


def test_an_input_that_does_not_stay_is_refused(tmp_path, toy_bundle):
    with pytest.raises(DataError, match="nothing: no such file, need one that stays"):
        run(tmp_path / "nothing", tmp_path / "out", toy_bundle)


@pytest.mark.parametrize("name", ["out", "out.part", "out.journal"])
def test_an_input_is_not_written_over(tmp_path, toy_bundle, name):
    source = tmp_path / name
    source.write_text("a dog\n")
    (tmp_path / "in").symlink_to(source)
    for given in (source, tmp_path / "in"):
        with pytest.raises(DataError, match=r"out: making it would write over the input, .*; name another output"):
            run(given, tmp_path / "out", toy_bundle, restart=True)
    assert source.read_text() == "a dog\n"


@pytest.mark.skipif(not Path("/proc/self/mem").is_file(), reason="needs a file that opens and cannot be read")
def test_an_input_that_cannot_be_read_is_told_of(tmp_path, toy_bundle):
    with pytest.raises(DataError, match=r"^/proc/self/mem: cannot be read: Input/output error$"):
        run(Path("/proc/self/mem"), tmp_path / "out", toy_bundle)
