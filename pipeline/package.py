"""The package stage: an evaluated bundle in, what is served and registered out.

    python -m pipeline.package --bundle artifacts/export --evaluation artifacts/evaluate --out artifacts/package

    bundle/         the bundle, with the commit and the tracked run that it came from
    store/          the archive that TorchServe loads
    metrics.json    the scores of the evaluation, so that no package lies about without any

The bundle is also registered with MLflow, under the alias of params.yaml, and only once the folder stands.
"""

import logging
import shutil
import subprocess
from pathlib import Path
from typing import Annotated

import typer

from enface.bundle import open_bundle, with_lineage
from enface.errors import DataError
from enface.outputs import whole_folder
from enface.params import load_section
from enface.tracking.run import TrackingSection, continue_run
from pipeline.stage import run_stage
from serving.store import HERE, make_store

METRICS = "metrics.json"

logger = logging.getLogger(__name__)


def main(
    bundle: Annotated[Path, typer.Option(help="The bundle, as the export stage wrote it.")],
    evaluation: Annotated[Path, typer.Option(help="Its evaluation.")],
    out: Annotated[Path, typer.Option(help="The folder to write.")],
    params: Annotated[Path, typer.Option(help="The settings.")] = Path("params.yaml"),
) -> None:
    """Write down where the bundle came from, archive it for TorchServe and register it."""
    tracking = load_section(params, "tracking", TrackingSection)
    lineage = open_bundle(bundle).manifest.lineage
    metrics = evaluation / METRICS
    if not metrics.is_file():
        raise DataError(f"{metrics}: missing, and only what was evaluated is packaged; run: dvc repro evaluate")
    with continue_run(tracking, model_sha256=lineage.model_sha256) as run:
        with whole_folder(out) as draft:
            manifest = with_lineage(bundle, draft / "bundle", commit=_commit(), run_id=run.run_id)
            make_store(draft / "bundle", draft / "store")
            shutil.copyfile(metrics, draft / METRICS)
        version = run.register(open_bundle(out / "bundle"), model_code=HERE / "mlflow_model.py")
    registered = "" if version is None else f", registered as {tracking.model_name}@{tracking.alias}, version {version}"
    logger.info("packaged %s %s%s", manifest.name, manifest.version, registered)


def _commit() -> str | None:
    """The commit that is checked out; none outside of Git, as in an unpacked archive."""
    try:
        result = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return result.stdout.strip()


if __name__ == "__main__":
    run_stage(main)
