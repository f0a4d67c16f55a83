"""One thread and one seed; and the graphs of tiny models, made once, by two processes side by side."""

import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

import onnxruntime
import pytest
import torch

from enface.decoding.translate import BeamTranslator
from enface.model.weights import load_model
from tests.unit.export.made import KINDS, translator_of


class Made(NamedTuple):
    folder: Path
    translator: BeamTranslator
    session: onnxruntime.InferenceSession


@pytest.fixture(autouse=True)
def seeded():
    torch.set_num_threads(1)
    torch.manual_seed(1)


class Process(NamedTuple):
    popen: subprocess.Popen
    log: Path  # what it printed


@pytest.fixture(scope="session")
def making(tmp_path_factory):
    """Where the models and graphs come to be, one after another, and the processes that make them."""
    folder, kinds = tmp_path_factory.mktemp("export"), list(KINDS)
    processes = [start(folder, kinds[0::2]), start(folder, kinds[1::2])]
    yield folder, processes
    for process in processes:
        process.popen.kill()
        process.popen.wait()


def start(folder, kinds):
    log = folder / f"{kinds[0]}.log"
    command = [sys.executable, "-m", "tests.unit.export.made", str(folder), *kinds]
    with log.open("w") as file:
        return Process(subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT), log)


@pytest.fixture(scope="session", params=KINDS)
def made(request, making):
    folder, processes = making[0] / request.param, making[1]
    while not folder.exists() and not any(process.popen.poll() for process in processes):
        time.sleep(0.1)
    assert folder.exists(), [process.log.read_text() for process in processes]
    model, _ = load_model(folder)
    return Made(folder, translator_of(model, request.param), open_graph(folder / "graph.onnx"))


def open_graph(path):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
