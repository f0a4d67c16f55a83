"""Fixtures of all of serving's tests: the toy bundle's translator and manifest."""

import pytest

from enface.bundle import open_bundle
from enface.inference.translator import Translator


@pytest.fixture(scope="session")
def translator(toy_bundle):
    return Translator(toy_bundle, threads=1)


@pytest.fixture(scope="session")
def manifest(toy_bundle):
    return open_bundle(toy_bundle).manifest
