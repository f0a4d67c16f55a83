import json
import shutil

import pytest

from enface.bundle import MANIFEST, open_bundle, with_lineage, write_bundle
from enface.errors import BundleError
from tests.toy import DESCRIPTION


@pytest.fixture
def parts(tmp_path):
    folder = tmp_path / "parts"
    folder.mkdir()
    files = {"graph.onnx": folder / "g", "tokenizer.json": folder / "t"}
    for name, path in files.items():
        path.write_text(name)
    return files


@pytest.fixture
def bundle(tmp_path, parts):
    write_bundle(tmp_path / "bundle", parts, description=DESCRIPTION)
    return tmp_path / "bundle"


def refusal(path, **options):
    with pytest.raises(BundleError) as caught:
        open_bundle(path, **options)
    return str(caught.value)


def edit(bundle, **changed):
    manifest = json.loads((bundle / MANIFEST).read_text())
    (bundle / MANIFEST).write_text(json.dumps(manifest | changed))


def test_what_is_written_is_what_is_opened(tmp_path, parts):
    manifest = write_bundle(tmp_path / "out" / "bundle", parts, description=DESCRIPTION)
    opened = open_bundle(tmp_path / "out" / "bundle")
    assert opened.manifest == manifest
    assert opened.graph("float32").read_text() == "graph.onnx"
    assert opened.tokenizer.read_text() == "tokenizer.json"
    assert manifest.search == DESCRIPTION.search
    assert manifest.format_version == 2


def test_equal_files_give_equal_bytes_and_versions(tmp_path, parts):
    first = write_bundle(tmp_path / "a", parts, description=DESCRIPTION)
    second = write_bundle(tmp_path / "b", dict(reversed(parts.items())), description=DESCRIPTION)
    assert first.version == second.version
    assert len(first.version) == 12
    assert (tmp_path / "a" / MANIFEST).read_bytes() == (tmp_path / "b" / MANIFEST).read_bytes()
    parts["graph.onnx"].write_text("other")
    assert write_bundle(tmp_path / "c", parts, description=DESCRIPTION).version != first.version


def test_a_given_version_is_kept(tmp_path, parts):
    assert write_bundle(tmp_path / "a", parts, description=DESCRIPTION, version="7").version == "7"


def test_lineage_is_filled_in_and_nothing_else_changes(tmp_path, bundle):
    before = open_bundle(bundle).manifest
    after = with_lineage(bundle, tmp_path / "packaged", commit="abc", run_id="run")
    assert (after.lineage.commit, after.lineage.run_id) == ("abc", "run")
    assert after.model_copy(update={"lineage": before.lineage}) == before
    assert open_bundle(tmp_path / "packaged").manifest == after
    assert open_bundle(bundle).manifest == before


def test_lineage_in_place(bundle):
    with_lineage(bundle, bundle, commit="abc", run_id=None)
    assert open_bundle(bundle).manifest.lineage.commit == "abc"


@pytest.mark.parametrize("name", ["graph.onnx", "tokenizer.json"])
def test_a_bundle_is_not_written_without_what_it_needs(tmp_path, parts, name):
    del parts[name]
    with pytest.raises(BundleError, match=rf"^a bundle needs {name}; got (graph.onnx|tokenizer.json)$"):
        write_bundle(tmp_path / "out", parts, description=DESCRIPTION)
    assert not (tmp_path / "out").exists()


def test_a_bundle_of_nothing(tmp_path):
    with pytest.raises(BundleError, match=r"^a bundle needs graph.onnx; got no files$"):
        write_bundle(tmp_path / "out", {}, description=DESCRIPTION)


def test_a_file_to_pack_that_is_not_there(tmp_path, parts):
    parts["graph.onnx"].unlink()
    with pytest.raises(BundleError, match=r"parts/g: no such file, to be graph.onnx of a bundle$"):
        write_bundle(tmp_path / "out", parts, description=DESCRIPTION)


