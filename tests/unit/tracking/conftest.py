"""A store for each test: a copy of one empty database, whose creation takes a second or two."""

import shutil
from pathlib import Path

import pytest

from enface.tracking.run import TrackingSection
from enface.tracking.store import open_store


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory):
    database = tmp_path_factory.mktemp("store") / "mlflow.db"
    open_store(f"sqlite:///{database}")
    return database


@pytest.fixture(autouse=True)
def no_settings_from_outside(monkeypatch, tmp_path):
    for name in ("MLFLOW_TRACKING_URI", "RANK", "LOCAL_RANK", "NODE_RANK", "SLURM_PROCID"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def section(empty_database: Path, tmp_path: Path) -> TrackingSection:
    shutil.copy(empty_database, tmp_path / "mlflow.db")
    return TrackingSection(
        enabled=True, uri="", experiment="enface", run_name="", model_name="enface", alias="champion"
    )


@pytest.fixture
def client(section, tmp_path):
    return open_store(f"sqlite:///{tmp_path / 'mlflow.db'}")
