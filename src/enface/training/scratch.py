"""The folder that a training works in: whose training it holds, what is needed to go on, and its end.

It is no output: it stands there from the first step until the output is written, and a training that goes on finds it.
"""

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from enface.errors import TrainingError
from enface.outputs import is_first_process, write_json

_BATCHING = ("batches.py", "bpe_dropout.py", "links.py", "planning.py", "resegmented.py")
_FINGERPRINT, _RUN, _BATCH = "fingerprint.json", "run.json", "batch.json"


def open_scratch(scratch: Path, fingerprint: Mapping[str, Any], *, wait_s: float = 60.0) -> str | None:
    """Makes `scratch` ready for the training that `fingerprint` describes; the id of its run if it was begun before.

    What another training left there is removed, and so is what other code began or what was begun in another place.
    The first process does it; the others wait until it is done.

    Raises:
        TrainingError: the first process did not do it in `wait_s` seconds.
    """
    place = {"code": _code_sha256(), "scratch": str(scratch.resolve())}
    wanted = json.loads(json.dumps({**fingerprint, **place}))
    if is_first_process() and _read(scratch / _FINGERPRINT) != wanted:
        close_scratch(scratch)
        write_json(scratch / _FINGERPRINT, wanted)
    _await(scratch, wanted, wait_s)
    run_id: str | None = _read(scratch / _RUN).get("run_id")
    return run_id


def remember_run(scratch: Path, run_id: str | None) -> None:
    """Keeps the id of the run that this training is recorded in, so that it is continued and not begun anew."""
    if run_id and is_first_process():
        write_json(scratch / _RUN, {"run_id": run_id})


def remember_batch_tokens(scratch: Path, batch_tokens: int) -> None:
    """Keeps the budget of a batch that was found for this training: another one would be another training."""
    write_json(scratch / _BATCH, {"batch_tokens": batch_tokens})


def remembered_batch_tokens(scratch: Path) -> int | None:
    """The budget that was found, if it was."""
    found: int | None = _read(scratch / _BATCH).get("batch_tokens")
    return found


def close_scratch(scratch: Path) -> None:
    """Removes the folder; the next training there begins anew, however far this came."""
    (scratch / _FINGERPRINT).unlink(missing_ok=True)  # first, so that what a kill leaves is no training to go on with
    shutil.rmtree(scratch, ignore_errors=True)


def resume_path(scratch: Path) -> Path:
    """Where the checkpoint stands that training goes on from."""
    return scratch / "resume.ckpt"


def checkpoint_folder(scratch: Path) -> Path:
    """Where the checkpoints stand that are averaged in the end."""
    return scratch / "checkpoints"


def _await(scratch: Path, wanted: Mapping[str, Any], wait_s: float) -> None:
    end = time.monotonic() + wait_s
    while _read(scratch / _FINGERPRINT) != wanted:
        if time.monotonic() >= end:
            raise TrainingError(
                f"{scratch}: the first training process did not make it ready in {wait_s:g} s; it has to be a folder "
                "that all processes share, with the same settings, corpus and code"
            )
        time.sleep(0.1)


def _read(path: Path) -> dict[str, Any]:
    """What a JSON file of ours holds, nothing if it is not there."""
    try:
        read: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return read


def _code_sha256() -> str:
    """Of the code that makes the weights what they are: with other code, a training does not go on but begins anew."""
    root = Path(__file__).parents[1]
    batching = [root / "data" / name for name in _BATCHING]
    files = [*sorted(root.glob("model/**/*.py")), *sorted(root.glob("training/*.py")), *batching]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
