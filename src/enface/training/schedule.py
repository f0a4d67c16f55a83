"""The learning rate over time, as a factor of the highest one."""

from collections.abc import Callable
from typing import Literal

Decay = Literal["linear", "inverse_sqrt", "constant"]


def learning_rate_factor(decay: Decay, *, warmup_steps: int, total_steps: int) -> Callable[[int], float]:
    """The factor at each step: up in a line over the warm-up, then as `decay` says.

    linear falls to 0 at `total_steps`; inverse_sqrt is sqrt(warmup / step) (Vaswani et al. 2017, equation 3); constant
    stays at 1.
    """
    warmup = max(1, warmup_steps)

    def factor(step: int) -> float:
        if step < warmup_steps:
            return (step + 1) / warmup
        match decay:
            case "linear":
                return max(0.0, (total_steps - step) / max(1, total_steps - warmup_steps))
            case "inverse_sqrt":
                return float((warmup / max(step, warmup)) ** 0.5)
            case "constant":
                return 1.0

    return factor
