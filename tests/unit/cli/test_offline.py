import io
import os
import signal
import subprocess
import sys
import time

import pytest
from rich.console import Console
from typer.testing import CliRunner

from enface.cli.app import app
from enface.cli.offline import _Telling
from enface.offline import windows
from enface.offline.draft import Reached
from enface.offline.run import Progress

SMALL_WINDOWS = (
    "import enface.offline.windows as windows; windows.WINDOW_LINES = 20; from enface.cli.app import main; main()"
)
LINES = "".join(f"a {'dog ' * (number % 9)}{number}\n" for number in range(1500))


def command(bundle, source, out, *more):
    return ["translate", "--input", str(source), "--output", str(out), "--bundle", str(bundle), "--threads", "1", *more]


@pytest.fixture
def run(toy_bundle, tmp_path, monkeypatch):
    monkeypatch.setattr(windows, "WINDOW_LINES", 20)
    source = tmp_path / "in.txt"
    source.write_text(LINES)

    def run(out, *more, source=source):
        return CliRunner().invoke(app, command(toy_bundle, source, out, *more))

    return run


def started(bundle, source, out, *more):
    return subprocess.Popen(
        [sys.executable, "-c", SMALL_WINDOWS, *command(bundle, source, out, *more)],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_lines(journal, count, process):
    """Until so many windows are there; it is read as a whole, while the other process writes it."""
    while process.poll() is None and not (journal.exists() and len(journal.read_bytes().splitlines()) > count):
        time.sleep(0.001)


def test_killed_at_several_moments_and_gone_on_with_the_output_is_the_same(run, toy_bundle, tmp_path):
    out, journal = tmp_path / "out.jsonl.gz", tmp_path / "out.jsonl.gz.journal"
    assert run(tmp_path / "whole.gz", "--json").exit_code == 0
    done = 0
    for more in (1, 7, 13):
        process = started(toy_bundle, tmp_path / "in.txt", out, "--json")
        wait_for_lines(journal, done + more, process)
        process.kill()
        assert process.wait() == -signal.SIGKILL
        assert not out.exists()
        done = len([line for line in journal.read_bytes().splitlines(keepends=True) if line.endswith(b"\n")]) - 1
    ended = run(out, "--json")
    assert ended.exit_code == 0, ended.stderr
    assert f"going on after {20 * done} lines" in ended.stderr.replace(",", "")
    assert f"{out}: 1,500 lines\n" in ended.stderr
    assert out.read_bytes() == (tmp_path / "whole.gz").read_bytes()
    assert not journal.exists()


def test_stopped_it_says_how_to_go_on(toy_bundle, tmp_path):
    source, out = tmp_path / "in.txt", tmp_path / "out.txt"
    source.write_text(LINES * 10)
    process = started(toy_bundle, source, out)
    wait_for_lines(tmp_path / "out.txt.journal", 2, process)
    process.send_signal(signal.SIGINT)
    assert "lines are done, the same command goes on from there" in process.communicate()[1]
    assert process.returncode == 130


def test_refused_lines_are_named_counted_and_told_by_the_status(run, tmp_path):
    (tmp_path / "odd").write_text("a dog\n" + "x" * 10_001 + "\na cat\n")
    ended = run(tmp_path / "out", source=tmp_path / "odd")
    assert ended.exit_code == 3
    assert "line 2: got 10,001 characters, need <= 10,000; send it in smaller parts" in ended.stderr
    assert "out: 3 lines; 1 refused, an empty line stands for each: 2" in ended.stderr.replace("\n", "")
    assert (tmp_path / "out").read_text() == "a dog\n\na cat\n"


def test_tags_that_are_not_in_the_output_are_counted(run, tmp_path):
    (tmp_path / "odd").write_text("a dog\n<b>a cat\n")
    ended = run(tmp_path / "out", "--format", "html", source=tmp_path / "odd")
    assert (ended.exit_code, "; in 1 tags or terms could not be carried over" in ended.stderr) == (0, True)


def test_a_second_run_is_asked_what_it_wants(run, tmp_path):
    assert run(tmp_path / "out").exit_code == 0
    again = run(tmp_path / "out")
    assert (again.exit_code, "already there; --restart makes it anew" in again.stderr) == (1, True)
    assert run(tmp_path / "out", "--pharaoh", "--restart").exit_code == 0
    assert (tmp_path / "out").read_text().splitlines()[1] == "a dog 1\t0-0 1-1 2-2"


def test_links_of_texts(toy_bundle):
    given = ["translate", "--pharaoh", "--bundle", str(toy_bundle), "a dog"]
    assert CliRunner().invoke(app, given).stdout == "a dog\t0-0 1-1\n"


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (["--input", "a"], "--input and --output go together"),
        (["--input", "a", "--output", "b", "text"], "--input goes without texts, --show and --judge"),
        (["--input", "a", "--output", "b", "--show"], "--input goes without texts, --show and --judge"),
        (["--input", "a", "--output", "b", "--n-best", "2"], "--input goes with --n-best only as --json"),
        (["--restart", "text"], "--restart and --ray need --input and --output"),
        (["--ray", "local", "text"], "--restart and --ray need --input and --output"),
        (["--json", "--pharaoh", "text"], "--pharaoh goes without --json and --show"),
        (["--pharaoh", "--alignment", "none", "text"], "--pharaoh needs an alignment, word or subword"),
        (["--pharaoh", "--n-best", "2", "text"], "--pharaoh goes with one translation of each text"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments, problem):
    ended = CliRunner().invoke(app, ["translate", *arguments], env={"COLUMNS": "200"})
    assert ended.exit_code == 2
    assert problem in ended.stderr


def test_speed_and_time_left_are_told(capsys):
    seconds = iter([0.0, 0.0, 10.0, 20.0, 50.0])
    telling = _Telling(Console(file=io.StringIO()), clock=lambda: next(seconds))
    for lines, share in ((100, None), (1100, 0.25), (2100, 0.5), (5100, 0.75)):
        telling.of(Progress(Reached(lines=lines), [], share))
    assert capsys.readouterr().err.splitlines() == [
        "going on after 100 lines",
        "5,100 lines, 100.0 sentences/s, 75.0%, 0:00:20 left",
    ]
