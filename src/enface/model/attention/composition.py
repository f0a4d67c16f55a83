"""Attention as one composition: a score, a window and a selection over a memory.

    memory = attention.prepare(source)                          # once per source batch
    context, weights, scores = attention(query, memory, positions)

`query` holds N queries per source sentence: the steps of teacher forcing or the hypotheses of a beam alike, and
`positions` the target step of each, or the one step that all are at. Nothing is kept on the modules between calls.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from enface.model.attention.memory import Attended, Memory, SourceStates
from enface.model.attention.scores import Score
from enface.model.attention.selections import Selection
from enface.model.attention.windows import Window
from enface.model.dropout import Dropout


class Attention(nn.Module):
    """A score, a window and a selection, and the context they give: c_i = sum_j alpha_ij h_j (Bahdanau 2015, eq. 5)."""

    def __init__(self, score: Score, window: Window, selection: Selection, *, dropout: float = 0.0) -> None:
        super().__init__()
        self.score = score
        self.window = window
        self.selection = selection
        self.dropout = Dropout(dropout)  # of the weights that make the context, not of those returned

    def prepare(self, source: SourceStates) -> Memory:
        """The memory of a source batch."""
        return Memory(self.score.prepare(source.states), source.states, source.valid)

    def forward(self, query: Float[Tensor, "*B N Q"], memory: Memory, positions: Int[Tensor, " N_or_1"]) -> Attended:
        """Context, weights and windowed scores of each query."""
        scores = self.window(self.score(query, memory.keys), query, positions, memory.valid)
        weights: Tensor = self.selection(scores)
        return Attended(torch.matmul(self.dropout(weights), memory.values), weights, scores)


class NoAttention(nn.Module):
    """The baseline: whatever is asked, the context is the encoder's final state (Cho et al. 2014).

    Its weights all lie on the last real token, the end of the sentence, which by the rule of
    `enface.alignment.matrix` means 'aligned to nothing'.
    """

    def prepare(self, source: SourceStates) -> Memory:
        """A memory whose every value is the final state."""
        values = source.final.unsqueeze(1).expand(-1, source.states.shape[1], -1)
        return Memory(values[..., :1], values, source.valid)

    def forward(self, query: Float[Tensor, "B N Q"], memory: Memory, positions: Int[Tensor, " N_or_1"]) -> Attended:
        """The final state for every query, and weights of 1 on the last real token."""
        assert memory.valid is not None
        last = memory.valid.sum(dim=1, keepdim=True) - 1
        here = (torch.arange(memory.valid.shape[1], device=query.device) == last).unsqueeze(1)
        here = here.expand(-1, query.shape[1], -1)
        scores = torch.zeros_like(here, dtype=query.dtype).masked_fill(~here, float("-inf"))
        return Attended(memory.values[:, :1].expand(-1, query.shape[1], -1), here.to(query.dtype), scores)


AnyAttention = Attention | NoAttention
