import hashlib
import json

import pytest
import torch

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
