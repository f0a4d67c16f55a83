"""The encoder: from source token embeddings to one state per source token."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from enface.model.recurrent import BidirectionalLayer, Cell, reversal_of, take_positions


class SourceStates(NamedTuple):
    """What an encoder knows of a batch of source sentences."""

    states: Float[Tensor, "B S M"]  # one state per source token
    final: Float[Tensor, "B M"]  # the whole sentence in one state: the last one of each direction
    valid: Bool[Tensor, "B S"]  # True = real token


class RecurrentEncoder(nn.Module):
    """Bidirectional GRU or LSTM layers (Bahdanau et al. 2015, section 3.2): state j sees the words around word j."""

    def __init__(self, cell: Cell, *, input_size: int, hidden_size: int, layers: int, dropout: float) -> None:
        super().__init__()
        sizes = [input_size] + [2 * hidden_size] * (layers - 1)
        self.layers = nn.ModuleList([BidirectionalLayer(cell, size, hidden_size) for size in sizes])
        self.dropout = nn.Dropout(dropout)
        self.state_size = 2 * hidden_size

    def forward(self, embedded: Float[Tensor, "B S E"], source_valid: Bool[Tensor, "B S"]) -> SourceStates:
        """The states of the source; those of padding are never attended to."""
        reversal = reversal_of(source_valid)
        states = embedded
        for layer in self.layers:
            states = self.dropout(layer(states, reversal))
        half = self.state_size // 2
        last = source_valid.sum(dim=1, keepdim=True) - 1
        final = torch.cat([take_positions(states[..., :half], last)[:, 0], states[:, 0, half:]], dim=-1)
        return SourceStates(states, final, source_valid)
