"""Fixtures that several rooms' tests share.

`toy_bundle` is the path of a complete bundle whose graph copies its input: the translation of a text is the text
itself, word i aligned to word i (see tests/toy.py for every detail). It is made once per test session; do not write
into it, copy it first. `toy_judge` is likewise a judge's folder, whose judge counts (tests/toy_judge.py).
"""

import signal
from pathlib import Path

import pytest

# A shell starts what it puts in the background with SIGINT ignored, and children would inherit that from us.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def toy_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.toy import write_toy_bundle

    folder = tmp_path_factory.mktemp("toy")
    return write_toy_bundle(folder / "bundle", folder)


@pytest.fixture(scope="session")
def toy_judge(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from tests.toy_judge import write_toy_judge

    return write_toy_judge(tmp_path_factory.mktemp("toy") / "judge")
