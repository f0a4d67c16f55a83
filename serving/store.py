"""The model store: a bundle and the handler in the one archive that TorchServe loads.

Archives repeat byte for byte. torch-model-archiver writes the hour into them, so its archive is written anew here with
fixed times, stored rather than compressed (a graph hardly shrinks, and TorchServe unpacks it at every start).
"""

import json
import os
import subprocess
import sys
import tempfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

import yaml

from enface.bundle import MANIFEST, Precision, open_bundle
from enface.errors import ServingError
from enface.outputs import whole_file

MODEL_NAME = "enface"
ARCHIVE_NAME = f"{MODEL_NAME}.mar"
HERE = Path(__file__).parent

_EPOCH = (1980, 1, 1, 0, 0, 0)
_ARCHIVE_MANIFEST = "MAR-INF/MANIFEST.json"


@dataclass(frozen=True)
class WorkerSettings:
    """How many worker processes answer, and with what each of them computes.

    Attributes:
        count: worker processes, each with the whole model in memory.
        threads: threads of each worker; 0: as many as there are cores.
        precision: "float32" or "int8"; int8 needs a bundle that has that graph.
        device: "cpu", "cuda" or "cuda:1".
        together: the most requests that are answered by one call. Where the gateway gathers them, TorchServe has 1: it
            would hold each back for a millisecond, to see whether another comes.
    """

    count: int = 1
    threads: int = 0
    precision: Precision = "float32"
    device: str = "cpu"
    together: int = 8


ONE_WORKER = WorkerSettings()


def make_store(bundle: Path, out: Path, workers: WorkerSettings = ONE_WORKER) -> Path:
    """The path of the archive that was made of `bundle` in the folder `out`; equal inputs give equal bytes.

    Raises:
        BundleError: the bundle is missing, altered, of an unknown format, or has no graph of the precision asked for.
        ServingError: the archiver failed; its own words follow.
    """
    opened = open_bundle(bundle)
    opened.graph(workers.precision)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="enface-archive-") as scratch:
        files = [Path(scratch) / name for name in (MANIFEST, *opened.manifest.files)]
        for file in files:
            file.symlink_to(bundle.resolve() / file.name)  # the archiver parts its list by commas, as paths may have
        settings = Path(scratch) / "model-config.yaml"
        settings.write_text(_model_settings(workers), encoding="utf-8")
        made = _archive(files, settings, version=opened.manifest.version, scratch=Path(scratch))
        with whole_file(out / ARCHIVE_NAME) as draft:
            _copy_repeatable(made, draft)
    return out / ARCHIVE_NAME


def _model_settings(workers: WorkerSettings) -> str:
    settings = yaml.safe_load((HERE / "model-config.yaml").read_text(encoding="utf-8"))
    settings |= {"minWorkers": workers.count, "maxWorkers": workers.count, "batchSize": workers.together}
    settings["handler"] |= {"threads": workers.threads, "precision": workers.precision, "device": workers.device}
    return yaml.safe_dump(settings, sort_keys=True)


def _archive(files: list[Path], settings: Path, *, version: str, scratch: Path) -> Path:
    """What torch-model-archiver makes; a process of its own, since it empties TMPDIR/enface without asking."""
    code = "from model_archiver.model_packaging import generate_model_archive as run; run()"
    options = {
        "--model-name": MODEL_NAME,
        "--version": version,
        "--handler": HERE / "handler.py",
        "--config-file": settings,
        "--extra-files": ",".join(map(str, files)),
        "--export-path": scratch,
        "--archive-format": "zip-store",
    }
    command = [sys.executable, "-c", code, *(str(word) for option in options.items() for word in option)]
    environment = os.environ | {"TMPDIR": str(scratch)}
    result = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if result.returncode:
        raise ServingError(f"torch-model-archiver failed:\n{result.stderr.strip()}")
    return scratch / ARCHIVE_NAME


def _copy_repeatable(made: Path, out: Path) -> None:
    """Copies an archive in the order of its names, without anything that tells when it was made."""
    with zipfile.ZipFile(made) as source, zipfile.ZipFile(out, "w") as target:
        for name in sorted(source.namelist()):
            content = source.read(name)
            if name == _ARCHIVE_MANIFEST:
                manifest = json.loads(content) | {"createdOn": "01/01/1980 00:00:00"}
                content = json.dumps(manifest, indent=2, sort_keys=True).encode()
            target.writestr(zipfile.ZipInfo(name, date_time=_EPOCH), content)
