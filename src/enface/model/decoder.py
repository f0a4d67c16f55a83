"""The decoder: from the memory of a source batch, one target token after another.

A step advances N hypotheses of each source sentence at once, whether they are the one prefix of teacher forcing or the
beams of a search. Its state is a tuple of tensors (B, N, H), which a search may reorder along N without knowing more.
"""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn

from enface.model.attention import AnyAttention, Memory
from enface.model.encoder import SourceStates
from enface.model.recurrent import WEIGHTS, Cell

DecoderName = Literal["bahdanau", "luong"]
State = tuple[Tensor, ...]


class Decoded(NamedTuple):
    """What a decoder says of N target positions."""

    readout: Float[Tensor, "B N E"]  # to be compared with the embeddings of the target words
    weights: Float[Tensor, "B N S"]  # the attention weights


class DecoderSizes(NamedTuple):
    """The widths that a decoder joins."""

    embedding: int
    hidden: int
    memory: int  # of the encoder's states, and so of a context


class BahdanauDecoder(nn.Module):
    """Attend with the previous state, then step (Bahdanau et al. 2015, appendix A.2.2).

    s_i = f(s_{i-1}, [y_{i-1}; c_i]) with f a GRU or an LSTM, and a readout t_i = tanh(U s_i + V y_{i-1} + C c_i), where
    the paper has a maxout.
    """

    def __init__(self, cell: Cell, attention: AnyAttention, sizes: DecoderSizes, *, dropout: float) -> None:
        super().__init__()
        self.attention = attention
        input_size = sizes.embedding + sizes.memory
        self.cell = RecurrentStep(cell, input_size, sizes.hidden)
        self.start = FirstState(cell, sizes)
        self.readout = Readout(sizes.hidden + input_size, sizes.embedding, dropout)

    def step(self, embedded: Float[Tensor, "B N E"], state: State, memory: Memory) -> tuple[Decoded, State]:
        """One token further: `embedded` is the previous token of each hypothesis."""
        state, context, weights = self._recur(embedded, state, memory)
        return Decoded(self.readout(state[0], embedded, context), weights), state

    def forward(self, embedded: Float[Tensor, "B T E"], state: State, memory: Memory) -> Decoded:
        """Teacher forcing: all T steps, `embedded` being the target shifted right by one."""
        hidden, contexts, weights = [], [], []
        for previous in torch.split(embedded, 1, dim=1):
            state, context, attended = self._recur(previous, state, memory)
            hidden.append(state[0])
            contexts.append(context)
            weights.append(attended)
        readout = self.readout(torch.cat(hidden, 1), embedded, torch.cat(contexts, 1))
        return Decoded(readout, torch.cat(weights, 1))

    def _recur(self, embedded: Tensor, state: State, memory: Memory) -> tuple[State, Tensor, Tensor]:
        context, weights = self.attention(state[0], memory)
        return self.cell(torch.cat([embedded, context], dim=-1), state), context, weights


class LuongDecoder(nn.Module):
    """Step, then attend with the new state (Luong et al. 2015, section 3), without input feeding.

    h_t = f(h_{t-1}, y_{t-1}) and a readout h~_t = tanh(W_c [c_t; h_t]) (equation 5). The recurrence does not wait for
    the attention, so that teacher forcing runs over all steps at once.
    """

    def __init__(self, cell: Cell, attention: AnyAttention, sizes: DecoderSizes, *, dropout: float) -> None:
        super().__init__()
        self.attention = attention
        self.cell = RecurrentStep(cell, sizes.embedding, sizes.hidden)
        self.start = FirstState(cell, sizes)
        self.readout = Readout(sizes.hidden + sizes.memory, sizes.embedding, dropout)

    def step(self, embedded: Float[Tensor, "B N E"], state: State, memory: Memory) -> tuple[Decoded, State]:
        """One token further: `embedded` is the previous token of each hypothesis."""
        state = self.cell(embedded, state)
        return self._attend(state[0], memory), state

    def forward(self, embedded: Float[Tensor, "B T E"], state: State, memory: Memory) -> Decoded:
        """Teacher forcing: all T steps, `embedded` being the target shifted right by one."""
        return self._attend(self.cell.over(embedded, state), memory)

    def _attend(self, hidden: Tensor, memory: Memory) -> Decoded:
        context, weights = self.attention(hidden, memory)
        return Decoded(self.readout(hidden, context), weights)


AnyDecoder = BahdanauDecoder | LuongDecoder


def make_decoder(
    name: DecoderName, cell: Cell, attention: AnyAttention, sizes: DecoderSizes, *, dropout: float
) -> AnyDecoder:
    """The decoder called `name`."""
    match name:
        case "bahdanau":
            return BahdanauDecoder(cell, attention, sizes, dropout=dropout)
        case "luong":
            return LuongDecoder(cell, attention, sizes, dropout=dropout)


class FirstState(nn.Module):
    """The state (B, 1, H) before the first token: tanh(W_s h), h the encoder's final state."""

    def __init__(self, cell: Cell, sizes: DecoderSizes) -> None:
        super().__init__()
        tensors = 2 if cell == "lstm" else 1
        self.bridges = nn.ModuleList([nn.Linear(sizes.memory, sizes.hidden) for _ in range(tensors)])

    def forward(self, source: SourceStates) -> State:
        """One tensor for a GRU; hidden and cell state for an LSTM."""
        return tuple(torch.tanh(bridge(source.final)).unsqueeze(1) for bridge in self.bridges)


class RecurrentStep(nn.Module):
    """A GRU or LSTM that can take one step of many hypotheses, or all steps of one."""

    def __init__(self, cell: Cell, input_size: int, hidden_size: int) -> None:
        super().__init__()
        match cell:
            case "gru":
                self.layer: nn.RNNBase = nn.GRU(input_size, hidden_size, batch_first=True)
            case "lstm":
                self.layer = nn.LSTM(input_size, hidden_size, batch_first=True)

    def forward(self, inputs: Float[Tensor, "B N I"], state: State) -> State:
        """The state of each hypothesis one step further."""
        shape = state[0].shape
        flat = [part.reshape(-1, shape[-1]) for part in state]
        weights = [getattr(self.layer, name) for name in WEIGHTS]
        rows = inputs.reshape(-1, inputs.shape[-1])
        if len(flat) == 1:
            return (torch.gru_cell(rows, flat[0], *weights).reshape(shape),)
        return tuple(part.reshape(shape) for part in torch.lstm_cell(rows, flat, *weights))

    def over(self, inputs: Float[Tensor, "B T I"], state: State) -> Float[Tensor, "B T H"]:
        """The hidden states after each of T steps from the states (B, 1, H)."""
        first = [part.transpose(0, 1).contiguous() for part in state]
        hidden: Tensor = self.layer(inputs, first[0] if len(first) == 1 else tuple(first))[0]
        return hidden


class Readout(nn.Module):
    """tanh of a linear layer over everything known at a position, with dropout."""

    def __init__(self, input_size: int, embedding_size: int, dropout: float) -> None:
        super().__init__()
        self.linear = nn.Linear(input_size, embedding_size)
        self.dropout = nn.Dropout(dropout)

    def forward(self, *parts: Float[Tensor, "B N _"]) -> Float[Tensor, "B N E"]:
        """What is compared with the embeddings of the target words."""
        readout: Tensor = self.dropout(torch.tanh(self.linear(torch.cat(parts, dim=-1))))
        return readout
