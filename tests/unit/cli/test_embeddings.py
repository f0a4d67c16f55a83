"""`enface embeddings`, on a made embedding in which king - man + woman is queen."""

import json

import numpy as np
import pytest
from safetensors.numpy import save_file
from typer.testing import CliRunner

from enface.cli import embeddings
from enface.data.prepared import PreparedFolder
from enface.errors import ParamsError, TrainingError
from enface.model.folder import WEIGHTS
from tests.unit.embeddings.made import write_prepared

LEARNT = {"king": (3, -3), "man": (-3, -3), "woman": (-3, 3), "queen": (3, 3)}  # royal, female


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """A prepared part of the built-in corpus, and a model that has learnt six features of words, and noise."""
    model = tmp_path_factory.mktemp("model")
    corpus = write_prepared(tmp_path_factory.mktemp("corpus") / "prepared", train=600)
    tokenizer = PreparedFolder(corpus).tokenizer
    chance = np.random.default_rng(4)
    features = chance.normal(size=(tokenizer.vocabulary_size, 6))
    for word, learnt in LEARNT.items():
        (id,) = tokenizer.encode(word).ids
        features[id] = [*learnt, 1, 0, 0, 0]
    vectors = features @ chance.normal(size=(6, 48)) + chance.normal(0, 0.3, size=(tokenizer.vocabulary_size, 48))
    save_file({"embedding.weight": vectors.astype(np.float32)}, model / WEIGHTS)
    return ["--corpus", str(corpus), "--model", str(model)]


@pytest.fixture
def ask(folders):
    def asked(*arguments):
        return CliRunner().invoke(
            embeddings.app, [*arguments, *folders], env={"COLUMNS": "100"}, catch_exceptions=False
        )

    return asked


def rows(output):
    """The cells of each line of a table."""
    lines = [line for line in output.splitlines() if line.startswith("│")]
    return [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]


@pytest.mark.parametrize("vectors", ["raw", "centred", "denoised"])
def test_the_analogy_puts_queen_first(ask, vectors):
    result = ask("analogy", "king", "man", "woman", "--vectors", vectors, "--count", "3")
    assert result.exit_code == 0, result.output
    table = rows(result.output)
    assert len(table) == 3
    assert (table[0][0], table[0][2]) == ("queen", "1")
    assert not {"king", "man", "woman"} & {row[0] for row in table}
    assert "king - man + woman" in result.output


def test_among_restricts_the_words_and_the_rank_stays_that_among_all(ask, tmp_path):
    listed = tmp_path / "royal.txt"
    listed.write_text("prince\nqueen\nprincess\n", encoding="utf-8")
    named = rows(ask("analogy", "king", "man", "woman", "--among", "prince, queen,princess").output)
    assert named == rows(ask("analogy", "king", "man", "woman", "--among", f"@{listed}").output)
    assert {row[0] for row in named} == {"prince", "queen", "princess"}
    assert int(named[-1][2]) > 3


def test_json_says_what_was_asked_and_answered(ask):
    told = json.loads(ask("nearest", "king", "--json", "--count", "2", "--language", "both").output)
    assert {name: told[name] for name in ("question", "language", "vectors")} == {
        "question": "king", "language": "both", "vectors": "raw",
    }  # fmt: skip
    assert [answer["rank"] for answer in told["answers"]] == [1, 2]
    assert told["answers"][0].keys() == {"word", "language", "count", "similarity", "rank"}
    assert told["words"] > 500


def test_the_target_side_has_words_of_its_own(ask):
    table = rows(ask("nearest", "König", "--language", "target", "--count", "1").output)
    assert len(table[0]) == 4
    assert len(rows(ask("nearest", "König", "--language", "both", "--count", "1").output)[0]) == 5


def test_a_word_in_another_case_is_taken_and_told_beside_the_answer(ask):
    exact, found = ask("nearest", "king", "--json"), ask("nearest", "KING", "--json")
    assert (found.stdout, found.stderr) == (exact.stdout, "KING: no such word; taken is king\n")
    assert exact.stderr == ""
    exact, found = (ask("analogy", *words) for words in (("king", "man", "woman"), ("King", "man", "WOMAN")))
    assert found.stdout == exact.stdout
    assert found.stderr == "King: no such word; taken is king\nWOMAN: no such word; taken is woman\n"


def test_an_unknown_word_is_an_error_with_near_spellings(ask):
    with pytest.raises(ParamsError) as caught:
        ask("nearest", "kign")
    assert str(caught.value).startswith("'kign': no such word; near spellings are king")


@pytest.mark.parametrize("content", [None, ""])
def test_a_list_that_is_none_is_refused(ask, tmp_path, content):
    path = tmp_path / "words.txt"
    if content is not None:
        path.write_text(content)
    with pytest.raises(ParamsError) as caught:
        ask("nearest", "king", "--among", f"@{path}")
    why = (
        "the file has no word; need at least one" if content == "" else "need a text file (UTF-8) with a word a line: "
    )
    assert str(caught.value).startswith(f"--among @{path}: {why}")


def test_a_list_of_no_word_is_refused(ask):
    with pytest.raises(ParamsError, match=r"^--among ,: names no word; need at least one$"):
        ask("nearest", "king", "--among", ",")


def test_a_missing_model_says_what_to_run(folders, tmp_path):
    options = ["nearest", "king", "--corpus", folders[1], "--model", str(tmp_path)]
    result = CliRunner().invoke(embeddings.app, options)
    assert isinstance(result.exception, TrainingError)
    assert str(result.exception) == f"{tmp_path / WEIGHTS}: no trained model; run `dvc repro train`"


def test_what_could_move_the_cursor_is_not_printed(ask):
    with pytest.raises(ParamsError) as caught:
        ask("nearest", "ki\x1b[31mng")
    assert "\x1b" not in str(caught.value)
