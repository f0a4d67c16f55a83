import hashlib
import json

import pytest
import torch
from safetensors.torch import save_file

from enface.errors import ParamsError, TrainingError
from enface.model.folder import weights_sha256
from enface.model.weights import load_model, save_model
from tests.unit.model import tiny

KINDS = [{"score": "additive", "cell": "gru"}, {"score": "none", "cell": "lstm"}, {"network": "transformer"}]


@pytest.mark.parametrize("kind", KINDS, ids=str)
def test_what_is_saved_is_loaded_bit_by_bit(tmp_path, kind):
    section = tiny.section(**kind)
    model = tiny.model(**kind).train()
    save_model(tmp_path, model, section)
    loaded, same_section = load_model(tmp_path)
    assert same_section == section
    assert not loaded.training
    assert loaded.state_dict().keys() == model.state_dict().keys()
    assert all(torch.equal(values, model.state_dict()[name]) for name, values in loaded.state_dict().items())


def test_saving_again_gives_the_same_bytes_and_sum(tmp_path):
    sums = []
    for name in ("one", "other"):
        folder = tmp_path / name
        folder.mkdir()
        save_model(folder, tiny.model(), tiny.section())
        sums.append(weights_sha256(folder))
        assert sums[-1] == hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    assert sums[0] == sums[1]


@pytest.mark.parametrize("missing", ["model.json", "model.safetensors"])
def test_a_missing_model_is_an_error_that_says_what_to_run(tmp_path, missing):
    save_model(tmp_path, tiny.model(), tiny.section())
    (tmp_path / missing).unlink()
    with pytest.raises(TrainingError) as caught:
        load_model(tmp_path)
    assert str(caught.value) == f"{tmp_path / missing}: no trained model; run `dvc repro train`"


def test_a_model_of_other_settings_names_them(tmp_path):
    save_model(tmp_path, tiny.model(), tiny.section())
    path = tmp_path / "model.json"
    described = json.loads(path.read_text(encoding="utf-8"))
    described["model"]["recurrent"]["cell"] = "rnn"
    path.write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(ParamsError) as caught:
        load_model(tmp_path)
    assert str(caught.value) == f"{path}.recurrent.cell: got 'rnn', need one of 'gru' or 'lstm'"


def failure(folder) -> str:
    with pytest.raises(TrainingError) as caught:
        load_model(folder)
    return str(caught.value)


AGAIN = "run `dvc checkout --force` or `dvc repro -f train`"


@pytest.mark.parametrize(
    ("kept", "why"),
    [(0, "Error while deserializing header: header too small"), (4000, "Error while deserializing header: ")],
)
def test_weights_that_were_cut_off_are_an_error_of_theirs(tmp_path, kept, why):
    save_model(tmp_path, tiny.model(), tiny.section())
    path = tmp_path / "model.safetensors"
    path.write_bytes(path.read_bytes()[:kept])
    said = failure(tmp_path)
    assert said.startswith(f"{path}: not whole ({why}")
    assert said.endswith(f"; {AGAIN}")


def test_weights_of_another_network_are_refused(tmp_path):
    save_model(tmp_path, tiny.model(), tiny.section())
    path = tmp_path / "model.safetensors"
    size = tiny.model().output_bias.shape[0]
    save_file({**tiny.model().state_dict(), "output_bias": torch.zeros(3)}, path)
    assert failure(tmp_path) == (f"{path}: output_bias is (3,), but the network of model.json needs ({size},); {AGAIN}")
    save_file({**tiny.model().state_dict(), "more": torch.zeros(3)}, path)
    assert failure(tmp_path) == f"{path}: more is (3,), but the network of model.json needs nothing; {AGAIN}"


@pytest.mark.parametrize("text", ['{"model": {', "[]", '{"model": {}}'])
def test_a_description_that_is_broken_is_an_error_of_its_own(tmp_path, text):
    save_model(tmp_path, tiny.model(), tiny.section())
    path = tmp_path / "model.json"
    path.write_text(text, encoding="utf-8")
    assert failure(tmp_path) == f"{path}: does not say what the network is made of; {AGAIN}"
