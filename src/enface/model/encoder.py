"""Recurrent encoder: from source token embeddings to one state per source token."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from enface.model.attention.heads import MultiHeadAttention
from enface.model.attention.memory import SourceStates
from enface.model.dropout import Dropout
from enface.model.recurrent import BidirectionalLayer, Cell, reversal_of, take_positions


class RecurrentEncoder(nn.Module):
    """Bidirectional GRU or LSTM layers (Bahdanau et al. 2015, section 3.2): state j sees the words around word j.

    With `self_attention` each state also looks at the others, and what it finds is added to it.
    """

    def __init__(
        self,
        cell: Cell,
        *,
        input_size: int,
        hidden_size: int,
        layers: int,
        dropout: float,
        self_attention: MultiHeadAttention | None = None,
    ) -> None:
        super().__init__()
        sizes = [input_size] + [2 * hidden_size] * (layers - 1)
        self.layers = nn.ModuleList([BidirectionalLayer(cell, size, hidden_size) for size in sizes])
        self.dropout = Dropout(dropout)
        self.self_attention = self_attention
        self.state_size = 2 * hidden_size

    def forward(self, embedded: Float[Tensor, "B S E"], source_valid: Bool[Tensor, "B S"]) -> SourceStates:
        """The states of the source, those of padding never to be attended to, and the last of each direction."""
        reversal = reversal_of(source_valid)
        states = embedded
        for layer in self.layers:
            states = self.dropout(layer(states, reversal))
        half = self.state_size // 2
        last = source_valid.sum(dim=1, keepdim=True) - 1
        final = torch.cat([take_positions(states[..., :half], last)[:, 0], states[:, 0, half:]], dim=-1)
        if self.self_attention is not None:
            states = states + self.dropout(self.self_attention.over_itself(states, source_valid))
        return SourceStates(states, final, source_valid)
