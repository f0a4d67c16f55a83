import json
import shutil

import pytest

from enface.errors import BundleError
from enface.judge_folder import GRAPH, MANIFEST, TOKENIZER, read_manifest
from tests.toy_judge import DESCRIPTION

REMEDY = "set judge.enabled: true in params.yaml and run: dvc repro judge"


@pytest.fixture
def folder(toy_judge, tmp_path):
    return shutil.copytree(toy_judge, tmp_path / "judge")


def test_what_was_written_is_read(folder):
    manifest = read_manifest(folder)
    assert manifest.model_dump().items() >= DESCRIPTION.model_dump().items()
    assert (folder / MANIFEST).read_text().startswith('{\n  "corpus": "toy"')


def test_a_folder_without_a_judge_says_how_to_make_one(tmp_path):
    with pytest.raises(BundleError) as caught:
        read_manifest(tmp_path)
    assert str(caught.value) == f"{tmp_path}/judge.json: missing, so there is no judge here; {REMEDY}"


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(BundleError) as caught:
        read_manifest(folder)
    assert str(caught.value) == f"{folder / name}: missing from the judge's folder; {REMEDY}"


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER])
def test_an_altered_file_is_refused(folder, name):
    (folder / name).write_bytes((folder / name).read_bytes() + b" ")
    with pytest.raises(BundleError, match=r"was altered since it was written: SHA-256 is [0-9a-f]{64}, judge"):
        read_manifest(folder)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format_version": 7}, f"judge.json format_version: got 7, need 1; {REMEDY}"),
        ({"format_version": True}, "judge.json format_version: got True, need 1"),
        ({"max_length_tokens": 2}, "judge.json max_length_tokens: got 2, need >= 8"),
        ({"corpsu": "x"}, "judge.json corpsu: unknown setting; did you mean 'corpus'?"),
    ],
)
def test_a_wrong_value_is_named(folder, change, message):
    values = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps(values | change))
    with pytest.raises(BundleError) as caught:
        read_manifest(folder)
    assert message in str(caught.value)


@pytest.mark.parametrize(("text", "message"), [("{", "not JSON"), ("[]", "got list, need an object")])
def test_a_broken_manifest_is_refused(folder, text, message):
    (folder / MANIFEST).write_text(text)
    with pytest.raises(BundleError, match=message):
        read_manifest(folder)
