"""The decoder: from the memory of a source batch, one target token after another.

A step advances N hypotheses of each source sentence at once, whether they are the one prefix of teacher forcing or the
beams of a search. Its state is a tuple of tensors (B, N, ·), which a search may reorder along N without knowing more.
"""

from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from enface.model.attention import AnyAttention, Memory
from enface.model.encoder import SourceStates
from enface.model.recurrent import Cell

State = tuple[Tensor, ...]


class Decoded(NamedTuple):
    """What a decoder says of N target positions."""

    readout: Float[Tensor, "B N E"]  # to be compared with the embeddings of the target words
    weights: Float[Tensor, "B N S"]  # the attention weights


class BahdanauDecoder(nn.Module):
    """Attend with the previous state, then step (Bahdanau et al. 2015, appendix A.2.2).

    s_i = f(s_{i-1}, [y_{i-1}; c_i]) with f a GRU or an LSTM, and a readout t_i = tanh(U s_i + V y_{i-1} + C c_i), where
    the paper has a maxout.
    """

    def __init__(
        self,
        cell: Cell,
        attention: AnyAttention,
        *,
        embedding_size: int,
        hidden_size: int,
        state_size: int,
        dropout: float,
    ) -> None:
        super().__init__()
        self.attention = attention
        input_size = embedding_size + state_size
        match cell:
            case "gru":
                self.cell: nn.RNNCellBase = nn.GRUCell(input_size, hidden_size)
                tensors = 1
            case "lstm":
                self.cell = nn.LSTMCell(input_size, hidden_size)
                tensors = 2
        self.bridge = nn.ModuleList([nn.Linear(state_size, hidden_size) for _ in range(tensors)])
        self.readout = nn.Linear(hidden_size + input_size, embedding_size)
        self.dropout = nn.Dropout(dropout)

    def start(self, source: SourceStates) -> State:
        """The state (B, 1, H) before the first token: tanh(W_s h), h the encoder's final state."""
        return tuple(torch.tanh(linear(source.final)).unsqueeze(1) for linear in self.bridge)

    def step(self, embedded: Float[Tensor, "B N E"], state: State, memory: Memory) -> tuple[Decoded, State]:
        """One token further: `embedded` is the previous token of each hypothesis."""
        state, context, weights = self._recur(embedded, state, memory)
        return Decoded(self._read(embedded, state[0], context), weights), state

    def forward(self, embedded: Float[Tensor, "B T E"], state: State, memory: Memory) -> Decoded:
        """Teacher forcing: all T steps, `embedded` being the target shifted right by one."""
        hidden, contexts, weights = [], [], []
        for previous in torch.split(embedded, 1, dim=1):
            state, context, attended = self._recur(previous, state, memory)
            hidden.append(state[0])
            contexts.append(context)
            weights.append(attended)
        return Decoded(self._read(embedded, torch.cat(hidden, 1), torch.cat(contexts, 1)), torch.cat(weights, 1))

    def _recur(self, embedded: Tensor, state: State, memory: Memory) -> tuple[State, Tensor, Tensor]:
        context, weights = self.attention(state[0], memory)
        inputs = torch.cat([embedded, context], dim=-1)
        return self._advance(inputs, state), context, weights

    def _advance(self, inputs: Tensor, state: State) -> State:
        """The recurrent cell over all hypotheses, which it takes as one batch."""
        shape = state[0].shape
        flat = tuple(part.reshape(-1, shape[-1]) for part in state)
        advanced = self.cell(inputs.reshape(-1, inputs.shape[-1]), flat if len(flat) > 1 else flat[0])
        return tuple(part.reshape(shape) for part in (advanced if isinstance(advanced, tuple) else (advanced,)))

    def _read(self, embedded: Tensor, hidden: Tensor, context: Tensor) -> Tensor:
        readout: Tensor = self.dropout(torch.tanh(self.readout(torch.cat([hidden, embedded, context], dim=-1))))
        return readout
