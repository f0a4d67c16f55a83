import json
import shutil
import zipfile

import pytest
import yaml

from enface.errors import BundleError, ServingError
from serving import store as module
from serving.store import ARCHIVE_NAME, WorkerSettings, make_store


def test_the_archive_holds_the_bundle_the_handler_and_the_settings(toy_bundle, tmp_path):
    path = make_store(toy_bundle, tmp_path / "store", WorkerSettings(count=2, threads=1, precision="int8", together=1))
    assert path == tmp_path / "store" / ARCHIVE_NAME
    with zipfile.ZipFile(path) as archive:
        bundle = {"graph.onnx", "graph.int8.onnx", "tokenizer.json", "manifest.json"}
        assert set(archive.namelist()) == bundle | {"handler.py", "model-config.yaml", "MAR-INF/MANIFEST.json"}
        for name in bundle:
            assert archive.read(name) == (toy_bundle / name).read_bytes()
        settings = yaml.safe_load(archive.read("model-config.yaml"))
        manifest = json.loads(archive.read("MAR-INF/MANIFEST.json"))
    assert (settings["minWorkers"], settings["maxWorkers"]) == (2, 2)
    assert settings["handler"] == {"threads": 1, "precision": "int8", "device": "cpu"}
    assert settings["batchSize"] == 1
    assert manifest["model"]["handler"] == "handler.py"


def test_workers_are_as_the_file_says_unless_they_are_told_otherwise(toy_bundle, tmp_path):
    with zipfile.ZipFile(make_store(toy_bundle, tmp_path / "store")) as archive:
        assert yaml.safe_load(archive.read("model-config.yaml")) == yaml.safe_load(
            (module.HERE / "model-config.yaml").read_text()
        )


def test_equal_bundles_make_equal_bytes(toy_bundle, tmp_path):
    copy = shutil.copytree(toy_bundle, tmp_path / "copy", copy_function=shutil.copyfile)
    first, second = make_store(toy_bundle, tmp_path / "first"), make_store(copy, tmp_path / "second")
    assert first.read_bytes() == second.read_bytes()


def test_an_altered_bundle_is_refused(toy_bundle, tmp_path):
    bundle = shutil.copytree(toy_bundle, tmp_path / "bundle")
    with (bundle / "graph.onnx").open("ab") as graph:
        graph.write(b"x")
    with pytest.raises(BundleError, match=r"graph\.onnx: altered since it was written"):
        make_store(bundle, tmp_path / "store")
    assert not (tmp_path / "store").exists()


def test_a_bundle_without_int8_is_refused_for_int8(toy_bundle, tmp_path):
    bundle = shutil.copytree(toy_bundle, tmp_path / "bundle")
    (bundle / "graph.int8.onnx").unlink()
    manifest = json.loads((bundle / "manifest.json").read_text())
    del manifest["files"]["graph.int8.onnx"]
    (bundle / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(BundleError, match=r"has no graph\.int8\.onnx for precision int8"):
        make_store(bundle, tmp_path / "store", WorkerSettings(precision="int8"))


def test_a_failing_archiver_is_told_in_its_own_words(toy_bundle, tmp_path, monkeypatch):
    monkeypatch.setattr(module, "MODEL_NAME", "no name!")
    with pytest.raises(ServingError, match=r"torch-model-archiver failed:\n(.|\n)*special characters"):
        make_store(toy_bundle, tmp_path / "store")


def test_a_path_may_hold_what_parts_a_list(toy_bundle, tmp_path):
    bundle = shutil.copytree(toy_bundle, tmp_path / "a, b" / "bundle")
    assert make_store(bundle, tmp_path / "one").read_bytes() == make_store(toy_bundle, tmp_path / "two").read_bytes()
