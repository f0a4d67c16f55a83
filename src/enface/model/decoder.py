"""Recurrent decoders: from the memory of a source batch, one target token after another.

A step advances N hypotheses of each source sentence at once, whether they are the one prefix of teacher forcing or the
beams of a search. All of their state (`enface.model.state`) is their own.
"""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from enface.model.attention.composition import AnyAttention
from enface.model.attention.memory import Attended, Memory, SourceStates
from enface.model.dropout import Dropout
from enface.model.recurrent import STATE_PARTS, Cell, CellState, RecurrentStep
from enface.model.state import State

DecoderName = Literal["bahdanau", "luong"]
Memories = tuple[Memory, ...]
"""What a decoder's layers attend to; a recurrent decoder has one such layer."""


class Decoded(NamedTuple):
    """What a decoder says of N target positions."""

    readout: Float[Tensor, "B N E"]  # to be compared with the embeddings of the target words
    weights: Float[Tensor, "B N S"]  # the attention weights
    scores: Float[Tensor, "B N S"]  # what the weights were made from


class DecoderSizes(NamedTuple):
    """The widths that a decoder joins."""

    embedding: int
    hidden: int
    memory: int  # of the encoder's states, and so of a context


class RecurrentDecoder(nn.Module):
    """What the two recurrent decoders share: one attention, a recurrent step, a first state and a readout."""

    def __init__(self, cell: Cell, attention: AnyAttention, sizes: DecoderSizes) -> None:
        super().__init__()
        self.attention = attention
        self.first_state = FirstState(cell, sizes)

    def prepare(self, source: SourceStates) -> Memories:
        """The one memory of a source batch."""
        return (self.attention.prepare(source),)

    def start(self, source: SourceStates) -> State:
        """The state of one hypothesis of each sentence before its first token."""
        return State(self.first_state(source))


class BahdanauDecoder(RecurrentDecoder):
    """Attend with the previous state, then step (Bahdanau et al. 2015, appendix A.2.2).

    s_i = f(s_{i-1}, [y_{i-1}; c_i]) with f a GRU or an LSTM, and a readout t_i = tanh(U s_i + V y_{i-1} + C c_i), where
    the paper has a maxout.
    """

    def __init__(self, cell: Cell, attention: AnyAttention, sizes: DecoderSizes, *, dropout: float) -> None:
        super().__init__(cell, attention, sizes)
        input_size = sizes.embedding + sizes.memory
        self.cell = RecurrentStep(cell, input_size, sizes.hidden)
        self.readout = Readout(sizes.hidden + input_size, sizes.embedding, dropout)

    def step(
        self, embedded: Float[Tensor, "B N E"], state: State, memories: Memories, time: Int[Tensor, ""]
    ) -> tuple[Decoded, State]:
        """One token further: `embedded` is the previous token of each hypothesis, `time` the number of those before."""
        state, attended = self._recur(embedded, state, memories, time)
        readout = self.readout(state.own[0], embedded, attended.context)
        return Decoded(readout, attended.weights, attended.scores), state

    def forward(self, embedded: Float[Tensor, "B T E"], state: State, memories: Memories) -> Decoded:
        """Teacher forcing: all T steps, `embedded` being the target shifted right by one."""
        hidden, steps = [], []
        for time, previous in enumerate(torch.split(embedded, 1, dim=1)):
            state, attended = self._recur(previous, state, memories, torch.tensor(time, device=embedded.device))
            hidden.append(state.own[0])
            steps.append(attended)
        contexts, weights, scores = (torch.cat(parts, 1) for parts in zip(*steps, strict=True))
        return Decoded(self.readout(torch.cat(hidden, 1), embedded, contexts), weights, scores)

    def _recur(self, embedded: Tensor, state: State, memories: Memories, time: Tensor) -> tuple[State, Attended]:
        attended = self.attention(state.own[0], memories[0], time.reshape(1))
        return State(self.cell(torch.cat([embedded, attended.context], dim=-1), state.own)), attended


