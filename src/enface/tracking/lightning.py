"""Lightning's view of a run: its metrics go into the run that is open, in batches, and never fail a step.

Lightning's own MLFlowLogger is not used: it writes to the store at every step, raises where that fails, and ends the
run when the fit ends, which is before the stage does.
"""

from collections.abc import Mapping
from typing import Any, Protocol

from pytorch_lightning.loggers import Logger
from pytorch_lightning.utilities import rank_zero_only


class OpenRun(Protocol):
    """What the logger needs of a run."""

    run_id: str | None

    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Keeps metrics for the next batch."""

    def log_params(self, params: Mapping[str, Any]) -> None:
        """Writes parameters."""


class RunLogger(Logger):
    """A Lightning logger over an open run; ending the run stays with who opened it."""

    def __init__(self, run: OpenRun) -> None:
        super().__init__()
        self._run = run

    @property
    def name(self) -> str:
        """The logger's name, of which Lightning makes folder names."""
        return "mlflow"

    @property
    def version(self) -> str | None:
        """The run's id."""
        return self._run.run_id

    @rank_zero_only
    def log_metrics(self, metrics: Mapping[str, float], step: int | None = None) -> None:
        """Hands `metrics` to the run."""
        self._run.log_metrics(metrics, step)

    @rank_zero_only
    def log_hyperparams(self, params: Any, *args: Any, **kwargs: Any) -> None:
        """Writes `params`, a mapping or a namespace, as the run's parameters."""
        self._run.log_params(params if isinstance(params, Mapping) else vars(params))
