"""One run of the dashboard, opened by training and continued by the later stages.

A failure of tracking never fails a stage: it is a warning, once for each kind of failure, and the stage goes on. With
`enabled: false`, or where the store cannot be opened, a run has no id and does nothing. MLflow is imported late.
"""

import io
import logging
import re
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from enface.outputs import is_first_process
from enface.params import Section
from enface.tracking.buffer import MetricBuffer
from enface.tracking.store import new_run, open_store, project_root, reopened, tagged_run, tracking_uri

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from mlflow.entities import Metric
    from mlflow.tracking import MlflowClient
    from PIL.Image import Image
    from pytorch_lightning.loggers import Logger

    from enface.bundle import Bundle

logger = logging.getLogger(__name__)

MODEL_TAG = "enface.model_sha256"
_PER_BATCH = 100
_PARAM_CHARACTERS = 6_000
_SLOW_S = 3.0
_PAUSE_S = 60.0

Result = TypeVar("Result")


class TrackingSection(Section):
    """Where runs are recorded, and the names of the registered model."""

    enabled: bool
    uri: str  # "" is MLFLOW_TRACKING_URI, or mlflow.db in the project's root
    experiment: str
    run_name: str  # "" lets MLflow make one up
    model_name: str
    alias: str


class Run:
    """A run that is being written; leaving its `with` block ends it as finished, failed or killed."""

    def __init__(
        self, section: TrackingSection, uri: str, *, client: "MlflowClient | None", run_id: str | None
    ) -> None:
        self._section = section
        self.uri = uri
        self.run_id = run_id  # none for a run that does nothing
        self._client = client
        self._id = run_id or ""
        self._buffer = MetricBuffer(self._write_metrics)
        self._params: dict[str, str] = {}
        self._warned: set[tuple[str, str]] = set()
        self._paused_until_s = 0.0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None) -> None:
        status = "FINISHED" if kind is None else "FAILED" if issubclass(kind, Exception) else "KILLED"
        self._paused_until_s = 0.0
        self._buffer.flush()
        self._attempt("end the run", lambda client: client.set_terminated(self._id, status))

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Writes parameters, nested ones under dotted names.

        MLflow does not let a parameter change. Where a later try has another value, the first stays and the new one
        becomes the tag `changed.NAME`.
        """
        values = {name: str(value)[:_PARAM_CHARACTERS] for name, value in _flat(params).items()}
        self._attempt("log parameters", lambda client: self._write_params(client, values))

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Keeps `metrics` for the next batch, which is written every few seconds and when the run ends."""
        if self._client is not None:
            self._buffer.add({_name(name): float(value) for name, value in metrics.items()}, step or 0)

    def log_figure(self, figure: "Figure", name: str, step: int | None = None) -> None:
        """Stores a figure as the file `name`; with a `step` as one image of the series `name`, shown with a slider."""

        def write(client: "MlflowClient") -> None:
            if step is None:
                client.log_figure(self._id, figure, name)
            else:
                client.log_image(self._id, _image(figure), key=name, step=step)

        self._attempt("log a figure", write)

    def log_file(self, path: Path, folder: str = "") -> None:
        """Stores a file, or what a folder holds, in `folder` among the run's files."""
        store = "log_artifacts" if path.is_dir() else "log_artifact"
        self._attempt("log a file", lambda client: getattr(client, store)(self._id, str(path), folder or None))

    def log_text(self, text: str, name: str) -> None:
        """Stores a text as the file `name`."""
        self._attempt("log a text", lambda client: client.log_text(self._id, text, name))

    def set_tags(self, tags: Mapping[str, Any]) -> None:
        """Sets tags; unlike parameters they may change."""
        self._attempt("set tags", lambda client: self._write_tags(client, tags))

    def lightning_logger(self) -> "Logger | None":
        """A Lightning logger that writes into this run; none where the run does nothing."""
        if self._client is None:
            return None
        from enface.tracking.lightning import RunLogger

        return RunLogger(self)

    def register(self, bundle: "Bundle", *, model_code: Path) -> int | None:
        """Registers the bundle as a model that takes texts, and its graph beside it as one that takes tensors.

        Args:
            bundle: the opened bundle.
            model_code: the module that MLflow runs to load the former (serving/mlflow_model.py).

        Returns:
            The version of the former, which now has the section's alias; none where nothing was registered.
        """
        from enface.tracking.registry import Registration

        into = Registration(self.uri, self._id, self._section.model_name, self._section.alias)
        self._buffer.flush()
        return self._attempt("register the model", lambda client: into.register(client, bundle, model_code))

    def _attempt(self, what: str, call: "Callable[[MlflowClient], Result]") -> Result | None:
        """What `call` returns, or none and a warning.

        The broad `except` is the room's promise: what a store raises depends on the store (HTTP, SQL, S3, a full
        disk). After a slow failure, as of a server that is gone, nothing is tried for a minute.
        """
        start_s = time.monotonic()
        if self._client is None or start_s < self._paused_until_s:
            return None
        try:
            return call(self._client)
        except Exception as error:
            if time.monotonic() - start_s > _SLOW_S:
                self._paused_until_s = time.monotonic() + _PAUSE_S
            self._warn(what, error)
            return None

    def _warn(self, what: str, error: Exception) -> None:
        kind = (what, type(error).__name__)
        if kind not in self._warned:
            self._warned.add(kind)
            logger.warning("Tracking could not %s, and the stage goes on without: %s", what, _reason(error))

    def _write_metrics(self, metrics: list[tuple[str, float, int, int]]) -> bool:
        """Whether they need not be tried again; one that the store will never take is left out, not all beside it."""

        def write(client: "MlflowClient") -> bool:
            from mlflow.entities import Metric
            from mlflow.exceptions import MlflowException

            each = [Metric(*metric) for metric in metrics]
            try:
                client.log_batch(self._id, metrics=each)
            except MlflowException as error:
                if error.error_code != "INVALID_PARAMETER_VALUE":
                    raise
                for one in each:
                    self._attempt(f"log the metric {one.key!r}", partial(_log_metric, run_id=self._id, metric=one))
            return True

        return self._attempt("log metrics", write) or False

    def _write_params(self, client: "MlflowClient", values: dict[str, str]) -> None:
        from mlflow.entities import Param

        self._params = self._params or dict(client.get_run(self._id).data.params)
        new = [Param(name, value) for name, value in values.items() if name not in self._params]
        for start in range(0, len(new), _PER_BATCH):
            client.log_batch(self._id, params=new[start : start + _PER_BATCH])
        self._params |= {param.key: param.value for param in new}
        changed = {name: value for name, value in values.items() if self._params[name] != value}
        self._write_tags(client, {f"changed.{name}": value for name, value in changed.items()})

    def _write_tags(self, client: "MlflowClient", tags: Mapping[str, Any]) -> None:
        from mlflow.entities import RunTag

        pairs = [RunTag(_name(name), str(value)) for name, value in tags.items()]
        for start in range(0, len(pairs), _PER_BATCH):
            client.log_batch(self._id, tags=pairs[start : start + _PER_BATCH])


