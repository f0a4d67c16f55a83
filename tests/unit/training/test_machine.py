import os
import subprocess
import sys

import pytest
import torch

from enface.errors import TrainingError
from enface.training import machine
from enface.training.machine import on_gpu, precision_of, prepare_machine
from tests.unit.training.made import section


def has_gpus(monkeypatch, count, *, bfloat16=True):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: count > 0)
    monkeypatch.setattr(torch.cuda, "device_count", lambda: count)
    monkeypatch.setattr(torch.cuda, "is_bf16_supported", lambda including_emulation: bfloat16 or including_emulation)


@pytest.mark.parametrize(
    ("accelerator", "gpus", "expected"), [("auto", 0, False), ("auto", 1, True), ("cpu", 1, False), ("gpu", 1, True)]
)
def test_auto_takes_gpus_where_there_are_any(monkeypatch, accelerator, gpus, expected):
    has_gpus(monkeypatch, gpus)
    assert on_gpu(section(accelerator=accelerator)) is expected


@pytest.mark.parametrize("asked", ["32-true", "bf16-mixed"])
def test_a_precision_asked_for_is_taken(asked):
    assert precision_of(section(precision=asked)) == asked


@pytest.mark.parametrize(("capable", "expected"), [(True, "bf16-mixed"), (False, "32-true")])
def test_auto_is_bfloat16_where_the_gpu_has_it(monkeypatch, capable, expected):
    has_gpus(monkeypatch, 1, bfloat16=capable)
    assert precision_of(section(precision="auto", accelerator="gpu")) == expected


@pytest.mark.parametrize(
    ("capabilities", "expected"),
    [({"avx512_bf16": True}, "bf16-mixed"), ({"amx_bf16": True}, "bf16-mixed"), ({"avx2": True}, "32-true")],
)
def test_auto_is_bfloat16_where_the_processor_has_it(monkeypatch, capabilities, expected):
    monkeypatch.setattr(torch.cpu, "get_capabilities", lambda: capabilities)
    assert precision_of(section(precision="auto", accelerator="cpu")) == expected


def test_the_cores_are_shared_among_the_devices(monkeypatch):
    set_to = []
    monkeypatch.delenv("OMP_NUM_THREADS")
    monkeypatch.setattr(torch, "set_num_threads", set_to.append)
    monkeypatch.setattr(machine, "_cores", lambda: 6)
    for devices in (1, 2, 8):
        prepare_machine(section(devices=devices))
    assert set_to == [6, 3, 1]


def test_the_threads_that_the_user_set_stay(monkeypatch):
    assert os.environ["OMP_NUM_THREADS"] == "1"
    monkeypatch.setattr(torch, "set_num_threads", lambda _: pytest.fail("set"))
    prepare_machine(section())


PRODUCTS_OF_MANY_SIZES_TWICE = """
import torch
from enface.training.machine import keep_freed_memory
keep_freed_memory()
for rows in [*range(101, 1201), *range(101, 1201)]:
    torch.ones(rows, 8, dtype=torch.bfloat16) @ torch.ones(8, 8, dtype=torch.bfloat16)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="training changes the allocator on Linux alone")
@pytest.mark.parametrize(("wish", "kept"), [({}, 1100), ({"ONEDNN_PRIMITIVE_CACHE_CAPACITY": "64"}, 0)])
def test_products_prepared_for_former_batches_are_kept_unless_the_user_wants_fewer(monkeypatch, wish, kept):
    monkeypatch.delenv("ONEDNN_PRIMITIVE_CACHE_CAPACITY", raising=False)  # which training in this process may have set
    command, watched = [sys.executable, "-c", PRODUCTS_OF_MANY_SIZES_TWICE], {"ONEDNN_VERBOSE": "profile_create"}
    told = subprocess.run(command, env=os.environ | watched | wish, capture_output=True, text=True, check=True).stdout
    if "create:cache_miss" not in told:
        pytest.skip("oneDNN has no part in the products of this processor")
    assert told.count("create:cache_hit") == pytest.approx(kept, abs=20)


def test_gpus_that_are_not_there_are_refused(monkeypatch):
    has_gpus(monkeypatch, 1)
    prepare_machine(section(accelerator="gpu", devices=1))
    with pytest.raises(TrainingError) as error:
        prepare_machine(section(accelerator="gpu", devices=2))
    assert str(error.value) == (
        "params.yaml train.accelerator, train.devices: got gpu, 2, but PyTorch finds 1 GPUs; take cpu, or fewer devices"
    )
