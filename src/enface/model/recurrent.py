"""Recurrent layers over whole sequences: GRU and LSTM, forwards or in both directions.

Padding is on the right and the layers never see it as such: the backward direction reads each sequence reversed by its
own length (a gather), so that no packing is needed and the same code runs in training and in an exported graph.

`torch.export` would unroll `nn.GRU` over the length of its example. While exporting, a layer therefore calls an
operator of its own (`enface::gru`, `enface::lstm`), which keeps the length symbolic and which `enface.export` turns
into the ONNX operator of the same name.
"""

from collections.abc import Callable
from typing import Literal

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

Cell = Literal["gru", "lstm"]
CellState = tuple[Tensor, ...]
"""Of a GRU its hidden state, of an LSTM hidden and cell state."""

STATE_PARTS: dict[Cell, int] = {"gru": 1, "lstm": 2}
"""How many tensors a `CellState` has."""

WEIGHTS = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
"""What PyTorch calls the parameters of a one-layer GRU or LSTM, in the order in which its operators take them."""


@torch.library.custom_op("enface::gru", mutates_args=())
def gru(inputs: Tensor, input_weight: Tensor, hidden_weight: Tensor, input_bias: Tensor, hidden_bias: Tensor) -> Tensor:
    """The states (B, S, H) of a one-layer GRU over `inputs` (B, S, I), from a zero state (Cho et al. 2014)."""
    weights = [input_weight, hidden_weight, input_bias, hidden_bias]
    start = inputs.new_zeros(1, inputs.shape[0], hidden_weight.shape[1])
    return torch.gru(inputs, start, weights, True, 1, 0.0, False, False, True)[0].contiguous()


@torch.library.custom_op("enface::lstm", mutates_args=())
def lstm(
    inputs: Tensor, input_weight: Tensor, hidden_weight: Tensor, input_bias: Tensor, hidden_bias: Tensor
) -> Tensor:
    """The states (B, S, H) of a one-layer LSTM over `inputs` (B, S, I), from zero states."""
    weights = [input_weight, hidden_weight, input_bias, hidden_bias]
    start = inputs.new_zeros(1, inputs.shape[0], hidden_weight.shape[1])
    return torch.lstm(inputs, [start, start], weights, True, 1, 0.0, False, False, True)[0].contiguous()


@gru.register_fake
@lstm.register_fake
def _states_like(
    inputs: Tensor, input_weight: Tensor, hidden_weight: Tensor, input_bias: Tensor, hidden_bias: Tensor
) -> Tensor:
    return inputs.new_empty(inputs.shape[0], inputs.shape[1], hidden_weight.shape[1])


OPERATORS: dict[Cell, Callable[..., Tensor]] = {
    "gru": torch.ops.enface.gru.default,
    "lstm": torch.ops.enface.lstm.default,
}


def make_layer(cell: Cell, input_size: int, hidden_size: int) -> nn.RNNBase:
    """PyTorch's one-layer network of that cell."""
    match cell:
        case "gru":
            return nn.GRU(input_size, hidden_size, batch_first=True)
        case "lstm":
            return nn.LSTM(input_size, hidden_size, batch_first=True)


class RecurrentLayer(nn.Module):
    """One layer in one direction: (B, S, I) to (B, S, H)."""

    def __init__(self, cell: Cell, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.cell = cell
        self.layer = make_layer(cell, input_size, hidden_size)

    def forward(self, inputs: Float[Tensor, "B S I"]) -> Float[Tensor, "B S H"]:
        """The state after each position."""
        if not torch.compiler.is_exporting():
            states: Tensor = self.layer(inputs)[0]
            return states
        return OPERATORS[self.cell](inputs, *(getattr(self.layer, name) for name in WEIGHTS))


class BidirectionalLayer(nn.Module):
    """Two layers over one sequence, forwards and backwards, side by side: (B, S, I) to (B, S, 2H)."""

    def __init__(self, cell: Cell, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.forwards = RecurrentLayer(cell, input_size, hidden_size)
        self.backwards = RecurrentLayer(cell, input_size, hidden_size)

    def forward(self, inputs: Float[Tensor, "B S I"], reversal: Int[Tensor, "B S"]) -> Float[Tensor, "B S HH"]:
        """The two states of each position; `reversal` is `reversal_of(source_valid)`."""
        backwards = take_positions(self.backwards(take_positions(inputs, reversal)), reversal)
        return torch.cat([self.forwards(inputs), backwards], dim=-1)


class RecurrentStep(nn.Module):
    """A GRU or LSTM that can take one step of many hypotheses, or all steps of each sequence."""

    def __init__(self, cell: Cell, input_size: int, hidden_size: int) -> None:
        super().__init__()
        self.layer = make_layer(cell, input_size, hidden_size)

    def forward(self, inputs: Float[Tensor, "B N I"], state: CellState) -> CellState:
        """The state (B, N, H) of each hypothesis one step further."""
        weights = [getattr(self.layer, name) for name in WEIGHTS]
        rows, before = inputs.flatten(0, 1), [part.flatten(0, 1) for part in state]
        after = (
            [torch.gru_cell(rows, *before, *weights)] if len(state) == 1 else torch.lstm_cell(rows, before, *weights)
        )
        return tuple(part.reshape(state[0].shape) for part in after)

    def over(self, inputs: Float[Tensor, "B T I"], state: CellState) -> Float[Tensor, "B T H"]:
        """The hidden states after each of T steps of one hypothesis of each sentence, from its state (B, 1, H)."""
        first = [part.transpose(0, 1).contiguous() for part in state]
        hidden: Tensor = self.layer(inputs, first[0] if len(first) == 1 else tuple(first))[0]
        return hidden


def reversal_of(source_valid: Bool[Tensor, "B S"]) -> Int[Tensor, "B S"]:
    """For each sequence the positions that reverse its real tokens and leave its padding where it is."""
    positions = torch.arange(source_valid.shape[1], device=source_valid.device).expand(source_valid.shape)
    lengths = source_valid.sum(dim=1, keepdim=True)
    return torch.where(source_valid, lengths - 1 - positions, positions)


def take_positions(states: Float[Tensor, "B S H"], positions: Int[Tensor, "B N"]) -> Float[Tensor, "B N H"]:
    """`states[b, positions[b, n]]` for every b and n."""
    return states.gather(1, positions.unsqueeze(-1).expand(-1, -1, states.shape[-1]))
