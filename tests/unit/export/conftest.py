"""One thread and one seed; and the graphs of two tiny models, made once."""

import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import onnxruntime
import pytest
import torch

from enface.decoding.translate import BeamTranslator
from enface.model.weights import load_model
from tests.unit.export.made import KINDS, SPECIAL


class Made(NamedTuple):
    folder: Path
    translator: BeamTranslator
    session: onnxruntime.InferenceSession


@pytest.fixture(autouse=True)
def seeded():
    torch.set_num_threads(1)
    torch.manual_seed(1)


@pytest.fixture(scope="session")
def making(tmp_path_factory):
    """Where the models and graphs are, and what was printed while they were made."""
    folder = tmp_path_factory.mktemp("export")
    command = [sys.executable, "-m", "tests.unit.export.made", str(folder)]
    return folder, subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture(scope="session", params=KINDS)
def made(request, making):
    folder, ended = making
    assert ended.returncode == 0, ended.stderr
    folder = folder / request.param
    return Made(folder, BeamTranslator(load_model(folder)[0], SPECIAL), open_graph(folder / "graph.onnx"))


def open_graph(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
