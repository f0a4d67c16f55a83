"""The largest batch is found by trying, once, and never where nobody could find it."""

import pytest
import torch

from enface.data.batches import TrainingBatches
from enface.errors import ParamsError
from enface.training import largest_batch
from enface.training.largest_batch import find_batch_tokens, largest
from enface.training.task import TranslationTask
from tests.unit.training.made import model, section


@pytest.mark.parametrize("bound", [1_000, 1_024, 1_500, 5_000, 64_000])
@pytest.mark.parametrize("most", [1_024, 3_000, 1_000_000])
def test_what_is_found_fits_and_an_eighth_more_does_not(bound, most):
    tried = []

    def fits(tokens):
        tried.append(tokens)
        return tokens <= bound

    found = largest(fits, first=1_000, most=most)
    assert found <= min(bound, most)
    assert found * 9 / 8 + 1 > min(bound, most)
    assert len(tried) <= 14
    assert max(tried, default=0) <= most


@pytest.fixture
def small_memory(monkeypatch):
    """A machine whose memory holds 1,300 tokens, the CPU taken for its GPU; what was tried."""
    tried = []
    step = largest_batch._Trial._step

    def bounded(trial, tokens):
        tried.append(tokens)
        if tokens > 1_300:
            raise torch.OutOfMemoryError
        step(trial, tokens)

    monkeypatch.setattr(largest_batch._Trial, "_step", bounded)
    monkeypatch.setattr(largest_batch, "_refuse", lambda section: None)
    monkeypatch.setattr(largest_batch, "_STEPS_OF_EPOCH", 0.1)
    return tried


@pytest.mark.parametrize("settings", [{}, {"r_drop_weight": 5.0, "precision": "bf16-mixed"}])
def test_it_is_found_once_and_leaves_the_model_as_it_was(prepared, small_memory, tmp_path, settings):
    task = TranslationTask(model(prepared), section(batch_tokens="auto", **settings))
    before = {name: tensor.clone() for name, tensor in task.state_dict().items()}
    found = find_batch_tokens(task, prepared.split("train"), tmp_path)
    assert 0.9 * 1_300 * 8 / 9 - 2 < found <= 0.9 * 1_300
    assert all(torch.equal(tensor, before[name]) for name, tensor in task.state_dict().items())
    assert all(parameter.grad is None for parameter in task.parameters())
    small_memory.clear()
    assert find_batch_tokens(task, prepared.split("train"), tmp_path) == found
    assert small_memory == []


def test_a_number_is_taken_as_it_is(prepared, tmp_path):
    task = TranslationTask(model(prepared), section(batch_tokens=77))
    assert find_batch_tokens(task, prepared.split("train"), tmp_path) == 77


def test_it_is_refused_on_a_cpu(prepared, tmp_path):
    task = TranslationTask(model(prepared), section(batch_tokens="auto"))
    with pytest.raises(ParamsError) as error:
        find_batch_tokens(task, prepared.split("train"), tmp_path)
    assert str(error.value) == (
        "params.yaml train.batch_tokens: got auto, which asks what a GPU's memory holds, but training is on the CPU; "
        "need a number, such as 2048"
    )


@pytest.mark.parametrize(("nodes", "environment"), [(2, {}), (1, {"TORCHELASTIC_RUN_ID": "1"})])
def test_it_is_refused_where_no_process_comes_before_the_others(prepared, monkeypatch, tmp_path, nodes, environment):
    monkeypatch.setattr(largest_batch, "on_gpu", lambda section: True)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    task = TranslationTask(model(prepared), section(batch_tokens="auto", num_nodes=nodes))
    with pytest.raises(ParamsError) as error:
        find_batch_tokens(task, prepared.split("train"), tmp_path)
    assert str(error.value) == (
        "params.yaml train.batch_tokens: got auto, which one process finds before it starts the others, but they were "
        "started already; need a number: that which a training on one machine tells of"
    )


def test_an_epoch_of_several_devices_keeps_its_steps(prepared, monkeypatch, tmp_path):
    monkeypatch.setattr(largest_batch, "_refuse", lambda section: None)
    monkeypatch.setattr(largest_batch, "_FIRST", 1)
    monkeypatch.setattr(largest_batch, "_STEPS_OF_EPOCH", 4)
    monkeypatch.setattr(largest_batch._Trial, "fits", lambda trial, tokens: True)
    training = prepared.split("train")
    for devices in (1, 4):
        task = TranslationTask(model(prepared), section(batch_tokens="auto", devices=devices))
        found = find_batch_tokens(task, training, tmp_path / str(devices))
        batches = TrainingBatches(training, batch_tokens=found, seed=1, parts=devices)
        assert 4 <= len(batches) < 9
