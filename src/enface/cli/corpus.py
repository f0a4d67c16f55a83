"""`enface corpus`: fetch the pinned corpus, or write the built-in one out as files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from enface.data.pin import Pin, check_folder, read_pin
from enface.errors import DataError
from enface.outputs import whole_file, whole_folder
from enface.params import load_section

app = typer.Typer(help="Fetch or make a corpus of sentence pairs.", no_args_is_help=True)


@app.command()
def fetch(
    source: Annotated[
        str, typer.Option(help="A Git repository (URL or path) that mirrors the pinned one, or a folder of its files.")
    ] = "",
    to: Annotated[Path | None, typer.Option(help="Where to put it; where the pin says, if not given.")] = None,
    pin: Annotated[Path, typer.Option(help="The file that pins the corpus.")] = Path("data.dvc"),
    force: Annotated[bool, typer.Option("--force", help="Replace a folder that holds something else.")] = False,
) -> None:
    """Brings the corpus that data.dvc pins (Multi30k) and checks it, hash by hash; all of it or nothing."""
    pinned = read_pin(pin)
    folder = to or pinned.folder
    if _is_there(folder, pinned, force=force):
        typer.echo(f"{folder}: already there, and as {pin} pins it.")
    else:
        origin = source or pinned.repository
        typer.echo(f"{folder}: fetching {pinned.files} files, {pinned.size_bytes / 1e6:.1f} MB, from {origin} ...")
        with whole_folder(folder) as draft:
            _bring(origin, pinned, draft)
            check_folder(draft, pinned, origin)
        typer.echo(f"{folder}: fetched; every file is as {pin} pins it.")
    if folder.resolve() == pinned.folder.resolve():
        _unhide(pin)
        _commit(pin)
    typer.echo(f"Next: in params.yaml set corpus.name to multi30k and corpus.path to {folder}, then run: dvc repro")


@app.command()
def check(
    params: Annotated[Path, typer.Option(help="The settings that name the corpus.")] = Path("params.yaml"),
) -> None:
    """Says whether the corpus that params.yaml names is here and as it was pinned; if not, what brings it."""
    from enface.data.corpus import CorpusSection, corpus_title, open_corpus

    section = load_section(params, "corpus", CorpusSection)
    open_corpus(section, Path(section.path))
    title = corpus_title(section, Path(section.path))
    typer.echo(f"corpus: {title}, {section.source_language} to {section.target_language}")


@app.command()
def make(
    out: Annotated[Path, typer.Argument(help="The folder to write; new or empty.")],
    target_language: Annotated[str, typer.Option(help="de or fr; or en, from one of these.")],
    train: Annotated[int, typer.Option(min=1, help="Training pairs.")],
    validation: Annotated[int, typer.Option(min=1, help="Validation pairs.")],
    test: Annotated[int, typer.Option(min=1, help="Test pairs, none of them in training.")],
    seed: Annotated[int, typer.Option(min=0, help="The same seed makes the same corpus.")],
    source_language: Annotated[str, typer.Option(help="en, or the one to translate into it.")] = "en",
) -> None:
    """Writes the built-in corpus as parallel files with gold word alignments.

    Such as: enface corpus make corpus --target-language de --train 20000 --validation 1000 --test 1000 --seed 1
    """
    from enface.data.making import write_parallel
    from enface.data.readers.builtin import BuiltinReader

    sizes = {"train": train, "validation": validation, "test": test}
    reader = BuiltinReader(source_language, target_language, seed=seed, sizes=sizes)
    write_parallel(
        reader, out, source_language, target_language, report=lambda split, count: typer.echo(f"{split}: {count} pairs")
    )
    typer.echo(f"Next: in params.yaml set corpus.name to files and corpus.path to {out}, then run: dvc repro")


def _is_there(folder: Path, pin: Pin, *, force: bool) -> bool:
    """Whether `folder` is the pinned one already; an error where it is something else that must not be lost."""
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return False
    try:
        check_folder(folder, pin, str(folder))
    except DataError as error:
        if force:
            return False
        raise DataError(f"{error}; move it away, or run with --force to replace it") from None
    return True


def _bring(origin: str, pin: Pin, draft: Path) -> None:
    """Fills `draft` from a folder of files, or else from a Git repository at the pinned revision."""
    folder = Path(origin)
    if folder.is_dir() and not _is_repository(folder):
        _copy(folder, draft)
        return
    draft.rmdir()
    got = _dvc("get", origin, pin.repository_path, "--rev", pin.revision, "--out", str(draft))
    if got != 0:
        raise DataError(
            f"{origin}: could not be fetched (dvc get ended with {got}; its reason stands above); "
            "without a network, give --source a folder that holds the files"
        )


def _copy(folder: Path, draft: Path) -> None:
    """Copies the files alone: a mirror's own permissions, such as read-only folders, stay where they are."""
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            copy = draft / file.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, copy)


def _is_repository(folder: Path) -> bool:
    return (folder / ".git").exists() or (folder / "HEAD").is_file()


def _unhide(pin: Path) -> None:
    """Takes the pin out of Git's list of ignored files, where it stands until there is data, and so out of DVC's."""
    found = subprocess.run(
        ["git", "rev-parse", "--git-path", "info/exclude"], cwd=pin.parent, capture_output=True, text=True, check=False
    )
    path = pin.parent / found.stdout.strip()
    if found.returncode != 0 or not path.is_file():
        return
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if line.strip() != f"/{pin.name}"]
    if kept != lines:
        with whole_file(path) as draft:
            draft.write_text("".join(kept), encoding="utf-8")


def _commit(pin: Path) -> None:
    """Puts the data into DVC's cache, so that `dvc exp run` finds it in its temporary folders."""
    if not (pin.parent / ".dvc").is_dir():
        return
    if _dvc("commit", "--quiet", "--force", pin.name, folder=pin.parent) != 0:
        typer.echo(f"Warning: the data is in place, but not in DVC's cache; run: dvc commit {pin}", err=True)


def _dvc(*arguments: str, folder: Path | None = None) -> int:
    environment = {**os.environ, "DVC_NO_ANALYTICS": "true"}
    return subprocess.run(
        [sys.executable, "-m", "dvc", *arguments], cwd=folder, env=environment, check=False
    ).returncode
