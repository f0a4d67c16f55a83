"""How fast this machine multiplies matrices, in the same run: what all other rates are fractions of."""

import statistics
import time
from typing import NamedTuple

import torch

_SIZE, _TIMES = 2048, 7


class MachineRate(NamedTuple):
    """Floating point operations a second, in thousand millions."""

    float32: float
    bfloat16: float


def measure_machine(threads: int) -> MachineRate:
    """The median rate of products of two square matrices of 2,048, after one that is not counted."""
    torch.set_num_threads(threads)
    return MachineRate(_rate(torch.float32), _rate(torch.bfloat16))


def _rate(number_format: torch.dtype) -> float:
    left, right = (torch.randn(_SIZE, _SIZE).to(number_format) for _ in range(2))
    seconds = []
    for _ in range(_TIMES + 1):
        began = time.perf_counter()
        torch.mm(left, right)
        seconds.append(time.perf_counter() - began)
    return 2 * _SIZE**3 / statistics.median(seconds[1:]) / 1e9
