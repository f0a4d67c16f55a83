import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import enface
from enface.cli.app import app
from enface.inference.translator import Translator

SENTENCE = "A young woman in a red coat."


@pytest.fixture
def run(toy_bundle):
    def run(command, *arguments, given=None, bundle=toy_bundle):
        options = ["--bundle", str(bundle), "--threads", "1"] if bundle else []
        return CliRunner().invoke(app, [command, *arguments, *options], input=given, env={"COLUMNS": "100"})

    return run


def test_version():
    assert CliRunner().invoke(app, ["--version"]).stdout == f"enface {enface.__version__}\n"


def test_help_names_every_command():
    text = CliRunner().invoke(app, ["--help"], env={"COLUMNS": "200"}).stdout
    for command in ("translate", "align", "serve", "demo", "compare", "corpus"):
        assert command in text
    assert "--install-completion" in text


@pytest.mark.parametrize("command", ["translate", "align"])
def test_each_command_has_examples_and_help_for_every_option(command):
    text = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"}).stdout
    assert f"enface {command} " in text
    rows = [line.strip("│ ") for line in text.splitlines() if line.startswith("│ --")]
    assert rows
    assert all(len(row.split("  ")[-1].split()) >= 2 for row in rows)


def test_texts_as_arguments(run):
    assert run("translate", SENTENCE, "", "a  dog").stdout == f"{SENTENCE}\n\na dog\n"


def test_lines_of_standard_input(run):
    assert run("translate", given="a dog\n\n \na cat").stdout == "a dog\n\n\na cat\n"


def test_tags_and_terms_are_carried_over(run, tmp_path):
    terms = tmp_path / "terms.tsv"
    terms.write_text("dog\tHund\n")
    given = ["--format", "html", "--glossary", str(terms), "a <b>dog</b> &amp; {x}"]
    assert run("translate", *given).stdout == "a <b>Hund</b> &amp; {x}\n"
    entry = json.loads(run("translate", "--json", "--confidence", "--no-protect", *given).stdout)
    assert entry["glossary"]["replaced"] == [{"text": "dog", "wanted": "Hund", "span": [5, 8]}]
    assert entry["markup"] == {"unplaced": []}
    assert entry["confidence"]["log_probabilities"][1] is None
    assert "placeholders" not in entry


def test_what_could_not_be_carried_over_is_counted(run):
    done = run("translate", "--format", "html", given="a dog\n<b>a <i>cat\n</b>a\n")
    assert done.stdout == "a dog\n<b>a <i>cat\na\n"
    assert done.stderr == (
        "line 2: 2 tags could not be carried over; --json tells which\n"
        "line 3: 1 tag could not be carried over; --json tells which\n"
    )


def test_confidence_is_told_as_json(run):
    done = run("translate", "--confidence", "a")
    assert done.exit_code == 2
    assert "--confidence needs --json" in done.stderr


def test_json_is_one_object_a_line(run, toy_bundle):
    lines = run("translate", "--json", "--n-best", "2", SENTENCE, "é").stdout.splitlines()
    assert [json.loads(line)["text"] for line in lines] == [SENTENCE, "é"]
    assert "é" in lines[1]
    first = json.loads(lines[0])
    assert len(first["alternatives"]) == 1
    assert first["source"] == Translator(toy_bundle).translate([SENTENCE])[0].source.to_dict()


def test_the_best_n_with_scores(run):
    rows = [line.split("\t") for line in run("translate", "--n-best", "2", "a dog").stdout.splitlines()]
    assert [row[1] for row in rows] == ["a dog", "a dog"]
    assert float(rows[0][0]) > float(rows[1][0])


def test_show_draws(run):
    lines = run("translate", "--show", "--n-best", "2", "a dog").stdout.splitlines()
    assert lines[0] == "a dog"
    assert lines[1].startswith("a dog  (-")
    assert lines[3:6] == ["      a  dog", "a    [█]  ·", "dog   ·  [█]"]
    assert lines[6].startswith("or: a dog  (-")


def test_show_without_alignment(run):
    assert run("translate", "--show", "--alignment", "none", "a dog").stdout.splitlines()[2:] == [""]


