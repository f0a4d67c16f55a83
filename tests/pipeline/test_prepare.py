import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from enface.data.prepared import PreparedFolder
from pipeline.prepare import main

MULTI30K = Path("../shared/multi30k/raw")


def write_params(path, **corpus):
    settings = yaml.safe_load(Path("params.yaml").read_text(encoding="utf-8"))
    settings["corpus"] |= corpus
    settings["prepare"]["vocabulary_size"] = 600
    path.write_text(yaml.safe_dump(settings), encoding="utf-8")
    return path


def write_corpus(folder, *, lines=200):
    folder.mkdir()
    for language, word in (("en", "dog"), ("de", "Hund")):
        text = "".join(f"{word} {line} {line * line}\n" for line in range(lines))
        (folder / f"train.{language}").write_text(text, encoding="utf-8")
    return folder


def stage(folder, corpus, params):
    command = [
        sys.executable,
        "-m",
        "pipeline.prepare",
        "--corpus",
        corpus,
        "--out",
        folder / "out",
        "--params",
        params,
    ]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(["src", "."])}
    return subprocess.run(list(map(str, command)), capture_output=True, text=True, env=environment, check=False)


def test_the_stage_prepares_a_corpus_of_files_and_says_how_far_it_is(tmp_path):
    params = write_params(tmp_path / "params.yaml", name="files", sizes={"train": 1, "validation": 10, "test": 20})
    ended = stage(tmp_path, write_corpus(tmp_path / "corpus"), params)
    assert ended.returncode == 0, ended.stderr
    prepared = PreparedFolder(tmp_path / "out")
    assert prepared.meta.pairs == {"train": 170, "validation": 10, "test": 20}
    assert prepared.meta.corpus == "files:corpus"
    assert "train: 170 of 170 pairs kept" in ended.stderr
    assert "dog" not in ended.stderr


def test_an_error_is_one_message_and_leaves_nothing(tmp_path):
    corpus = write_corpus(tmp_path / "corpus")
    with (corpus / "train.de").open("ab") as file:
        file.write(b"sch\xf6n\n")
    params = write_params(tmp_path / "params.yaml", name="files", sizes={"train": 1, "validation": 10, "test": 20})
    ended = stage(tmp_path, corpus, params)
    assert ended.returncode == 1
    assert "train.de:201: not UTF-8" in ended.stderr
    assert "Traceback" not in ended.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["corpus", "params.yaml"]


def test_the_built_in_corpus_comes_with_gold_alignments(tmp_path):
    params = write_params(
        tmp_path / "params.yaml", target_language="fr", sizes={"train": 300, "validation": 20, "test": 20}
    )
    main(corpus=Path("src/enface/data/grammar"), out=tmp_path / "out", params=params)
    prepared = PreparedFolder(tmp_path / "out")
    assert (prepared.meta.corpus, prepared.meta.target_language) == ("builtin", "fr")
    assert prepared.meta.pairs == {"train": 300, "validation": 20, "test": 20}
    assert all(prepared.split("test").gold_links())
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["bad_ratio"] == 0


@pytest.mark.skipif(not MULTI30K.is_dir(), reason=f"{MULTI30K} is not there: the local copy of Multi30k")
@pytest.mark.parametrize(("target", "tests"), [("de", 4), ("cs", 2)])
def test_multi30k_is_prepared_in_the_languages_asked_for(tmp_path, target, tests):
    params = write_params(tmp_path / "params.yaml", name="multi30k", target_language=target)
    main(corpus=MULTI30K, out=tmp_path / "out", params=params)
    meta = PreparedFolder(tmp_path / "out").meta
    assert len(meta.test_splits) == tests
    assert meta.pairs["test_2016_flickr"] == 1000
    assert 28_900 < meta.pairs["train"] <= 29_000
