"""The model's own operators in ONNX: `enface::gru` and `enface::lstm` become GRU and LSTM, a growing state a Concat.

The gates stand in another order: in PyTorch GRU r, z, n and LSTM i, f, g, o; in ONNX z, r, h and i, o, f, c.
"""

from collections.abc import Callable, Sequence
from typing import Any

import torch
from onnxscript import opset18

from enface.model import recurrent, state

op: Any = opset18  # its stubs do not know that lists become constants


def _gru(inputs: Any, input_weight: Any, hidden_weight: Any, input_bias: Any, hidden_bias: Any) -> Any:
    """linear_before_reset: PyTorch multiplies by the reset gate after the hidden product, biases included."""
    weights = _gates(input_weight, hidden_weight, input_bias, hidden_bias, order=(1, 0, 2))
    states, _ = op.GRU(_time_first(inputs), *weights, hidden_size=hidden_weight.shape[1], linear_before_reset=1)
    return _batch_first(states)


def _lstm(inputs: Any, input_weight: Any, hidden_weight: Any, input_bias: Any, hidden_bias: Any) -> Any:
    weights = _gates(input_weight, hidden_weight, input_bias, hidden_bias, order=(0, 3, 1, 2))
    states, _, _ = op.LSTM(_time_first(inputs), *weights, hidden_size=hidden_weight.shape[1])
    return _batch_first(states)


def _empty(batch: Any, sizes: Sequence[Any]) -> Any:
    """Nothing, of shape (B, *sizes) and of the type of `batch`."""
    shape = op.Concat(op.Shape(batch, start=0, end=1), *map(_vector, sizes), axis=0)
    return op.Expand(op.CastLike(op.Constant(value_int=0), batch), shape)


def _append(past: Any, new: Any, keep: Any) -> Any:
    """`past` with `new` behind it, or the last `keep` places of that."""
    grown = op.Concat(past, new, axis=2)
    return grown if keep == state.EVERYTHING else op.Slice(grown, op.Neg(_vector(keep)), [state.EVERYTHING], [2])


def _fill(past: Any, length: Any, value: int) -> Any:
    """`past` made `length` long by `value`: more than enough is put behind it, as nothing may ask how long it is."""
    length, axis, before = _vector(length), [2], op.Constant(value_ints=[0])
    longer = op.Pad(past, op.Concat(before, length, axis=0), op.CastLike(op.Constant(value_int=value), past), axis)
    return op.Slice(longer, before, length, axis)


def _take(values: Any, places: Any) -> Any:
    """`values[b, places[b, k]]`."""
    return op.GatherND(values, op.Unsqueeze(places, [-1]), batch_dims=1)


def _take_unmarked(values: Any, marked: Any) -> Any:
    """What `values` has where `marked` is False."""
    return op.GatherND(values, _unmarked(marked))


def _put_unmarked(values: Any, marked: Any, rows: Any) -> Any:
    """`values` with `rows` where `marked` is False."""
    return op.ScatterND(values, _unmarked(marked), rows)


def _unmarked(marked: Any) -> Any:
    """The places that are False, an axis a column."""
    return op.Transpose(op.NonZero(op.Not(marked)), perm=[1, 0])


def _vector(number: Any) -> Any:
    """A number, known or symbolic, as a vector of one."""
    if isinstance(number, int):
        return op.Constant(value_ints=[number])
    return op.Reshape(number, op.Constant(value_ints=[1]))


def _gates(*tensors: Any, order: tuple[int, ...]) -> tuple[Any, Any, Any]:
    """ONNX's W, R and B with their direction axis, from PyTorch's two weights and two biases."""

    def reordered(tensor: Any) -> Any:
        size = tensor.shape[0] // len(order)
        return op.Concat(*(op.Slice(tensor, [gate * size], [(gate + 1) * size], [0]) for gate in order), axis=0)

    input_weight, hidden_weight, input_bias, hidden_bias = (reordered(tensor) for tensor in tensors)
    bias = op.Concat(input_bias, hidden_bias, axis=0)
    return op.Unsqueeze(input_weight, [0]), op.Unsqueeze(hidden_weight, [0]), op.Unsqueeze(bias, [0])


def _time_first(inputs: Any) -> Any:
    return op.Transpose(inputs, perm=[1, 0, 2])


def _batch_first(states: Any) -> Any:
    """From ONNX's (S, directions, B, H)."""
    return op.Transpose(op.Squeeze(states, [1]), perm=[1, 0, 2])


TRANSLATIONS: dict[Callable[..., Any], Callable[..., Any]] = {
    recurrent.OPERATORS["gru"]: _gru,
    recurrent.OPERATORS["lstm"]: _lstm,
    torch.ops.enface.empty.default: _empty,
    torch.ops.enface.append.default: _append,
    torch.ops.enface.fill.default: _fill,
    torch.ops.enface.take.default: _take,
    torch.ops.enface.take_unmarked.default: _take_unmarked,
    torch.ops.enface.put_unmarked.default: _put_unmarked,
}
