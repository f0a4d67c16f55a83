"""The export stage on a tiny corpus, with a model that has learnt nothing."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from enface import Translator
from enface.bundle import open_bundle
from enface.errors import ExportError, TrainingError
from enface.model.folder import weights_sha256
from enface.model.weights import save_model
from pipeline import export, prepare
from tests.unit.model import tiny


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A folder with settings, a prepared corpus and a model."""
    folder = tmp_path_factory.mktemp("export")
    settings = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    settings["corpus"] |= {"name": "files", "sizes": {"train": 1, "validation": 6, "test": 2}}
    settings["prepare"]["vocabulary_size"] = 300
    settings["export"] |= {"name": "toy", "parity_sentences": 5}
    settings["tracking"]["enabled"] = False
    (folder / "params.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    (folder / "corpus").mkdir()
    for language, word in (("en", "dog"), ("de", "Hund")):
        text = "".join(f"{word} {line} {line * line}\n" for line in range(60))
        (folder / "corpus" / f"train.{language}").write_text(text, encoding="utf-8")
    prepare.main(corpus=folder / "corpus", out=folder / "prepare", params=folder / "params.yaml")
    save_untaught(folder / "train", folder / "prepare")
    return folder


def save_untaught(folder, prepared, **changes):
    """A model that learnt nothing, as the train stage leaves it."""
    vocabulary_size = json.loads((prepared / "meta.json").read_text(encoding="utf-8"))["vocabulary_size"]
    folder.mkdir()
    save_model(folder, tiny.model(vocabulary_size, **changes), tiny.section(**changes))
    for name in ("meta.json", "tokenizer.json"):
        shutil.copyfile(prepared / name, folder / name)


@pytest.fixture(scope="module")
def ended(project):
    """The stage, run as DVC runs it."""
    options = {"model": "train", "corpus": "prepare", "out": "bundle", "report": "report.json", "params": "params.yaml"}
    return as_dvc_runs_it({name: project / path for name, path in options.items()})


def as_dvc_runs_it(options):
    command = [sys.executable, "-m", "pipeline.export"]
    for name, path in options.items():
        command += [f"--{name}", str(path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."]), "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


def test_the_stage_succeeds_and_says_what_it_does_in_a_few_lines(ended):
    assert ended.returncode == 0, ended.stderr
    lines = ended.stderr.splitlines()
    assert len(lines) == 5
    for line in lines[:2]:  # the model has one attention, and each token two rows that could be its own
        assert "as word alignment: layer 0, mean of heads, row of step t + " in line
    assert "comparing it with PyTorch on 5 validation sentences" in lines[3]
    assert "largest_score_difference" in lines[4]


def test_the_bundle_opens_and_translates(project, ended):
    manifest = open_bundle(project / "bundle").manifest
    assert (manifest.name, manifest.source_language, manifest.target_language) == ("toy", "en", "de")
    assert manifest.lineage.model_sha256 == weights_sha256(project / "train")
    assert (manifest.lineage.corpus, manifest.lineage.run_id) == ("files:corpus", None)
    assert sorted(manifest.files) == ["graph.int8.onnx", "graph.onnx", "tokenizer.json"]
    for precision in ("float32", "int8"):
        (translation,) = Translator(project / "bundle", threads=1, precision=precision).translate(["dog 4 16"])
        assert translation.source.tokens == ["dog", "4", "16"]
        assert translation.score < 0
        assert translation.matrix.shape == (len(translation.target.tokens), 3)


def test_the_report_holds_the_measures(project, ended):
    measures = json.loads((project / "report.json").read_text(encoding="utf-8"))
    assert sorted(measures) == [
        "alignment_error_rate",
        "bleu",
        "int8_bleu",
        "int8_bleu_difference",
        "largest_score_difference",
        "largest_weight_difference",
        "sentences",
    ]
    assert measures["sentences"] == 5
    assert 0 <= measures["largest_score_difference"] <= 1e-4
    assert 0 <= measures["largest_weight_difference"] <= 1e-4


def test_a_missing_model_is_an_error_that_says_what_to_run(project, tmp_path):
    with pytest.raises(TrainingError) as caught:
        run(project, tmp_path, model=tmp_path / "train")
    assert str(caught.value) == f"{tmp_path / 'train' / 'model.json'}: no trained model; run `dvc repro train`"
    assert not (tmp_path / "bundle").exists()
    assert not (tmp_path / "report.json").exists()


def test_a_model_without_weights_is_one_too(project, tmp_path):
    shutil.copytree(project / "train", tmp_path / "train")
    (tmp_path / "train" / "model.safetensors").unlink()
    with pytest.raises(TrainingError, match=r"model\.safetensors: no trained model; run `dvc repro train`"):
        run(project, tmp_path, model=tmp_path / "train")


def test_models_that_translate_together_are_one_graph_equal_to_them_in_pytorch(project, tmp_path):
    other = another_model(project, tmp_path / "other")
    ended = as_dvc_runs_it(options_of(project, tmp_path, model=project / "train", ensemble=[str(other)]))
    assert ended.returncode == 0, ended.stderr
    manifest = open_bundle(tmp_path / "bundle").manifest
    assert manifest.lineage.ensemble_sha256 == [weights_sha256(other)]
    assert manifest.alignment.member in (0, 1)
    measures = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert measures["largest_score_difference"] <= 1e-4  # and the same tokens, or there were no bundle
    assert "as word alignment: model 1, layer " in ended.stderr
    assert Translator(tmp_path / "bundle", threads=1).translate(["dog 4 16"])[0].score < 0


@pytest.mark.parametrize(
    ("file", "text", "why"),
    [
        ("tokenizer.json", "{}", "was trained on other subwords; train it on the corpus in {prepared}"),
        ("meta.json", None, "has no tokenizer.json and meta.json, which say what it was trained on; train it again"),
        ("meta.json", ("en", "fr"), "translates fr to de, need en to de"),
    ],
)
def test_a_model_of_other_subwords_or_languages_translates_with_no_other(project, tmp_path, file, text, why):
    other = another_model(project, tmp_path / "other")
    if text is None:
        (other / file).unlink()
    elif isinstance(text, tuple):
        (other / file).write_text((other / file).read_text().replace(f'"{text[0]}"', f'"{text[1]}"'))
    else:
        (other / file).write_text(text)
    why = why.format(prepared=project / "prepare")
    with pytest.raises(ExportError) as caught:
        run(project, tmp_path, model=project / "train", ensemble=[str(other)])
    assert str(caught.value) == f"params.yaml export.ensemble: {other} {why}"
    with pytest.raises(ExportError) as caught:
        run(project, tmp_path, model=other)
    assert str(caught.value) == f"{other} {why}"


def another_model(project, folder):
    """A Transformer on the same subwords."""
    save_untaught(folder, project / "prepare", network="transformer")
    return folder


def run(project, folder, *, model, ensemble=()):
    export.main(**options_of(project, folder, model=model, ensemble=ensemble))


def options_of(project, folder, *, model, ensemble):
    """The stage's options, with settings of its own in `folder`."""
    settings = yaml.safe_load((project / "params.yaml").read_text(encoding="utf-8"))
    settings["export"]["ensemble"] = list(ensemble)
    (folder / "params.yaml").write_text(yaml.safe_dump(settings), encoding="utf-8")
    return {
        "model": model,
        "corpus": project / "prepare",
        "out": folder / "bundle",
        "report": folder / "report.json",
        "params": folder / "params.yaml",
    }
