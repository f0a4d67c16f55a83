"""The judge stage on a small part of the built-in corpus, and the prepare stage with the judge that it makes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnx
import pytest
import yaml

from enface.data.prepared import PreparedFolder
from enface.errors import BundleError, DataError, ExportError, TrainingError
from enface.inference.judge import Judge
from enface.judging.calibration import sigmoid
from enface.judging.corruption import KINDS
from enface.judging.folder import check_graph, load_classifier
from enface.judging.learning import Learner
from enface.judging.section import JudgeSection
from enface.params import load_section
from pipeline.judge import main
from pipeline.prepare import main as prepare

GRAMMAR = Path("src/enface/data/grammar")
SMALL = {"enabled": True, "epochs": 2, "max_pairs": 150}
SMALL_MODEL = {"embedding_size": 8, "hidden_size": 8}


def write_params(path, *, judge=None, asked=None, pooling="mean"):
    settings = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    settings["corpus"] |= {"sizes": {"train": 200, "validation": 30, "test": 30}}
    settings["prepare"] |= {"vocabulary_size": 400} | ({"judge": asked} if asked else {})
    settings["tracking"]["enabled"] = False
    settings["judge"] |= SMALL | (judge or {})
    settings["judge"]["model"] |= SMALL_MODEL | {"pooling": pooling}
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


def stage(folder, params):
    """In a process of its own, as no graph is made where shapes are checked."""
    command = [sys.executable, "-m", "pipeline.judge", "--corpus", folder / "prepare", "--out", folder / "judge"]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."]), "OMP_NUM_THREADS": "1"}
    return subprocess.run(
        [*map(str, command), "--params", str(params)], capture_output=True, text=True, env=environment, check=False
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("judging")
    params = write_params(folder / "params.yaml")
    prepare(corpus=GRAMMAR, out=folder / "prepare", params=params)
    ended = stage(folder, params)
    assert ended.returncode == 0, ended.stderr
    return folder, ended


def pairs_of(folder, split):
    found = PreparedFolder(folder / "prepare").split(split)
    return list(zip(found.source_sentences(), found.target_sentences(), strict=True))


def test_the_stage_writes_a_judge_and_its_report(made):
    folder, ended = made
    files = {str(path.relative_to(folder / "judge")) for path in (folder / "judge").rglob("*.*")}
    assert files == {
        *(f"attention/{kind}.png" for kind in ("translation", *KINDS)),
        *("graph.onnx", "judge.json", "metrics.json", "model.json", "model.safetensors", "reliability.png"),
        *("report.json", "tokenizer.json"),
    }
    metrics = json.loads((folder / "judge/metrics.json").read_text())
    assert metrics.keys() == {"enabled", "all", *KINDS}
    assert all(0 <= metrics[kind]["accuracy"] <= 100 for kind in KINDS)
    assert "epoch 2 of 2: loss " in ended.stderr
    assert "of held-out pairs judged rightly" in ended.stderr
    assert "The " not in ended.stderr


def test_the_graph_is_the_trained_classifier(made):
    folder, _ = made
    judge, pairs = Judge(folder / "judge", threads=1), pairs_of(folder, "test")
    model = load_classifier(folder / "judge")
    section = load_section(folder / "params.yaml", "judge", JudgeSection)
    logits = Learner(model, PreparedFolder(folder / "prepare").tokenizer, section).logits(pairs)
    np.testing.assert_allclose(judge.probability(pairs), sigmoid(logits), atol=1e-6)
    assert check_graph(judge, pairs, logits) < 1e-6
    with pytest.raises(ExportError) as caught:
        check_graph(judge, pairs, logits + 1)
    assert str(caught.value).startswith("judge: graph and model differ by 0.")
    assert str(caught.value).endswith("in the probability of a pair, need <= 0.0001; nothing is written")


def test_a_judge_whose_dense_unit_is_given_all_positions_goes_through_the_stage_too(made, tmp_path):
    (tmp_path / "prepare").symlink_to(made[0] / "prepare")
    ended = stage(tmp_path, write_params(tmp_path / "params.yaml", judge={"epochs": 1}, pooling="flatten"))
    assert ended.returncode == 0, ended.stderr
    assert load_classifier(tmp_path / "judge").dense.in_features == 512 * 2 * SMALL_MODEL["hidden_size"]
    assert len(np.unique(Judge(tmp_path / "judge", threads=1).probability(pairs_of(tmp_path, "test")))) > 5


def test_the_lstm_of_the_graph_is_not_unrolled(made):
    operators = [node.op_type for node in onnx.load(made[0] / "judge/graph.onnx").graph.node]
    assert operators.count("LSTM") == 2
    assert len(operators) < 100


def test_its_attention_sums_to_1(made):
    look = Judge(made[0] / "judge", threads=1).look("The king sleeps.", "Der König schläft.")
    np.testing.assert_allclose(look.weights.sum(axis=1), 1, rtol=1e-5)
    assert look.weights.min() > 0


def test_prepare_leaves_out_what_the_judge_rejects_and_says_so(made, tmp_path):
    folder, _ = made
    judge = Judge(folder / "judge", threads=1)
    probabilities = judge.probability(pairs_of(folder, "train"))
    threshold = float(np.median(probabilities))
    asked = {"folder": str(folder / "judge"), "threshold": threshold}
    params = write_params(tmp_path / "params.yaml", asked=asked)
    prepare(corpus=GRAMMAR, out=tmp_path / "out", params=params)
    left = PreparedFolder(tmp_path / "out")
    assert left.meta.pairs == {"train": int((probabilities >= threshold).sum()), "validation": 30, "test": 30}
    report = json.loads((tmp_path / "out/report.json").read_text())
    assert report["splits"]["train"]["rejected"] == {"judge": 200 - left.meta.pairs["train"]}
    assert report["bad_ratio"] == 0
    rejects = (tmp_path / "out/rejects.tsv").read_text().splitlines()[1:]
    assert {line.rpartition("\t")[0] for line in rejects} == {"train\tjudge"}


def test_prepare_refuses_a_judge_of_other_languages(made, tmp_path):
    params = write_params(tmp_path / "params.yaml", asked={"folder": str(made[0] / "judge"), "threshold": 0.5})
    settings = yaml.safe_load(params.read_text())
    settings["corpus"]["target_language"] = "fr"
    params.write_text(yaml.safe_dump(settings))
    with pytest.raises(BundleError, match="judges pairs of en and de, need one for en and fr"):
        prepare(corpus=GRAMMAR, out=tmp_path / "out", params=params)


def test_disabled_it_says_so_and_loads_nothing_heavy(tmp_path):
    params = write_params(tmp_path / "params.yaml", judge={"enabled": False})
    code = (
        "import sys; from pathlib import Path; from pipeline.judge import main; "
        f"main(Path('nowhere'), Path({str(tmp_path / 'out')!r}), Path({str(params)!r})); "
        "print(*({'torch', 'onnxruntime', 'matplotlib', 'mlflow'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])}
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert ended.stdout == "\n"
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["metrics.json"]
    assert json.loads((tmp_path / "out/metrics.json").read_text()) == {"enabled": False}


def test_a_corpus_without_a_test_split_leaves_nothing(made, tmp_path, monkeypatch):
    monkeypatch.setattr(PreparedFolder, "test_splits", [])
    with pytest.raises(DataError) as caught:
        main(corpus=made[0] / "prepare", out=tmp_path / "out", params=made[0] / "params.yaml")
    assert str(caught.value) == (
        f"{made[0] / 'prepare'}: has no test split to measure a judge on; give the corpus one: dvc repro"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_weights_is_named(tmp_path):
    with pytest.raises(TrainingError) as caught:
        load_classifier(tmp_path)
    assert str(caught.value) == f"{tmp_path / 'model.json'}: no trained judge; run: dvc repro judge"
