"""Fixtures of the gateway's tests: a gateway around the toy translator, clients, and an engine that is held."""

import httpx
import pytest

from serving.gateway import connection
from serving.gateway.inprocess import InProcessEngine
from serving.gateway.metrics import Metrics
from tests.serving.gateway.served import HeldEngine, served


@pytest.fixture(scope="session", autouse=True)
def no_lingering():
    """Half a second for each gateway that is stopped would be most of these tests' time."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(connection, "LINGER_S", 0.05)
        yield


@pytest.fixture(scope="module")
def gateway(translator):
    """One gateway with its translator inside, without keys, for all tests of a module that leave it as it was."""
    metrics = Metrics()
    with served(InProcessEngine(translator, metrics), metrics=metrics) as running:
        yield running


@pytest.fixture
def client(gateway):
    with httpx.Client(base_url=gateway.address, trust_env=False, timeout=20) as client:
        yield client


@pytest.fixture
def held(manifest):
    """An engine that answers when the test lets it; whatever the test leaves waiting, is let go at the end."""
    engine = HeldEngine(manifest)
    yield engine
    engine.go.set()
