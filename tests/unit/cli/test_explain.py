"""`enface explain`, with small untrained models over a small prepared corpus and over the toy bundle."""

import json
import re
from pathlib import Path

import pytest
import torch
from typer.testing import CliRunner

from enface.bundle import TOKENIZER, Description, open_bundle, write_bundle
from enface.cli.app import app
from enface.data.prepare import PrepareSection, prepare
from enface.data.readers.builtin import BuiltinReader
from enface.data.tokenizer import Tokenizer
from enface.model.folder import weights_sha256
from enface.model.weights import save_model
from enface.params import load_section
from tests.unit.explaining.test_document import Elements
from tests.unit.model import tiny

SENTENCE = "The dog is running."
PARAMS = Path(__file__).parents[3] / "params.yaml"
SETTINGS = load_section(PARAMS, "prepare", PrepareSection).model_copy(update={"vocabulary_size": 900})


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    torch.set_num_threads(1)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("corpus") / "prepared"
    reader = BuiltinReader("en", "de", seed=1, sizes={"train": 300, "validation": 5, "test": 5})
    prepare(reader, folder, title="builtin", languages=("en", "de"), settings=SETTINGS)
    return folder


@pytest.fixture(scope="module")
def models(corpus, tmp_path_factory):
    """The folders of an additive model, one without attention, and a Transformer."""
    size = Tokenizer.from_file(corpus / TOKENIZER).vocabulary_size
    folder = tmp_path_factory.mktemp("models")
    kinds = {"additive": {}, "none": {"score": "none"}, "transformer": {"network": "transformer"}}
    return {name: made(folder / name, size, **kind) for name, kind in kinds.items()}


def made(folder, size, end=2.5, **changes):
    folder.mkdir()
    save_model(folder, tiny.model(size, end=end, **changes), tiny.section(**changes))
    return str(folder)


@pytest.fixture
def run(corpus):
    def ran(*arguments, text=SENTENCE):
        options = ["--corpus", str(corpus), "--params", str(PARAMS), *arguments]
        return CliRunner().invoke(app, ["explain", text, *options], env={"COLUMNS": "100"})

    return ran


def test_each_step_is_a_table(run, models):
    output = run("--model", models["additive"], "--names", "[red]mine").stdout
    assert output.startswith("[red]mine  additive score (Bahdanau) · global · soft\nGRU encoder · Luong decoder\n")
    assert f"\n{SENTENCE}\n" in output
    (score,) = re.findall(r"  \((-\d+\.\d{3})\)\n", output)
    assert float(score) < 0
    tables = output.split("Source")[1:]
    assert re.findall(r"^(\d+)  .+ %   or: ", output, re.MULTILINE) == [str(n + 1) for n in range(len(tables))]
    for table in tables:
        rows = [line.split() for line in table.splitlines()[1:9]]
        assert [row[0] for row in rows[:6]] == ["The", "dog", "is", "running", ".", "</s>"]
        assert sum(float(row[3]) for row in rows[:6]) == pytest.approx(1, abs=0.04)
        assert all(re.fullmatch("[▁▂▃▄▅▆▇█]{8}", row[1]) for row in rows[:7])
        assert rows[6][0] == "context"
    assert "\x1b" not in output


def test_subwords_can_be_the_steps(run, models):
    output = run("--model", models["additive"], "--unit", "subword").stdout
    assert re.search(r"^  ▁The ", output, re.MULTILINE)
    assert re.search(r"   or: .*▁", output)


def test_what_is_out_of_reach_is_a_dash_and_a_window_has_a_middle(run, corpus, tmp_path):
    size = Tokenizer.from_file(corpus / TOKENIZER).vocabulary_size
    local = made(tmp_path / "local", size, window="local_monotonic", window_radius=1)
    output = run("--model", local, "--unit", "subword").stdout
    assert "window around 1.0" in output
    assert re.search(r"^  </s> +[▁-█]{8} +– +0\.00", output, re.MULTILINE)


def test_a_transformer_says_which_head_is_shown(run, models):
    assert "2 layers of 3 heads · shown: layer 1, all heads" in run("--model", models["transformer"]).stdout


def test_json_is_what_the_page_holds(run, models, tmp_path):
    page = tmp_path / "explained.html"
    both = ["--model", models["additive"], "--model", models["none"], "--names", "additive,none"]
    values = json.loads(run(*both, "--json", "--html", str(page)).stdout)
    assert [model["name"] for model in values["models"]] == ["additive", "none"]
    assert values["source"] == SENTENCE
    assert values["languages"] == {"source": "en", "target": "de"}
    assert json.loads(Elements(page.read_text(encoding="utf-8")).inside["explained"]) == values


