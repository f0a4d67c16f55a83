import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from enface.cli.app import app
from enface.inference.judge import Judge
from enface.judge_folder import GRAPH, TOKENIZER, write_manifest
from tests.toy_judge import DESCRIPTION

PAIRS = [("a dog", "ein hund"), ("two dogs", "zwei hunde"), ("", "x")]


@pytest.fixture
def run(toy_judge):
    def run(*arguments, given=None, folder=toy_judge):
        options = ["--judge", str(folder), "--threads", "1"] if folder else []
        return CliRunner().invoke(app, [*map(str, arguments), *options], input=given)

    return run


@pytest.fixture
def expected(toy_judge):
    return "".join(f"{probability:.6f}\n" for probability in Judge(toy_judge, threads=1).probability(PAIRS))


def write(folder, *, source=PAIRS, target=PAIRS):
    paths = folder / "a.en", folder / "a.de"
    paths[0].write_text("".join(f"{pair[0]}\n" for pair in source))
    paths[1].write_text("".join(f"{pair[1]}\n" for pair in target))
    return paths


def test_two_files_side_by_side(run, expected, tmp_path):
    done = run("judge", *write(tmp_path))
    assert (done.exit_code, done.stdout) == (0, expected)


def test_pairs_of_standard_input(run, expected):
    assert run("judge", given="".join(f"{source}\t{target}\n" for source, target in PAIRS)).stdout == expected


def test_files_of_unequal_length_are_refused(run, tmp_path):
    source, target = write(tmp_path, target=PAIRS[:2])
    done = run("judge", source, target)
    assert done.exit_code == 1
    assert done.stderr == (f"enface: {target}: got 2 lines, {source} has more; need a line of each for a pair\n")


def test_a_line_that_is_no_pair_is_named(run):
    done = run("judge", given="a\tb\nc\n")
    assert done.exit_code == 1
    assert done.stderr == "enface: line 2: got 0 tabs, need one: a sentence, a tab, its translation\n"


def test_one_file_is_not_enough(run, tmp_path):
    done = run("judge", write(tmp_path)[0])
    assert done.exit_code == 2
    assert "need two files, or none for standard input" in " ".join(done.stderr.split())


def test_without_a_judge_the_message_says_how_to_make_one(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run("judge", given="a\tb\n", folder=None)
    assert done.exit_code == 1
    assert done.stderr == (
        "enface: artifacts/judge/judge.json: missing, so there is no judge here; set judge.enabled: true in "
        "params.yaml and run: dvc repro judge\n"
    )


def test_the_pipelines_judge_is_the_default(run, expected, tmp_path, toy_judge, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("artifacts").mkdir()
    Path("artifacts/judge").symlink_to(toy_judge)
    assert run("judge", *write(tmp_path), folder=None).stdout == expected


def test_a_translation_is_judged_with_its_alternatives(run, toy_bundle, toy_judge):
    done = run("translate", "--json", "--n-best", "2", "--bundle", toy_bundle, "a dog", "")
    entries = [json.loads(line) for line in done.stdout.splitlines()]
    (probability,) = Judge(toy_judge, threads=1).probability([("a dog", "a dog")])
    assert entries[0]["judge"] == entries[0]["alternatives"][0]["judge"] == round(probability, 6)
    assert entries[1]["judge"] == 0


def test_a_judge_of_other_languages_is_refused(run, toy_bundle, toy_judge, tmp_path):
    folder = tmp_path / "judge"
    folder.mkdir()
    for name in (GRAPH, TOKENIZER):
        (folder / name).symlink_to(toy_judge / name)
    write_manifest(folder, DESCRIPTION.model_copy(update={"target_language": "fr"}))
    done = run("translate", "--json", "--bundle", toy_bundle, "a dog", folder=folder)
    assert done.exit_code == 1
    assert "judges pairs of en and fr, need one for en and de" in done.stderr


@pytest.mark.parametrize("arguments", [["a dog"], ["--json", "--format", "html", "a dog"]])
def test_judging_translations_needs_json_and_plain_text(run, toy_bundle, arguments):
    done = run("translate", "--bundle", toy_bundle, *arguments)
    assert done.exit_code == 2
    assert "--judge needs --json, and texts without tags" in " ".join(done.stderr.split())
