"""The commands that the documents show exist, with the options that they show."""

import re
import shlex

import click
import pytest
import typer

from tests.contract.imports import ROOT, file_of

DOCUMENTS = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/*.md")]


def commands() -> list[tuple[str, list[str]]]:
    """Every line of every ```sh block, as words, each with where it stands; a trailing backslash joins lines."""
    found = []
    for document in DOCUMENTS:
        for block in re.findall(r"^```(?:sh|bash|console)\n(.*?)^```", document.read_text(), re.DOTALL | re.MULTILINE):
            for line in block.replace("\\\n", " ").splitlines():
                line = line.removeprefix("$ ")
                for part in re.split(r"&&|\||;", re.sub(r"(^|\s)#.*", "", line)):
                    words = [word for word in shlex.split(part) if not re.fullmatch(r"[A-Z_]+=.*", word)]
                    if words:
                        found.append((f"{document.relative_to(ROOT)}: {line}", words))
    return found


def of(*first: str) -> list:
    """The commands that begin with these words, as parameters of a test."""
    return [
        pytest.param(words[len(first) :], id=where)
        for where, words in commands()
        if words[0].rpartition("/")[2] == first[0] and words[1 : len(first)] == list(first[1:])
    ]


def test_the_readme_shows_commands():
    assert of("make")
    assert of("enface")


@pytest.mark.parametrize("words", of("make"))
def test_make(words):
    targets = set(re.findall(r"^([\w-]+)\s*:(?!=)", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert {word for word in words if "=" not in word and not word.startswith("-")} <= targets


@pytest.mark.parametrize("words", of("enface"))
def test_enface(words):
    from enface.cli.app import app

    command = typer.main.get_command(app)
    path = list(words)
    while path and hasattr(command, "commands") and not path[0].startswith("-"):
        assert path[0] in command.commands, f"no command {path[0]}; there are {', '.join(command.commands)}"
        command = command.commands[path.pop(0)]
    check_options(command, path)


@pytest.mark.parametrize("words", of("python", "-m"))
def test_python(words):
    if not words[0].startswith("pipeline."):
        pytest.skip("not a stage")
    module = file_of(words[0])
    assert module.exists()
    main = __import__(words[0], fromlist=["main"]).main
    stage = typer.Typer(add_completion=False)
    stage.command()(main)
    check_options(typer.main.get_command(stage), words[1:])


def check_options(command: click.Command, words: list[str]) -> None:
    known = {name for parameter in command.params for name in [*parameter.opts, *parameter.secondary_opts]} | {"--help"}
    assert {word.partition("=")[0] for word in words if re.match(r"--?[a-z]", word)} <= known