def test_writing_that_fails_leaves_the_old_bundle(tmp_path, parts, bundle, monkeypatch):
    before = (bundle / MANIFEST).read_bytes()

    def full_disk(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full_disk)
    with pytest.raises(OSError, match="No space left"):
        write_bundle(bundle, parts, description=DESCRIPTION)
    assert (bundle / MANIFEST).read_bytes() == before
    open_bundle(bundle)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bundle", "parts"]


def test_no_such_folder(tmp_path):
    assert refusal(tmp_path / "b") == f"{tmp_path}/b: no such bundle; `make run` or `dvc repro` makes one"


def test_not_a_folder(bundle):
    assert refusal(bundle / "graph.onnx") == f"{bundle}/graph.onnx: not a folder, so not a bundle"


def test_no_manifest(bundle):
    (bundle / MANIFEST).unlink()
    assert refusal(bundle) == f"{bundle}/manifest.json: missing, so this folder is not a bundle"


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe", b"", b"[" * 200_000])
def test_a_manifest_that_is_not_json(bundle, content):
    (bundle / MANIFEST).write_bytes(content)
    assert refusal(bundle).startswith(f"{bundle}/manifest.json: not JSON: ")


def test_a_manifest_that_is_no_object(bundle):
    (bundle / MANIFEST).write_text("[1]")
    assert refusal(bundle) == f"{bundle}/manifest.json: got list, need an object; export the model again"


@pytest.mark.parametrize("version", [0, 1, 3, "1", None, True])
def test_an_unknown_format_version_is_told_before_all_else(bundle, version):
    edit(bundle, format_version=version, surprise=1)
    message = refusal(bundle)
    assert message.startswith(f"{bundle}/manifest.json format_version: got {version!r}, need 2, which Enface ")
    assert message.endswith("; export the model again, or use the Enface that wrote it")


def test_unknown_and_wrong_keys_of_the_manifest(bundle):
    edit(bundle, alignments={}, name=3)
    lines = refusal(bundle).splitlines()
    assert f"{bundle}/manifest.json name: got 3, input should be a valid string" in lines
    assert f"{bundle}/manifest.json alignments: unknown setting; did you mean 'alignment'?" in lines


@pytest.mark.parametrize("name", ["../graph.onnx", "/etc/passwd", ".hidden", "a/b", ""])
def test_files_outside_the_folder_cannot_be_listed(bundle, name):
    files = json.loads((bundle / MANIFEST).read_text())["files"]
    edit(bundle, files=files | {name: "0" * 64})
    assert "string should match pattern" in refusal(bundle)


def test_an_attention_of_a_model_that_is_not_there(bundle):
    alignment = {"member": 1, "layer": 0, "head": None, "shift": 0, "link_threshold": 0.3}
    edit(bundle, alignment=alignment)
    assert "alignment.member is none of the models that lineage names" in refusal(bundle)


@pytest.mark.parametrize("verify", [True, False])
def test_a_file_that_is_missing(bundle, verify):
    (bundle / "tokenizer.json").unlink()
    assert refusal(bundle, verify=verify) == (
        f"{bundle}/tokenizer.json: missing, though the manifest lists it; export or copy the bundle again"
    )


def test_a_required_file_that_is_not_listed(bundle):
    files = json.loads((bundle / MANIFEST).read_text())["files"]
    del files["graph.onnx"]
    edit(bundle, files=files)
    assert refusal(bundle) == f"{bundle}/manifest.json files: graph.onnx is not listed; export the model again"


def test_an_altered_file_is_named_with_both_sums(bundle):
    expected = open_bundle(bundle).manifest.files["graph.onnx"]
    (bundle / "graph.onnx").write_text("graph.onnX")
    message = refusal(bundle)
    assert message.startswith(f"{bundle}/graph.onnx: altered since it was written: SHA-256 is ")
    assert message.endswith(f", the manifest says {expected}; export or copy the bundle again")
    open_bundle(bundle, verify=False)


def test_a_precision_that_was_not_exported(bundle):
    with pytest.raises(BundleError) as caught:
        open_bundle(bundle).graph("int8")
    assert str(caught.value) == f"{bundle}: has no graph.int8.onnx for precision int8; it has float32"
