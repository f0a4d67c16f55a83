"""The registered models: loaded again, they translate, in a process that has nothing but what they bring."""

import json
import subprocess
import sys
from pathlib import Path

import mlflow
import numpy as np
import pandas
import pytest

from enface import Translator
from enface.bundle import open_bundle
from enface.inference.options import TranslateOptions
from enface.tracking.run import start_run

MODEL_CODE = Path(__file__).parents[3] / "serving" / "mlflow_model.py"
TEXTS = ["A dog in the park.", "Two dogs, and a child."]

ALONE = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"torch", "pytorch_lightning", "dvc", "onnx", "matplotlib", "pipeline", "serving"}:
            raise ModuleNotFoundError(name)
sys.meta_path.insert(0, Blocker())
import importlib.metadata
installed = importlib.metadata.version
def version(name):
    if name == "enface":
        raise importlib.metadata.PackageNotFoundError(name)
    return installed(name)
importlib.metadata.version = version
import mlflow, pandas
model = mlflow.pyfunc.load_model(sys.argv[1])
print(model.predict(pandas.DataFrame({"text": ["A dog in the park."]}))["text"][0])
import enface
print(enface.__version__, enface.__file__)
"""


@pytest.fixture
def registered(section, toy_bundle, client):
    with start_run(section, resume_id=None) as run:
        versions = [run.register(open_bundle(toy_bundle), model_code=MODEL_CODE) for _ in range(2)]
    mlflow.set_tracking_uri(run.uri)
    return run, versions


def test_the_model_is_registered_and_translates(registered, client, toy_bundle, caplog):
    run, versions = registered
    assert versions == [1, 2]
    assert client.get_run(run.run_id).info.status == "FINISHED"
    for name in ("enface", "enface-graph"):
        found = client.get_model_version_by_alias(name, "champion")
        assert (found.version, found.run_id) == (2, run.run_id)

    model = mlflow.pyfunc.load_model("models:/enface@champion")
    answer = model.predict(pandas.DataFrame({"text": TEXTS}))
    expected = Translator(toy_bundle).translate(TEXTS)
    assert list(answer["text"]) == [translation.text for translation in expected]
    assert [json.loads(entry) for entry in answer["answer"]] == [translation.to_dict() for translation in expected]

    several = model.predict(pandas.DataFrame({"text": TEXTS}), params={"n_best": 2, "alignment": "none"})
    entry = json.loads(several["answer"][0])
    assert len(entry["alternatives"]) == 1
    assert "alignment" not in entry

    signature = model.metadata.signature
    assert signature.inputs.input_names() == ["text"]
    assert signature.outputs.input_names() == ["text", "answer"]
    assert {spec.name for spec in signature.params.params} == set(TranslateOptions.model_fields)
    assert model.metadata.metadata["model_sha256"] == "1" * 64
    assert model.input_example is not None
    assert caplog.text == ""


def test_the_graph_is_registered_with_the_signature_of_its_tensors(registered):
    info = mlflow.models.get_model_info("models:/enface-graph@champion")
    inputs = {spec.name: (spec.type, spec.shape) for spec in info.signature.inputs}
    assert inputs == {
        "source": (np.dtype("int64"), (-1, -1)),
        "prefix": (np.dtype("int64"), (-1, -1)),
        "beam_size": (np.dtype("int64"), ()),
        "max_length": (np.dtype("int64"), ()),
        "length_penalty": (np.dtype("float32"), ()),
    }
    assert info.signature.outputs.input_names() == [
        *("tokens", "scores", "lengths", "attention", "token_log_probabilities")
    ]
    graph = mlflow.onnx.load_model("models:/enface-graph@champion")
    assert [value.name for value in graph.graph.output] == info.signature.outputs.input_names()


def test_the_model_brings_its_code_along(registered, tmp_path):
    run, _ = registered
    script = [sys.executable, "-c", ALONE, "models:/enface@champion"]
    environment = {"PATH": "/usr/bin:/bin", "MLFLOW_TRACKING_URI": run.uri, "HOME": str(tmp_path)}
    done = subprocess.run(script, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    text, enface = done.stdout.splitlines()
    assert text == "A dog in the park."
    version, file = enface.split(" ")
    assert version == "0+copy"
    assert Path(file).is_relative_to(tmp_path / "mlartifacts")


def test_a_model_that_cannot_be_registered_is_a_warning(section, toy_bundle, tmp_path, caplog):
    with start_run(section, resume_id=None) as run:
        assert run.register(open_bundle(toy_bundle), model_code=tmp_path / "missing.py") is None
    assert caplog.messages[0].startswith("Tracking could not register the model, and the stage goes on without: ")
    assert "missing.py" in caplog.messages[0]