def test_it_says_where_the_page_is(run, models, tmp_path):
    page = tmp_path / "explained.html"
    assert run("--model", models["additive"], "--html", str(page)).stdout.endswith(f"\nThe page is in {page}.\n")


def test_a_beam_of_one_is_greedy(run, models):
    values = json.loads(run("--model", models["additive"], "--json", "--beam-size", "1").stdout)
    assert all(step["candidates"][0]["chosen"] for step in values["models"][0]["subword"]["steps"])


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        (SENTENCE, ["--names", "a,b"], "--names: got 'a,b', need 1 different names"),
        (SENTENCE, ["--beam-size", "17"], "beam_size: got 17, need <= 16"),
        ("\t", [], "text: got no visible character, need a sentence to explain"),
        ("a" * 10_001, [], "text: got 10,001 characters, need <= 10,000; send it in smaller parts"),
    ],
)
def test_what_cannot_be_explained(run, models, text, arguments, message):
    done = run("--model", models["additive"], *arguments, text=text)
    assert done.exit_code == 1
    assert done.stderr == f"enface: {message}\n"


def test_a_model_of_other_subwords_is_named(run, tmp_path):
    other = made(tmp_path / "other", 40)
    done = run("--model", other)
    assert done.exit_code == 1
    assert re.fullmatch(rf"enface: {other}: tokenizer: got one of \d+ subwords, need one of 40, .*\n", done.stderr)


def test_a_missing_model_says_what_makes_one(run, tmp_path):
    done = run("--model", str(tmp_path / "nothing"))
    assert done.exit_code == 1
    assert "no trained model; run `dvc repro train`" in done.stderr


def test_a_bundle_lends_its_tokenizer_languages_and_search(toy_bundle, tmp_path):
    size = Tokenizer.from_file(toy_bundle / TOKENIZER).vocabulary_size
    model = made(tmp_path / "model", size, end=-20.0)
    options = ["--bundle", str(toy_bundle), "--model", model, "--json"]
    values = json.loads(CliRunner().invoke(app, ["explain", "Two dogs.", *options]).stdout)
    assert values["languages"] == {"source": "en", "target": "de"}
    assert len(values["models"][0]["subword"]["steps"]) == 32, "as long as the bundle allows"


@pytest.mark.parametrize("together", [False, True])
def test_a_bundle_says_which_attention_of_its_own_model_aligns(toy_bundle, tmp_path, together):
    """Of the one that it was made of, or of several that translate together the one whose attention was the best."""
    size = Tokenizer.from_file(toy_bundle / TOKENIZER).vocabulary_size
    own, other = (
        Path(made(tmp_path / name, size, network="transformer", end=end)) for name, end in (("a", 1), ("b", 2))
    )
    bundle = bundle_of(own, toy_bundle, tmp_path / "bundle", together=together)
    options = ["--bundle", str(bundle), "--model", str(own), "--model", str(other), "--json", "--beam-size", "1"]
    values = json.loads(CliRunner().invoke(app, ["explain", "Two dogs.", *options]).stdout)
    chosen = [model["word"]["lookings"][model["aligning"]] for model in values["models"]]
    assert [(looking["layer"], looking["head"]) for looking in chosen] == [(1, 2), (0, None)]
    assert ["the row of the step after" in model["attention"] for model in values["models"]] == [True, False]


def bundle_of(model, toy_bundle, out, *, together):
    """The toy bundle as if it had been made of that model, aligned by head 2 of layer 1 one step late."""
    old = open_bundle(toy_bundle).manifest
    of = {"ensemble_sha256": [weights_sha256(model)]} if together else {"model_sha256": weights_sha256(model)}
    lineage = old.lineage.model_copy(update=of)
    alignment = old.alignment.model_copy(update={"member": int(together), "layer": 1, "head": 2, "shift": 1})
    said = {name: getattr(old, name) for name in Description.model_fields}
    described = Description(**said | {"lineage": lineage, "alignment": alignment})
    write_bundle(out, {name: toy_bundle / name for name in old.files}, description=described)
    return out


def test_help_has_an_example():
    text = CliRunner().invoke(app, ["explain", "--help"], env={"COLUMNS": "200"}).stdout
    assert 'enface explain "A dog is running."' in text
