"""`enface demo` with a package of the toy bundle."""

import shutil
from types import SimpleNamespace

import httpx
import pytest
from typer.testing import CliRunner

from enface.cli import demo as module
from enface.cli.app import app
from enface.errors import ServingError
from serving.store import make_store


@pytest.fixture(scope="module")
def artifacts(toy_bundle, tmp_path_factory):
    folder = tmp_path_factory.mktemp("artifacts")
    shutil.copytree(toy_bundle, folder / "package" / "bundle")
    make_store(toy_bundle, folder / "package" / "store")
    (folder / "prepare").mkdir()
    (folder / "prepare" / "test.source").write_text("Zwei Hunde [spielen] .\nEin Kind .\nEin Ball .\n")
    return folder


def test_it_translates_over_http_draws_and_says_where_to_look(artifacts):
    result = CliRunner().invoke(app, ["demo", "--artifacts", str(artifacts), "--count", "2"])
    assert result.exit_code == 0, result.output
    assert "POST http://127.0.0.1:" in result.output
    assert result.output.count("Zwei Hunde [spielen] .") >= 2
    assert "[█]" in result.output
    assert "Ein Ball" not in result.output
    assert str(artifacts / "evaluate" / "report.html") in result.output
    assert "make dashboard   (that is MLFLOW_SERVER_ENABLE_JOB_EXECUTION=false mlflow ui" in result.output
    assert "enface serve" in result.output
    assert """-d '{"text": "Zwei Hunde [spielen] ."}'""" in result.output


def test_without_a_prepared_corpus_it_has_sentences_of_its_own(tmp_path):
    assert module._sentences(tmp_path, 2) == module.SENTENCES[:2]


def test_without_a_package_it_says_what_makes_one(tmp_path):
    result = CliRunner().invoke(app, ["demo", "--artifacts", str(tmp_path)])
    assert result.exit_code == 1
    assert "no such bundle; `make run` or `dvc repro` makes one" in result.output


def test_an_answer_that_is_no_translation_is_told(monkeypatch):
    monkeypatch.setattr(httpx, "post", lambda address, **_: httpx.Response(503, text="busy"))
    with pytest.raises(ServingError, match="http://there: answered 503, need 200: busy"):
        module._translated(SimpleNamespace(address="http://there", auth=None), "a")
