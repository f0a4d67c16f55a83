"""What training asks of the machine: the number format, the threads and the allocator. No model, no data."""

import ctypes
import os
import sys
from typing import Literal

import torch

from enface.errors import TrainingError
from enface.training.section import TrainSection

LightningPrecision = Literal["32-true", "bf16-mixed"]

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_MAX = -1, -2, -4

_PREPARED_PRODUCTS = "ONEDNN_PRIMITIVE_CACHE_CAPACITY"
"""How many matrix products oneDNN keeps prepared, each for sizes of its own; it reads this before the first."""


def on_gpu(section: TrainSection) -> bool:
    """True if training is to run on GPUs; `auto` takes them where there are any."""
    return section.accelerator == "gpu" or (section.accelerator == "auto" and torch.cuda.is_available())


def precision_of(section: TrainSection) -> LightningPrecision:
    """The precision asked for; `auto` is bfloat16 where the GPU or the CPU multiplies it in hardware."""
    if section.precision != "auto":
        return section.precision
    capable = torch.cuda.is_bf16_supported(including_emulation=False) if on_gpu(section) else _cpu_multiplies_bfloat16()
    return "bf16-mixed" if capable else "32-true"


def prepare_machine(section: TrainSection) -> None:
    """Sets the threads of this process, and on a CPU keeps freed memory for the next step.

    Raises:
        TrainingError: there are fewer GPUs than asked for.
    """
    _refuse_missing_gpus(section)
    if "OMP_NUM_THREADS" not in os.environ:
        sharing = 1 if on_gpu(section) else section.devices
        torch.set_num_threads(max(1, _cores() // sharing))
    if sys.platform == "linux" and not on_gpu(section):
        keep_freed_memory()


def keep_freed_memory() -> None:
    """Has glibc hand out freed blocks again in place of returning them to the system.

    Activations of some ten megabytes are allocated and freed at every step; with glibc's defaults each is mapped,
    zeroed page by page and unmapped, which takes a quarter of a step (docs/performance.md). What lives on between such
    blocks keeps the holes of freed ones from being joined, and batches are of ever other sizes: where the products
    prepared for former ones are replaced by new ones, as beyond oneDNN's thousand, memory grows by the hour.
    """
    os.environ.setdefault(_PREPARED_PRODUCTS, "16384")
    allocator = ctypes.CDLL(None)
    if hasattr(allocator, "mallopt"):  # glibc alone
        allocator.mallopt(_M_MMAP_MAX, 0)
        allocator.mallopt(_M_TRIM_THRESHOLD, 2**31 - 1)
        allocator.mallopt(_M_TOP_PAD, 2**27)


def _refuse_missing_gpus(section: TrainSection) -> None:
    found = torch.cuda.device_count()
    if on_gpu(section) and found < section.devices:
        raise TrainingError(
            f"params.yaml train.accelerator, train.devices: got {section.accelerator}, {section.devices}, but PyTorch "
            f"finds {found} GPUs; take cpu, or fewer devices"
        )


def _cores() -> int:
    """Those that this process may use, where the system tells."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def _cpu_multiplies_bfloat16() -> bool:
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))
