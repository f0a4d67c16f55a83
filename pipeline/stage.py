"""The edge that every stage runs through: options in, exit code out.

Here stand the one broad `except` of the stages, their logging and what a signal does to them. What a stage does stands
in its own module; none of it belongs here.
"""

import ctypes
import functools
import logging
import os
import signal
import sys
import warnings
from collections.abc import Callable
from types import FrameType

import typer

from enface.errors import EnfaceError
from enface.outputs import is_first_process

logger = logging.getLogger(__name__)

_PR_SET_PDEATHSIG = 1


class Terminated(KeyboardInterrupt):
    """SIGTERM, raised where the stage stood, so that temporary outputs are cleaned up on the way out."""


def run_stage(main: Callable[..., None]) -> None:
    """Runs `main` with its options from the command line and ends the process: never returns.

    Exit codes: 0 done; 1 an error of the user's or a bug (the message alone, or a traceback); 2 wrong options;
    130 and 143 interrupted and terminated.
    """
    _end_with_parent()
    signal.signal(signal.SIGTERM, _terminate)
    _configure_logging()
    stage = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    stage.command()(_guarded(main))
    stage()


def _guarded(main: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(main)
    def guarded(*arguments: object, **options: object) -> None:
        try:
            main(*arguments, **options)
        except (typer.Exit, typer.Abort):
            raise
        except EnfaceError as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
        except KeyboardInterrupt as interrupt:
            terminated = isinstance(interrupt, Terminated)
            typer.echo(f"{'Terminated' if terminated else 'Interrupted'}: the stage is not done.", err=True)
            raise typer.Exit(143 if terminated else 130) from None
        except Exception:
            logger.exception("The stage failed on a bug of ours; this traceback belongs in the report of it:")
            raise typer.Exit(1) from None

    return guarded


def _terminate(number: int, frame: FrameType | None) -> None:
    """Ends the stage by an exception; a second SIGTERM does not disturb the cleaning up of the first."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    raise Terminated


def _end_with_parent() -> None:
    """Has Linux send SIGTERM when the process that started this one dies, so that a killed `dvc` leaves no orphan.

    Only where a parent waits for the stage, that is DVC or the first of several training processes: a stage started
    by hand outlives its shell. A parent that died before this line shows in that the new one has another session;
    torchrun gives its processes sessions of their own, and looks after them itself.
    """
    if sys.platform != "linux" or not {"DVC_STAGE", "LOCAL_RANK"} & os.environ.keys():
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if "TORCHELASTIC_RUN_ID" not in os.environ and os.getsid(os.getppid()) != os.getsid(0):
        sys.exit(143)


def _configure_logging() -> None:
    """Our progress to stderr, a line each; of other libraries and of training processes but the first, warnings."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(asctime)s %(message)s", datefmt="%H:%M:%S")
    for name in ("enface", "pipeline", "__main__"):
        logging.getLogger(name).setLevel(logging.INFO if is_first_process() else logging.WARNING)
    logging.captureWarnings(True)
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
        warnings.filterwarnings("default", module=r"(enface|pipeline)\b")