def start_run(section: TrackingSection, *, resume_id: str | None) -> Run:
    """A new run, or the run `resume_id` where training goes on and the store still has it.

    Of several training processes only the first has a run that does something.
    """
    return _open(section, lambda client, uri: reopened(client, resume_id) or _new(section, client, uri))


def continue_run(section: TrackingSection, *, model_sha256: str) -> Run:
    """The newest run whose tag `enface.model_sha256` names the model that a later stage works on, else a new one."""
    tag = (MODEL_TAG, model_sha256)

    def find(client: "MlflowClient", uri: str) -> str:
        tagged = tagged_run(client, uri, section.experiment, tag)
        return reopened(client, tagged) or _new(section, client, uri, tag)

    return _open(section, find)


def _new(section: TrackingSection, client: "MlflowClient", uri: str, tag: tuple[str, str] | None = None) -> str:
    return new_run(client, uri, section.experiment, name=section.run_name or None, tag=tag)


def _open(section: TrackingSection, find: "Callable[[MlflowClient, str], str]") -> Run:
    uri = tracking_uri(section.uri, project_root(Path.cwd()))
    nothing = Run(section, uri, client=None, run_id=None)
    if not (section.enabled and is_first_process()):
        return nothing
    try:
        client = open_store(uri)
        return Run(section, uri, client=client, run_id=find(client, uri))
    except Exception as error:  # as in Run._attempt
        logger.warning("Tracking is off for this stage, as %s cannot be opened: %s", _shown(uri), _reason(error))
        return nothing


def _log_metric(client: "MlflowClient", *, run_id: str, metric: "Metric") -> None:
    client.log_batch(run_id, metrics=[metric])


def _flat(params: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested mappings as one, with dotted names."""
    flat: dict[str, Any] = {}
    for name, value in params.items():
        flat |= _flat(value, f"{prefix}{name}.") if isinstance(value, Mapping) else {_name(f"{prefix}{name}"): value}
    return flat


def _name(name: str) -> str:
    """`name` with what MLflow takes in names; the rest becomes underscores."""
    return re.sub(r"[^\w/. -]", "_", name)


def _image(figure: "Figure") -> "Image":
    from PIL import Image

    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", bbox_inches="tight")
    return Image.open(buffer)


def _reason(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {_shown(lines[0])[:300]}" if lines else type(error).__name__


def _shown(text: str) -> str:
    """`text` without the user and password of any address in it."""
    return re.sub(r"//[^/@\s]*@", "//", text)
