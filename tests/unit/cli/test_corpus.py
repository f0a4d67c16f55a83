import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from typer.testing import CliRunner

from enface.cli import corpus
from enface.errors import DataError

FILES = {"train.en": b"a dog\n", "train.de": b"ein Hund\n"}
MULTI30K = Path("../shared/multi30k/raw")


def invoke(*arguments):
    return CliRunner().invoke(corpus.app, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture
def mirror(tmp_path):
    """A folder of the pinned files."""
    folder = tmp_path / "mirror"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project in Git and DVC that pins the files and hides the pin until they are there; its root is entered."""
    root = tmp_path / "project"
    root.mkdir()
    monkeypatch.chdir(root)
    for name in ("DVC_SITE_CACHE_DIR", "DVC_GLOBAL_CONFIG_DIR", "DVC_SYSTEM_CONFIG_DIR", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    git("init", "--quiet")
    corpus._dvc("init", "--quiet")
    write_pin("https://example.invalid/corpus.git", "0" * 40)
    with Path(".git/info/exclude").open("a") as exclude:
        exclude.write("/data.dvc\n*.swp\n")
    return root


def write_pin(repository, revision):
    listing = [{"md5": hashlib.md5(FILES[name]).hexdigest(), "relpath": name} for name in sorted(FILES)]
    md5 = hashlib.md5(json.dumps(listing, sort_keys=True).encode()).hexdigest()
    Path("data.dvc").write_text(
        f"outs:\n- md5: {md5}.dir\n  size: {sum(map(len, FILES.values()))}\n  nfiles: 2\n  hash: md5\n  path: data\n"
        f"meta:\n  git: {repository}\n  rev: {revision}\n  path: task/raw\n"
    )


def git(*arguments, folder="."):
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.invalid"]
    return subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def files(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_folder_of_files_is_copied_checked_and_put_into_the_cache(project, mirror):
    mirror.chmod(0o555)
    pinned = Path("data.dvc").read_bytes()
    said = invoke("fetch", "--source", mirror).output
    assert files(project / "data") == FILES
    assert "data: fetching 2 files, 0.0 MB, from " in said
    assert "data: fetched; every file is as data.dvc pins it." in said
    assert "Next: in params.yaml set corpus.name to multi30k and corpus.path to data, then run: dvc repro" in said
    assert (project / "data").stat().st_mode & 0o200
    assert Path("data.dvc").read_bytes() == pinned
    assert len([path for path in Path(".dvc/cache").rglob("*") if path.is_file()]) == 3


def test_the_pin_is_hidden_from_git_no_longer(project, mirror):
    invoke("fetch", "--source", mirror)
    assert Path(".git/info/exclude").read_text().splitlines()[-1] == "*.swp"
    assert "/data.dvc" not in Path(".git/info/exclude").read_text()


def test_what_is_there_already_is_left(project, mirror):
    invoke("fetch", "--source", mirror)
    assert "data: already there, and as data.dvc pins it." in invoke("fetch").output


def test_another_folder_can_be_filled(project, mirror, tmp_path):
    invoke("fetch", "--source", mirror, "--to", tmp_path / "elsewhere")
    assert files(tmp_path / "elsewhere") == FILES
    assert not (project / "data").exists()
    assert "/data.dvc" in Path(".git/info/exclude").read_text()


def test_a_wrong_hash_leaves_nothing_and_says_which(project, mirror):
    (mirror / "train.de").write_bytes(b"kein Hund")
    with pytest.raises(
        DataError, match=r"mirror: got 2 files, 15 bytes, hash \w+\.dir; the pin says 2 files, 15 bytes"
    ):
        invoke("fetch", "--source", mirror)
    assert sorted(path.name for path in project.iterdir() if path.name not in (".git", ".dvcignore")) == [
        ".dvc",
        "data.dvc",
    ]


def test_a_folder_of_something_else_is_replaced_only_by_force(project, mirror):
    (project / "data").mkdir()
    (project / "data" / "mine").touch()
    with pytest.raises(DataError, match=r"data: got 1 files.*; move it away, or run with --force to replace it"):
        invoke("fetch", "--source", mirror)
    assert (project / "data" / "mine").exists()
    invoke("fetch", "--source", mirror, "--force")
    assert files(project / "data") == FILES


def test_a_git_repository_is_fetched_at_the_pinned_revision_by_url(project, mirror, tmp_path):
    repository = tmp_path / "repository"
    (repository / "task").mkdir(parents=True)
    shutil.copytree(mirror, repository / "task" / "raw")
    git("init", "--quiet", folder=repository)
    git("add", ".", folder=repository)
    git("commit", "--quiet", "-m", "pinned", folder=repository)
    revision = git("rev-parse", "HEAD", folder=repository).strip()
    (repository / "task" / "raw" / "train.en").write_bytes(b"later\n")
    git("commit", "--quiet", "-a", "-m", "later", folder=repository)
    settings = tmp_path / "xdg_config_home" / "git"
    settings.mkdir(parents=True)
    url = "https://corpora.example.invalid/corpus.git"
    (settings / "config").write_text(f'[url "{repository.as_uri()}"]\n  insteadOf = {url}\n')
    write_pin(url, revision)
    invoke("fetch")
    assert files(project / "data") == FILES
    invoke("fetch", "--to", tmp_path / "other", "--source", repository)
    assert files(tmp_path / "other") == FILES


def test_what_cannot_be_fetched_is_an_error_and_leaves_nothing(project, tmp_path):
    with pytest.raises(
        DataError, match=r"nowhere: could not be fetched \(dvc get ended with \d+; .* give --source a folder"
    ):
        invoke("fetch", "--source", tmp_path / "nowhere")
    assert not (project / "data").exists()
    assert not [path for path in project.iterdir() if path.name.startswith(".data")]


def test_data_that_cannot_be_cached_is_a_warning(project, mirror):
    Path(".dvc/config").write_text("[broken")
    result = invoke("fetch", "--source", mirror)
    assert result.exit_code == 0
    assert "Warning: the data is in place, but not in DVC's cache; run: dvc commit data.dvc" in result.stderr


@pytest.mark.skipif(not MULTI30K.is_dir(), reason=f"{MULTI30K} is not there: the local copy of Multi30k")
def test_multi30k_is_what_data_dvc_pins(tmp_path):
    invoke("fetch", "--source", MULTI30K.resolve(), "--to", tmp_path / "data", "--pin", "data.dvc")
    assert len(files(tmp_path / "data")) == 22


def test_the_built_in_corpus_is_written_as_parallel_files(tmp_path):
    sizes = ["--train", 20, "--validation", 3, "--test", 4]
    result = invoke("make", tmp_path / "out", "--target-language", "fr", "--seed", 1, *sizes)
    assert "train: 20 pairs" in result.output
    assert "Next: in params.yaml set corpus.name to files and corpus.path to " in result.output
    names = {f"{split}.{ending}" for split in ("train", "validation", "test") for ending in ("en", "fr", "en-fr.links")}
    assert {name: content.count(b"\n") for name, content in files(tmp_path / "out").items() if "train" in name} == {
        name: 20 for name in names if "train" in name
    }
    assert set(files(tmp_path / "out")) == names


def test_check_says_what_brings_a_corpus_that_is_not_here(tmp_path, monkeypatch):
    settings = Path("params.yaml").read_text(encoding="utf-8")
    (tmp_path / "params.yaml").write_text(settings, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert invoke("check").output == "corpus: builtin, en to de\n"
    absent = settings.replace("name: builtin ", "name: multi30k ").replace(
        "path: src/enface/data/grammar", "path: data"
    )
    (tmp_path / "params.yaml").write_text(absent, encoding="utf-8")
    with pytest.raises(DataError, match=r"^data: the corpus is not here; run: enface corpus fetch$"):
        invoke("check")
