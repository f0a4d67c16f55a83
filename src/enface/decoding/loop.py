"""A loop that is a plain Python loop, and one ONNX Loop when it is exported."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch._higher_order_ops import while_loop as untyped_while_loop

while_loop: Callable[..., Any] = untyped_while_loop


def loop_while(
    condition: Callable[..., Tensor], body: Callable[..., tuple[Tensor, ...]], carried: tuple[Tensor, ...]
) -> tuple[Tensor, ...]:
    """`carried` after `carried = body(*carried)` for as long as `condition(*carried)` holds; shapes must not change."""
    if torch.compiler.is_exporting():
        looped: tuple[Tensor, ...] = while_loop(condition, body, carried)
        return looped
    while condition(*carried):
        carried = body(*carried)
    return carried
