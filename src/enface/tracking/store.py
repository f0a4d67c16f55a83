"""Where runs are kept: which store, its creation, its experiment, the runs in it.

How a run is written stands in run.py, and the registry of models in registry.py. MLflow is imported when a store is
opened.
"""

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mlflow.tracking import MlflowClient

DATABASE = "mlflow.db"
ARTIFACTS = "mlartifacts"
_SQLITE = "sqlite:///"

# Set before MLflow is imported, and only where the user did not. A server that does not answer costs seconds, not the
# quarter of an hour of MLflow's own retries.
_ENVIRONMENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_LOGGING_LEVEL": "WARNING",
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "30",
}


def project_root(folder: Path) -> Path:
    """`folder`, or the project that it is a passing copy of: DVC runs queued experiments under .dvc/tmp/exps."""
    for parent in (folder, *folder.parents):
        if parent.parts[-3:] == (".dvc", "tmp", "exps"):
            return parent.parents[2]
    return folder


def tracking_uri(uri: str, root: Path) -> str:
    """The store that `uri` names; "" is MLFLOW_TRACKING_URI, else mlflow.db in the project's root.

    A relative SQLite path is taken from the root, so that all stages and all experiments share one database.
    """
    uri = uri or os.environ.get("MLFLOW_TRACKING_URI", "") or f"{_SQLITE}{DATABASE}"
    database = _database(uri)
    return uri if database is None else f"{_SQLITE}{root / database}"


def open_store(uri: str) -> "MlflowClient":
    """A client of the store at `uri`, which is created where it is a SQLite file that does not exist yet."""
    for name, value in _ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    from mlflow.tracking import MlflowClient

    database = _database(uri)
    if database is not None and not database.exists():
        _create(database)
    return MlflowClient(tracking_uri=uri, registry_uri=uri)


def experiment_id(client: "MlflowClient", uri: str, name: str) -> str:
    """The id of the experiment `name`, made if need be; files of a local store go beside its database."""
    from mlflow.exceptions import MlflowException

    database = _database(uri)
    location = None if database is None else (database.parent / ARTIFACTS).as_uri()
    found = client.get_experiment_by_name(name)
    if found is None:
        try:
            return str(client.create_experiment(name, artifact_location=location))
        except MlflowException as error:
            found = client.get_experiment_by_name(name)
            if found is None:
                raise error
    return str(found.experiment_id)


def new_run(
    client: "MlflowClient", uri: str, experiment: str, *, name: str | None, tag: tuple[str, str] | None = None
) -> str:
    """The id of a new run, which knows user, commit, command and `tag`; MLflow makes up a name where there is none."""
    from mlflow.tracking.context.registry import resolve_tags

    tags = resolve_tags(dict([tag]) if tag else {})
    return str(client.create_run(experiment_id(client, uri, experiment), tags=tags, run_name=name).info.run_id)


def reopened(client: "MlflowClient", run_id: str | None) -> str | None:
    """`run_id` where that run is in the store, now running again; none where it is not, or was deleted."""
    from mlflow.exceptions import MlflowException

    if run_id is None:
        return None
    try:
        found = client.get_run(run_id)
    except MlflowException as error:
        if error.error_code != "RESOURCE_DOES_NOT_EXIST":
            raise
        return None
    if found.info.lifecycle_stage != "active":
        return None
    client.update_run(run_id, status="RUNNING")
    return run_id


def tagged_run(client: "MlflowClient", uri: str, experiment: str, tag: tuple[str, str]) -> str | None:
    """The id of the experiment's newest run with `tag`."""
    found = client.search_runs(
        [experiment_id(client, uri, experiment)],
        filter_string=f"tags.`{tag[0]}` = '{tag[1]}'",
        order_by=["attributes.start_time DESC"],
        max_results=1,
    )
    return found[0].info.run_id if found else None


def _database(uri: str) -> Path | None:
    """The file of a SQLite store; none for any other, and none for one with options or in memory."""
    path = uri.removeprefix(_SQLITE)
    return Path(path) if path not in ("", uri) and "?" not in path and path != ":memory:" else None


def _create(database: Path) -> None:
    """Makes the database under a temporary name and links it into place: of two processes at once, the first wins.

    MLflow itself migrates an empty file in place, where a second process finds half of the tables and fails.
    """
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    database.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=f".{database.name}.", dir=database.parent) as folder:
        draft = Path(folder) / database.name
        store = SqlAlchemyStore(f"{_SQLITE}{draft}", (database.parent / ARTIFACTS).as_uri())
        store.engine.dispose()
        _link(draft, database)


def _link(draft: Path, database: Path) -> None:
    try:
        os.link(draft, database)
    except OSError:  # the other process was first, or the file system has no hard links
        if not database.exists():
            draft.rename(database)
