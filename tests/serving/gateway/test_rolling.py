"""An engine replaced by another while requests are answered, with engines that answer when the test lets them."""

import contextlib
import logging
from types import SimpleNamespace

import httpx
import pytest

from enface.errors import BundleError, ServingError
from serving.bodies import to_json
from serving.gateway.rolling import RollingEngine
from tests.serving.gateway.served import HeldEngine, served, wait_until


class Versions:
    """Engines in a row, of version 1, 2 and so on; who is open, and what was said."""

    def __init__(self, manifest):
        self.engines, self.open, self.said = [], [], []
        self.broken, self.are_warm = None, True
        self._manifest = manifest

    @contextlib.contextmanager
    def opener(self):
        if self.broken:
            raise self.broken
        version = str(len(self.engines) + 1)
        engine = HeldEngine(
            self._manifest.model_copy(update={"version": version}), reply=(200, to_json({"version": version}))
        )
        engine.is_warm = self.are_warm
        engine.go.set()
        self.engines.append(engine)
        self.open.append(version)
        yield engine
        self.open.remove(version)


@pytest.fixture
def versions(manifest):
    return Versions(manifest)


@pytest.fixture
def gateway(versions):
    with RollingEngine(versions.opener, versions.said.append) as engine, served(engine) as running:
        yield running
        for each in versions.engines:
            each.go.set()
    assert versions.open == []


def version_of(gateway):
    return httpx.post(f"{gateway.address}/v1/translate", json={"text": "a"}, trust_env=False).json()["version"]


def everything(connection):
    """What arrives until the whole answer is there."""
    content = b""
    while not content.endswith(b"}"):
        content += connection.recv(65536)
    return content


def test_what_began_is_answered_by_the_engine_that_it_began_with(gateway, versions):
    assert version_of(gateway) == "1"
    versions.engines[0].go.clear()
    early = gateway.asking()
    wait_until(lambda: versions.engines[0].asked == 2)
    gateway.engine.roll()
    wait_until(lambda: versions.said == ["Version 2 answers now, in place of 1."])
    assert version_of(gateway) == "2"
    models = httpx.get(f"{gateway.address}/v1/models", trust_env=False).json()["models"]
    assert [model["version"] for model in models] == ["2"]
    assert versions.open == ["1", "2"]
    versions.engines[0].go.set()
    assert everything(early).endswith(b'{"version":"1"}')
    wait_until(lambda: versions.open == ["2"])


@pytest.mark.parametrize(
    ("broken", "told"),
    [(BundleError("bundle: no such bundle"), "bundle: no such bundle"), (MemoryError("secret"), "MemoryError")],
)
def test_one_that_cannot_be_opened_changes_nothing(gateway, versions, caplog, broken, told):
    versions.broken = broken
    gateway.engine.roll()
    wait_until(lambda: f"The new bundle is not served: {told}\nVersion 1 goes on." in caplog.text)
    assert version_of(gateway) == "1"
    versions.broken = None
    gateway.engine.roll()
    wait_until(lambda: versions.open == ["2"])
    assert version_of(gateway) == "2"


def test_one_that_never_gets_warm_is_ended_and_changes_nothing(gateway, versions, caplog):
    versions.are_warm = False
    gateway.engine.roll()
    wait_until(lambda: versions.open == ["1", "2"])
    versions.engines[1].failure = ServingError("no worker")
    wait_until(lambda: "The new bundle is not served: no worker" in caplog.text)
    wait_until(lambda: versions.open == ["1"])
    assert version_of(gateway) == "1"


def test_one_that_is_being_warmed_up_is_ended_with_the_server(gateway, versions, caplog):
    versions.are_warm = False
    gateway.engine.roll()
    wait_until(lambda: versions.open == ["1", "2"])
    gateway.stop()
    wait_until(lambda: versions.open == ["1"])
    assert "The new bundle is not served: the server is stopped" in caplog.text


def test_asked_twice_it_rolls_twice(gateway, versions):
    versions.are_warm = False
    gateway.engine.roll()
    wait_until(lambda: versions.open == ["1", "2"])
    gateway.engine.roll()
    versions.engines[1].is_warm = versions.are_warm = True
    wait_until(lambda: versions.open == ["3"])


def test_before_its_start_nothing_is_rolled(versions, caplog):
    with caplog.at_level(logging.DEBUG), RollingEngine(versions.opener, versions.said.append) as engine:
        engine.roll()
        assert versions.open == ["1"]
    assert (versions.open, versions.said) == ([], [])


def test_it_is_what_its_engine_is(versions):
    with RollingEngine(versions.opener, versions.said.append) as engine:
        engine._now.engine = SimpleNamespace(manifest="manifest", is_warm=False, failure="failure")
        assert (engine.manifest, engine.is_warm, engine.failure) == ("manifest", False, "failure")
