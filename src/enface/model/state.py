"""The state of a decoder: what it carries from one step of a search to the next.

Of each hypothesis it has something of its own, which moves with the hypothesis when a beam is reordered; and the
hypotheses of a sentence may share what any of them left behind, which stays where it is. A search need not know more.

A state may also grow: `remember` puts what a step leaves behind what the steps before left. `torch.export` wants loops
whose shapes stay; while exporting, what touches a growing tensor is therefore an operator of its own, which says that
nothing grew and which `enface.export` turns into one of ONNX. For this to be sound nothing may ask how long a growing
tensor is until it is `filled`; nor how many rows there are where nothing is marked.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int, Shaped
from torch import Tensor


class State(NamedTuple):
    """What a decoder knows of N hypotheses of each of B sentences."""

    own: tuple[Tensor, ...]  # (B, N, ...)
    shared: tuple[Tensor, ...] = ()  # (B, ...)

    def of(self, places: Int[Tensor, "B K"]) -> "State":
        """The state of the hypotheses at those places, which may repeat."""
        return State(tuple(take_hypotheses(part, places) for part in self.own), self.shared)


EVERYTHING = 2**62

_SAID_LENGTH = 7  # of a growing tensor while exporting: any number but 1, which would broadcast


def empty_past(batch: Shaped[Tensor, "B ..."], sizes: Sequence[int]) -> Tensor:
    """Nothing remembered yet, of B sentences: (B, *sizes), the one size of 0 being what grows."""
    if torch.compiler.is_exporting():
        empty: Tensor = torch.ops.enface.empty.default(batch, list(sizes))
        return empty
    return batch.new_zeros(batch.shape[0], *sizes)


def remember(
    past: Shaped[Tensor, "B N t ..."], new: Shaped[Tensor, "B N more ..."], *, keep: int = EVERYTHING
) -> Shaped[Tensor, "B N t_and_more ..."]:
    """`past` with `new` behind it, or the last `keep` places of that."""
    if torch.compiler.is_exporting():
        grown: Tensor = torch.ops.enface.append.default(past, new, keep)
        return grown
    return torch.cat([past, new], dim=2)[:, :, -keep:]


def filled(past: Shaped[Tensor, "B N t ..."], length: int, value: int) -> Shaped[Tensor, "B N T ..."]:
    """`past` made as long as `length` by `value`."""
    if torch.compiler.is_exporting():
        whole: Tensor = torch.ops.enface.fill.default(past, length, value)
        return whole
    after = past.new_full((*past.shape[:2], length - past.shape[2], *past.shape[3:]), value)
    return torch.cat([past, after], dim=2)


def take_hypotheses(values: Shaped[Tensor, "B N ..."], places: Int[Tensor, "B K"]) -> Shaped[Tensor, "B K ..."]:
    """`values[b, places[b, k]]` for every b and k."""
    if torch.compiler.is_exporting():
        taken: Tensor = torch.ops.enface.take.default(values, places)
        return taken
    return values[torch.arange(values.shape[0], device=values.device).unsqueeze(1), places]


def take_unmarked(values: Shaped[Tensor, "B N ..."], marked: Bool[Tensor, "B N"]) -> Shaped[Tensor, "some ..."]:
    """What `values` has where nothing is marked, one after another. While exporting that is said to be everywhere."""
    if torch.compiler.is_exporting():
        taken: Tensor = torch.ops.enface.take_unmarked.default(values, marked)
        return taken
    return values[~marked]


def put_unmarked(
    values: Shaped[Tensor, "B N C"], marked: Bool[Tensor, "B N"], rows: Shaped[Tensor, "some C"]
) -> Shaped[Tensor, "B N C"]:
    """`values`, with `rows` where nothing is marked, one after another."""
    if torch.compiler.is_exporting():
        put: Tensor = torch.ops.enface.put_unmarked.default(values, marked, rows)
        return put
    return values.masked_scatter(~marked.unsqueeze(-1), rows)


@torch.library.custom_op("enface::empty", mutates_args=())
def empty(batch: Tensor, sizes: list[int]) -> Tensor:
    """`empty_past` as an operator."""
    return empty_past(batch, sizes)


@torch.library.custom_op("enface::append", mutates_args=())
def append(past: Tensor, new: Tensor, keep: int) -> Tensor:
    """`remember` as an operator."""
    return remember(past, new, keep=keep).clone()


@torch.library.custom_op("enface::fill", mutates_args=())
def fill(past: Tensor, length: int, value: int) -> Tensor:
    """`filled` as an operator."""
    return filled(past, length, value)


@torch.library.custom_op("enface::take", mutates_args=())
def take(values: Tensor, places: Tensor) -> Tensor:
    """`take_hypotheses` as an operator."""
    return take_hypotheses(values, places)


@torch.library.custom_op("enface::take_unmarked", mutates_args=())
def take_some(values: Tensor, marked: Tensor) -> Tensor:
    """`take_unmarked` as an operator."""
    return take_unmarked(values, marked)


@torch.library.custom_op("enface::put_unmarked", mutates_args=())
def put_some(values: Tensor, marked: Tensor, rows: Tensor) -> Tensor:
    """`put_unmarked` as an operator."""
    return put_unmarked(values, marked, rows)


@empty.register_fake
def _said_empty(batch: Tensor, sizes: list[int]) -> Tensor:
    return batch.new_empty(batch.shape[0], *(size or _SAID_LENGTH for size in sizes))


@append.register_fake
def _said_append(past: Tensor, new: Tensor, keep: int) -> Tensor:
    return torch.empty_like(past)


@fill.register_fake
def _said_fill(past: Tensor, length: int, value: int) -> Tensor:
    return past.new_empty(*past.shape[:2], length, *past.shape[3:])


@take.register_fake
def _said_take(values: Tensor, places: Tensor) -> Tensor:
    return values.new_empty(*places.shape, *values.shape[2:])


@take_some.register_fake
def _said_take_some(values: Tensor, marked: Tensor) -> Tensor:
    return values.new_empty(marked.shape[0] * marked.shape[1], *values.shape[2:])


@put_some.register_fake
def _said_put_some(values: Tensor, marked: Tensor, rows: Tensor) -> Tensor:
    return torch.empty_like(values)
