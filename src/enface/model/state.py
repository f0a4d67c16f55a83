"""The state of a decoder: a tuple of tensors whose first axis is R rows, one for each hypothesis of each sentence.

A search may take rows from a state, repeat or reorder them, without knowing more. A state may also grow: `append` adds
what one step leaves behind to what the steps before left. `torch.export` wants loops whose shapes stay; while
exporting, growing is therefore an operator of its own, which says that nothing grew and which `enface.export` turns
into an ONNX Concat. For this to be sound nothing may ask a growing state how long it is.
"""

import torch
from jaxtyping import Float
from torch import Tensor

State = tuple[Tensor, ...]

_SAID_LENGTH = 7  # of a growing state while exporting: any number but 1, which would broadcast
EVERYTHING = 2**62


@torch.library.custom_op("enface::empty", mutates_args=())
def empty(rows: Tensor, heads: int, size: int) -> Tensor:
    """A state (R, heads, 0, size) with as many rows as `rows` has."""
    return rows.new_zeros(rows.shape[0], heads, 0, size)


@torch.library.custom_op("enface::append", mutates_args=())
def append(past: Tensor, new: Tensor, keep: int) -> Tensor:
    """`past` (R, heads, t, size) with `new` (R, heads, 1, size) behind it, or the last `keep` steps of that."""
    return torch.cat([past, new], dim=2)[:, :, -keep:].clone()


@empty.register_fake
def _said_empty(rows: Tensor, heads: int, size: int) -> Tensor:
    return rows.new_empty(rows.shape[0], heads, _SAID_LENGTH, size)


@append.register_fake
def _said_append(past: Tensor, new: Tensor, keep: int) -> Tensor:
    return torch.empty_like(past)


def empty_past(rows: Float[Tensor, "R _"], *, heads: int, size: int) -> Float[Tensor, "R heads t size"]:
    """Nothing remembered yet, by as many rows as `rows` has."""
    if torch.compiler.is_exporting():
        nothing: Tensor = torch.ops.enface.empty.default(rows, heads, size)
        return nothing
    return rows.new_zeros(rows.shape[0], heads, 0, size)


def remember(
    past: Float[Tensor, "R heads t size"], new: Float[Tensor, "R heads 1 size"], *, keep: int = EVERYTHING
) -> Float[Tensor, "R heads t_and_1 size"]:
    """`past` with `new` behind it, or the last `keep` steps of that."""
    if torch.compiler.is_exporting():
        grown: Tensor = torch.ops.enface.append.default(past, new, keep)
        return grown
    return torch.cat([past, new], dim=2)[:, :, -keep:]


def take_rows(state: State, rows: Tensor) -> State:
    """The rows of those numbers, which may repeat."""
    return tuple(part.index_select(0, rows) for part in state)