class LuongDecoder(RecurrentDecoder):
    """Step, then attend with the new state (Luong et al. 2015, section 3), without input feeding.

    h_t = f(h_{t-1}, y_{t-1}) and a readout h~_t = tanh(W_c [c_t; h_t]) (equation 5). The recurrence does not wait for
    the attention, so that teacher forcing runs over all steps at once.
    """

    def __init__(self, cell: Cell, attention: AnyAttention, sizes: DecoderSizes, *, dropout: float) -> None:
        super().__init__(cell, attention, sizes)
        self.cell = RecurrentStep(cell, sizes.embedding, sizes.hidden)
        self.readout = Readout(sizes.hidden + sizes.memory, sizes.embedding, dropout)

    def step(
        self, embedded: Float[Tensor, "B N E"], state: State, memories: Memories, time: Int[Tensor, ""]
    ) -> tuple[Decoded, State]:
        """One token further: `embedded` is the previous token of each hypothesis, `time` the number of those before."""
        moved = self.cell(embedded, state.own)
        return self._attend(moved[0], memories, time.reshape(1)), State(moved)

    def forward(self, embedded: Float[Tensor, "B T E"], state: State, memories: Memories) -> Decoded:
        """Teacher forcing: all T steps, `embedded` being the target shifted right by one."""
        positions = torch.arange(embedded.shape[1], device=embedded.device)
        return self._attend(self.cell.over(embedded, state.own), memories, positions)

    def _attend(self, hidden: Tensor, memories: Memories, positions: Tensor) -> Decoded:
        context, weights, scores = self.attention(hidden, memories[0], positions)
        return Decoded(self.readout(hidden, context), weights, scores)


class InputFeedingDecoder(RecurrentDecoder):
    """Luong's decoder with input feeding (Luong et al. 2015, section 3.3): h_t = f(h_{t-1}, [y_{t-1}; h~_{t-1}]).

    What was attended to before is known to the next step; the steps then have to wait for each other. The last part of
    the state is h~_{t-1}, all zeros before the first step.
    """

    def __init__(self, cell: Cell, attention: AnyAttention, sizes: DecoderSizes, *, dropout: float) -> None:
        super().__init__(cell, attention, sizes)
        self.cell = RecurrentStep(cell, 2 * sizes.embedding, sizes.hidden)
        self.readout = Readout(sizes.hidden + sizes.memory, sizes.embedding, dropout)
        self.fed_size = sizes.embedding

    def start(self, source: SourceStates) -> State:
        """The state of one hypothesis of each sentence before its first token."""
        nothing = source.final.new_zeros(source.final.shape[0], 1, self.fed_size)
        return State((*super().start(source).own, nothing))

    def step(
        self, embedded: Float[Tensor, "B N E"], state: State, memories: Memories, time: Int[Tensor, ""]
    ) -> tuple[Decoded, State]:
        """One token further: `embedded` is the previous token of each hypothesis, `time` the number of those before."""
        *recurrent, fed = state.own
        moved = self.cell(torch.cat([embedded, fed], dim=-1), tuple(recurrent))
        context, weights, scores = self.attention(moved[0], memories[0], time.reshape(1))
        readout = self.readout(moved[0], context)
        return Decoded(readout, weights, scores), State((*moved, readout))

    def forward(self, embedded: Float[Tensor, "B T E"], state: State, memories: Memories) -> Decoded:
        """Teacher forcing: all T steps, `embedded` being the target shifted right by one."""
        steps = []
        for time, previous in enumerate(torch.split(embedded, 1, dim=1)):
            decoded, state = self.step(previous, state, memories, torch.tensor(time, device=embedded.device))
            steps.append(decoded)
        return Decoded(*(torch.cat(parts, 1) for parts in zip(*steps, strict=True)))


AnyRecurrentDecoder = BahdanauDecoder | LuongDecoder | InputFeedingDecoder


class FirstState(nn.Module):
    """The state (B, 1, H) before the first token: tanh(W_s h), h the encoder's final state."""

    def __init__(self, cell: Cell, sizes: DecoderSizes) -> None:
        super().__init__()
        self.bridges = nn.ModuleList([nn.Linear(sizes.memory, sizes.hidden) for _ in range(STATE_PARTS[cell])])

    def forward(self, source: SourceStates) -> CellState:
        """A bridge for each part of the cell's state."""
        return tuple(torch.tanh(bridge(source.final)).unsqueeze(1) for bridge in self.bridges)


class Readout(nn.Module):
    """tanh of a linear layer over everything known at a position, with dropout."""

    def __init__(self, input_size: int, embedding_size: int, dropout: float) -> None:
        super().__init__()
        self.linear = nn.Linear(input_size, embedding_size)
        self.dropout = Dropout(dropout)

    def forward(self, *parts: Float[Tensor, "B N _"]) -> Float[Tensor, "B N E"]:
        """What is compared with the embeddings of the target words."""
        readout: Tensor = self.dropout(torch.tanh(self.linear(torch.cat(parts, dim=-1))))
        return readout
