"""The evaluate stage, with a bundle that copies its input."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from safetensors.numpy import save_file

from enface.data.tokenizer import Tokenizer
from enface.data.writing import write_encoded
from enface.errors import DataError
from enface.model.folder import WEIGHTS, weights_sha256
from pipeline import evaluate as stage
from pipeline.evaluate import main
from tests.toy import DESCRIPTION

SOURCES = ["A young woman", "Two dogs are playing, and a child is watching them.", "A red coat at the bus stop"]
TARGETS = ["A young woman.", *SOURCES[1:]]
LINKS = ["0-0 1-1 2-2", " ".join(f"{i}-{i}" for i in range(12)), "0-0 1?1 2-2 3-3 4-4 5-5 6-6"]


@pytest.fixture
def prepared(tmp_path: Path, toy_bundle: Path) -> Path:
    folder = tmp_path / "prepare"
    folder.mkdir()
    tokenizer = Tokenizer.from_file(toy_bundle / "tokenizer.json")
    tokenizer.save(folder / "tokenizer.json")
    for side, sentences in (("source", SOURCES), ("target", TARGETS), ("links", LINKS)):
        for split in ("train", "test"):
            (folder / f"{split}.{side}").write_text("".join(f"{line}\n" for line in sentences), encoding="utf-8")
    tokens = write_encoded(folder, "test", tokenizer)
    meta = {
        "corpus": "toy", "source_language": "en", "target_language": "de", "sha256": "0" * 64,
        "vocabulary_size": tokenizer.vocabulary_size, "pairs": {"test": 3}, "test_splits": ["test"],
        "source_tokens": {"test": tokens["source"]}, "target_tokens": {"test": tokens["target"]},
    }  # fmt: skip
    (folder / "meta.json").write_text(json.dumps(meta), encoding="utf-8")
    return folder


@pytest.fixture
def model(tmp_path: Path, prepared: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made embedding, which passes for the bundle's own."""
    size = json.loads((prepared / "meta.json").read_text(encoding="utf-8"))["vocabulary_size"]
    folder = tmp_path / "train"
    folder.mkdir()
    embedding = np.random.default_rng(1).normal(size=(size, 8)).astype(np.float32)
    save_file({"embedding.weight": embedding}, folder / WEIGHTS)
    monkeypatch.setattr(stage, "weights_sha256", lambda _: DESCRIPTION.lineage.model_sha256)
    return folder


@pytest.fixture
def gold_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "gold"
    folder.mkdir()
    (folder / "gold.en").write_text("A young woman\n", encoding="utf-8")
    (folder / "gold.de").write_text("A young woman .\n", encoding="utf-8")
    (folder / "gold.align").write_text("0-0 1-1\n", encoding="utf-8")
    return folder


@pytest.fixture
def params(tmp_path: Path, gold_folder: Path) -> Path:
    evaluate = {
        "bootstrap_samples": 20, "length_bucket_ends": [5, 9], "examples": 2, "word_map_words": 5,
        "gold": {"folder": str(gold_folder), "source_language": "en", "target_language": "de"},
    }  # fmt: skip
    tracking = {
        "enabled": False,
        "uri": "",
        "experiment": "toy",
        "run_name": "",
        "model_name": "toy",
        "alias": "champion",
    }
    path = tmp_path / "params.yaml"
    path.write_text(yaml.safe_dump({"evaluate": evaluate, "tracking": tracking}), encoding="utf-8")
    return path