def test_align_draws_lists_and_prints_for_machines(run):
    assert "ein   [█]  ·" in run("align", "a dog", "ein hund").stdout
    assert run("align", "--no-show", "a dog", "ein hund").stdout == "a → ein  1.00\ndog → hund  1.00\n"
    assert run("align", "--pharaoh", "a dog", "ein hund").stdout == "0-0 1-1\n"
    assert json.loads(run("align", "--json", "a dog", "ein hund").stdout)["target"]["tokens"] == ["ein", "hund"]


def test_options_reach_the_translator(run):
    given = ["--beam-size", "1", "--length-penalty", "0", "--max-length", "1", "--precision", "int8"]
    entry = json.loads(run("translate", "--json", "--alignment", "subword", *given, "a dog").stdout)
    assert entry["score"] == -0.1
    assert entry["target"]["tokens"] == ["▁a"]


@pytest.mark.parametrize(
    ("arguments", "given", "message"),
    [
        (["--beam-size", "99", "a"], None, "enface: beam_size: got 99, need <= 16\n"),
        (
            ["a", "a" * 10_001],
            None,
            "enface: text 2: got 10,001 characters, need <= 10,000; send it in smaller parts\n",
        ),
        ([], "a\nb\0\n", "enface: line 2: got NUL (U+0000) at character 1, need text that UTF-8 can carry"),
        (["--device", "gpu", "a"], None, "enface: device: got 'gpu', need cpu, cuda or cuda:<number>\n"),
    ],
)
def test_errors_are_a_message_and_status_1(run, arguments, given, message):
    done = run("translate", *arguments, given=given)
    assert done.exit_code == 1
    assert done.stderr.startswith(message)
    assert "Traceback" not in done.stderr


def test_outputs_that_exclude_each_other(run):
    both = run("translate", "--json", "--show", "a")
    assert both.exit_code == 2
    assert "--json and --show exclude each other" in both.stderr
    assert "--json and --pharaoh exclude each other" in run("align", "--json", "--pharaoh", "a", "b").stderr


def test_without_a_bundle_the_message_says_how_to_make_one(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("translate", "a", bundle=None)
    assert done.exit_code == 1
    assert done.stderr == (
        f"enface: no bundle here: neither artifacts/package/bundle nor artifacts/export in {tmp_path}; "
        "make one with `make run` or `dvc repro`, or name another with --bundle\n"
    )


@pytest.mark.parametrize("place", ["artifacts/package/bundle", "artifacts/export"])
def test_the_pipelines_bundle_is_the_default(run, tmp_path, toy_bundle, monkeypatch, place):
    monkeypatch.chdir(tmp_path)
    Path(place).parent.mkdir(parents=True)
    Path(place).symlink_to(toy_bundle)
    assert run("translate", "a dog", bundle=None).stdout == "a dog\n"


def start(*arguments, **options):
    code = "from enface.cli.app import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **options
    )


def test_a_reader_that_goes_away_ends_it_quietly(toy_bundle):
    process = start("translate", "--bundle", str(toy_bundle), stderr=subprocess.PIPE)
    process.stdin.write("a dog\n")
    process.stdin.flush()
    assert process.stdout.readline() == "a dog\n"
    process.stdout.close()
    process.stdin.write("a cat\n")
    process.stdin.close()
    assert process.wait(30) == 141
    assert process.stderr.read() == ""


def test_ctrl_c_ends_it_quietly(toy_bundle):
    process = start("translate", "--bundle", str(toy_bundle), stderr=subprocess.PIPE)
    process.stdin.write("a dog\n")
    process.stdin.flush()
    assert process.stdout.readline() == "a dog\n"
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 130
    assert process.stderr.read() == ""


def test_help_and_version_load_nothing_heavy():
    code = (
        "import enface.cli.app, sys; "
        "print(*({'torch', 'onnxruntime', 'matplotlib', 'mlflow', 'tokenizers', 'datasets'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


@pytest.mark.parametrize("extra", [{"NO_COLOR": "1", "FORCE_COLOR": ""}, {"TERM": "dumb"}])
def test_a_pipe_gets_no_colours(toy_bundle, extra):
    process = start("align", "a dog", "a cat", "--bundle", str(toy_bundle), env={**os.environ, **extra})
    output, _ = process.communicate(timeout=30)
    assert "\x1b" not in output
    assert "[█]" in output


def test_a_bug_keeps_its_traceback(monkeypatch, run):
    def broken(*arguments, **options):
        raise ZeroDivisionError

    monkeypatch.setattr(Translator, "translate", broken)
    assert isinstance(run("translate", "a").exception, ZeroDivisionError)
