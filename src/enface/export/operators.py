"""The model's own operators in ONNX: `enface::gru` and `enface::lstm` become GRU and LSTM, a growing state a Concat.

The gates stand in another order: in PyTorch GRU r, z, n and LSTM i, f, g, o; in ONNX z, r, h and i, o, f, c.
"""

from collections.abc import Callable
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


def _empty(rows: Any, heads: int, size: int) -> Any:
    """A state of no steps, as many rows of it as `rows` has."""
    count = op.Shape(rows, start=0, end=1)
    return op.ConstantOfShape(op.Concat(count, op.Constant(value_ints=[heads, 0, size]), axis=0))


def _append(past: Any, new: Any, keep: int) -> Any:
    """`past` with `new` behind it, or the last `keep` steps of that."""
    grown = op.Concat(past, new, axis=2)
    return grown if keep == state.EVERYTHING else op.Slice(grown, [-keep], [state.EVERYTHING], [2])


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
}