def test_a_bundle_is_scored_aligned_and_reported(tmp_path, toy_bundle, prepared, model, params):
    out = tmp_path / "evaluate"
    main(toy_bundle, prepared, model, out, params)
    numbers = json.loads((out / "metrics.json").read_text(encoding="utf-8"))
    assert 0 < numbers["test"]["bleu_low"] < numbers["test"]["bleu"] < 100
    assert (numbers["test"]["aer"], numbers["test"]["precision"], numbers["test"]["recall"]) == (0, 100, 100)
    assert numbers["gold"] == {"aer": 20, "precision": pytest.approx(200 / 3, abs=1e-3), "recall": 100}
    assert numbers["test"]["attention"] == {
        "entropy": 0, "normalised_entropy": 0, "sharpness": 1, "monotonicity": 1, "coverage": 1, "linked": 1,
    }  # fmt: skip
    assert numbers["int8"] == {"bleu": numbers["test"]["bleu"], "bleu_difference": 0}
    assert (out / "test.hypothesis").read_text(encoding="utf-8").splitlines() == SOURCES
    assert sorted(path.name for path in (out / "attention").iterdir()) == ["00001.png", "00002.png"]
    assert len((out / "words.csv").read_text(encoding="utf-8").splitlines()) == 1 + 5
    assert (out / "words.png").stat().st_size > 0
    page = (out / "report.html").read_text(encoding="utf-8")
    assert "toy-copy" in page
    assert "<h2>Word vectors</h2>" in page
    assert "A red coat at the bus stop" not in page
    assert json.loads((out / "speed.json").read_text(encoding="utf-8"))["translations_per_second"] > 0


def test_all_but_the_speed_repeats(tmp_path, toy_bundle, prepared, model, params):
    outs = [tmp_path / "first", tmp_path / "second"]
    for out in outs:
        main(toy_bundle, prepared, model, out, params)
    files = sorted(path.relative_to(outs[0]) for path in outs[0].rglob("*") if path.is_file())
    differing = [str(file) for file in files if (outs[0] / file).read_bytes() != (outs[1] / file).read_bytes()]
    assert set(differing) <= {"speed.json"}


def test_a_corpus_of_other_languages_is_refused_and_nothing_written(tmp_path, toy_bundle, prepared, model, params):
    _change_meta(prepared, target_language="fr")
    with pytest.raises(DataError) as error:
        main(toy_bundle, prepared, model, tmp_path / "evaluate", params)
    assert str(error.value) == (
        f"{prepared}: got a corpus of en to fr, need en to de, which the bundle translates; run: dvc repro"
    )
    assert not (tmp_path / "evaluate").exists()


def test_a_corpus_without_a_test_split_is_refused(tmp_path, toy_bundle, prepared, model, params):
    _change_meta(prepared, test_splits=[])
    with pytest.raises(DataError) as error:
        main(toy_bundle, prepared, model, tmp_path / "evaluate", params)
    assert str(error.value) == (f"{prepared}: has no test split to score on; give the corpus one and run: dvc repro")


def test_wrong_gold_stops_the_stage_before_anything_is_translated(
    tmp_path, toy_bundle, prepared, model, params, gold_folder
):
    (gold_folder / "gold.align").write_text("0-9\n", encoding="utf-8")
    with pytest.raises(DataError, match=r"gold\.align:1: got a link of source 0 and target 9"):
        main(toy_bundle, prepared, model, tmp_path / "evaluate", params)
    assert not (tmp_path / "evaluate").exists()


def test_a_split_without_gold_links_has_no_alignment_scores(tmp_path, toy_bundle, prepared, model, params):
    (prepared / "test.links").unlink()
    main(toy_bundle, prepared, model, tmp_path / "evaluate", params)
    numbers = json.loads((tmp_path / "evaluate" / "metrics.json").read_text(encoding="utf-8"))
    assert "aer" not in numbers["test"]


def test_another_model_than_the_bundles_is_refused(tmp_path, toy_bundle, prepared, model, params, monkeypatch):
    monkeypatch.setattr(stage, "weights_sha256", weights_sha256)
    with pytest.raises(DataError) as error:
        main(toy_bundle, prepared, model, tmp_path / "evaluate", params)
    assert str(error.value) == f"{model}: is not the model that the bundle was made from; run: dvc repro"


def _change_meta(folder: Path, **changes: object) -> None:
    path = folder / "meta.json"
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | changes), encoding="utf-8")
