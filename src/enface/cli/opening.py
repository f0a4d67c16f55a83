"""Which bundle a command uses, and how it is opened: options that several commands share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from enface.bundle import Precision
from enface.errors import BundleError

if TYPE_CHECKING:
    from enface.inference.judge import Judge
    from enface.inference.translator import Translator

PLACES = (Path("artifacts/package/bundle"), Path("artifacts/export"))
"""Where the pipeline leaves a bundle, the better place first."""

BundleOption = Annotated[
    Path | None,
    typer.Option("--bundle", help=f"The bundle's folder; by default {PLACES[0]}, or else {PLACES[1]}.", metavar="PATH"),
]
PrecisionOption = Annotated[Precision, typer.Option(help="float32, or int8: the smaller graph.")]
DeviceOption = Annotated[str, typer.Option(help="cpu, cuda, or cuda:1 for another GPU than the first.")]
ThreadsOption = Annotated[int, typer.Option(min=0, help="Threads to compute with; 0: as many as there are cores.")]


def find_bundle(asked: Path | None) -> Path:
    """The folder asked for, or else the one that the pipeline made here.

    Raises:
        BundleError: nothing was asked for and the pipeline made none.
    """
    if asked is not None:
        return asked
    for place in PLACES:
        if place.is_dir():
            return place
    places = " nor ".join(map(str, PLACES))
    raise BundleError(
        f"no bundle here: neither {places} in {Path.cwd()}; make one with `make run` or `dvc repro`, "
        "or name another with --bundle"
    )


def open_translator(bundle: Path | None, *, precision: Precision, device: str, threads: int) -> "Translator":
    """The translator of that bundle, with what it needs imported only now."""
    found = find_bundle(bundle)
    from enface.inference.translator import Translator

    return Translator(found, precision=precision, device=device, threads=threads)


def open_judge(folder: Path, *, device: str, threads: int) -> "Judge":
    """The judge in that folder, with what it needs imported only now."""
    from enface.inference.judge import Judge

    return Judge(folder, device=device, threads=threads)
