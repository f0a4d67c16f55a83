"""The command `enface`: which commands there are, and how any of them ends.

A command is a function in a module of its own, and imports what is heavy when it runs: the help and shell completion
stay fast. Errors of ours end with their message and status 1; Ctrl-C and a reader that went away (`| head`) end without
a word; anything else is a bug and shows where.
"""

import os
import sys
from typing import Annotated, Any

import typer

from enface import __version__
from enface.cli import corpus, embeddings
from enface.cli.align import align
from enface.cli.compare import compare
from enface.cli.demo import demo
from enface.cli.explain import explain
from enface.cli.judge import judge
from enface.cli.preset import preset
from enface.cli.serve import serve
from enface.cli.translate import translate
from enface.errors import EnfaceError

_INTERRUPTED, _READER_GONE = 130, 141


class Edge(typer.core.TyperGroup):
    """The group of all commands, and the one place where their errors end."""

    def invoke(self, ctx: Any) -> Any:
        """Runs the command that was asked for."""
        try:
            return super().invoke(ctx)
        except EnfaceError as error:
            typer.echo(f"enface: {error}", err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt:
            raise typer.Exit(_INTERRUPTED) from None
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise typer.Exit(_READER_GONE) from None


app = typer.Typer(
    cls=Edge,
    name="enface",
    help="Translate with attention, and see where every word came from.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"enface {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Translate with attention, and see where every word came from."""


for command in (translate, align, explain, judge, serve, demo, compare, preset):
    app.command()(command)
app.add_typer(corpus.app, name="corpus")
app.add_typer(embeddings.app, name="embeddings")


def main() -> None:
    """Runs the command line."""
    app()
