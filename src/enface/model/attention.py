"""Attention as one composition: a score, a window and a selection over a memory.

    memory = attention.prepare(source)                # once per source batch
    context, weights = attention(query, memory)       # (B, N, M), (B, N, S): rows sum to 1, exactly 0 on padding

`query` holds N queries per source sentence: the steps of teacher forcing or the hypotheses of a beam alike. Every part
of the composition is one small class and one arm of one `match` in `make_attention`. Nothing is kept on the modules
between calls.
"""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn

from enface.model.encoder import SourceStates

AttentionName = Literal["additive", "none"]


class Memory(NamedTuple):
    """What is attended to, prepared once per source batch."""

    keys: Float[Tensor, "B S A"]  # what a query is compared with
    values: Float[Tensor, "B S M"]  # what the context is a mean of
    valid: Bool[Tensor, "B S"]  # True = real token


class AdditiveScore(nn.Module):
    """Bahdanau et al. 2015, appendix A.1.2: e_ij = v_a^T tanh(W_a s_{i-1} + U_a h_j); U_a h_j is computed once."""

    def __init__(self, *, query_size: int, state_size: int, size: int) -> None:
        super().__init__()
        self.query = nn.Linear(query_size, size, bias=False)  # W_a
        self.key = nn.Linear(state_size, size)  # U_a, with a bias
        self.energy = nn.Linear(size, 1, bias=False)  # v_a

    def prepare(self, states: Float[Tensor, "B S M"]) -> Float[Tensor, "B S A"]:
        """The keys U_a h_j."""
        keys: Tensor = self.key(states)
        return keys

    def forward(self, query: Float[Tensor, "B N Q"], keys: Float[Tensor, "B S A"]) -> Float[Tensor, "B N S"]:
        """The energies e_ij."""
        energies: Tensor = self.energy(torch.tanh(self.query(query).unsqueeze(2) + keys.unsqueeze(1)))
        return energies.squeeze(-1)


class GlobalWindow(nn.Module):
    """Every real source token is in reach (Luong et al. 2015, section 3.1)."""

    def forward(self, scores: Float[Tensor, "B N S"], valid: Bool[Tensor, "B S"]) -> Float[Tensor, "B N S"]:
        """The scores, -inf outside the window."""
        return scores.masked_fill(~valid.unsqueeze(1), float("-inf"))


class SoftSelection(nn.Module):
    """The softmax over the window (Bahdanau et al. 2015, equation 6)."""

    def forward(self, scores: Float[Tensor, "B N S"]) -> Float[Tensor, "B N S"]:
        """The weights alpha_ij."""
        return torch.softmax(scores, dim=-1)


class Attention(nn.Module):
    """A score, a window and a selection, and the context that they give: c_i = sum_j alpha_ij h_j (equation 5)."""

    def __init__(self, score: AdditiveScore, window: GlobalWindow, selection: SoftSelection) -> None:
        super().__init__()
        self.score = score
        self.window = window
        self.selection = selection

    def prepare(self, source: SourceStates) -> Memory:
        """The memory of a source batch."""
        return Memory(self.score.prepare(source.states), source.states, source.valid)

    def forward(
        self, query: Float[Tensor, "B N Q"], memory: Memory
    ) -> tuple[Float[Tensor, "B N M"], Float[Tensor, "B N S"]]:
        """The context vectors and the attention weights."""
        scores = self.window(self.score(query, memory.keys), memory.valid)
        weights: Tensor = self.selection(scores)
        return torch.matmul(weights, memory.values), weights


class NoAttention(nn.Module):
    """The baseline: whatever is asked, the context is the encoder's final state (Cho et al. 2014).

    Its weights all lie on the last real token, the end of the sentence, which by the rule of
    `enface.alignment.matrix` means 'aligned to nothing'.
    """

    def prepare(self, source: SourceStates) -> Memory:
        """A memory whose every value is the final state."""
        values = source.final.unsqueeze(1).expand(-1, source.states.shape[1], -1)
        return Memory(values[..., :1], values, source.valid)

    def forward(
        self, query: Float[Tensor, "B N Q"], memory: Memory
    ) -> tuple[Float[Tensor, "B N M"], Float[Tensor, "B N S"]]:
        """The final state for every query, and weights of 1 on the last real token."""
        last = memory.valid.sum(dim=1, keepdim=True) - 1
        positions = torch.arange(memory.valid.shape[1], device=query.device)
        weights = (positions == last).to(query.dtype).unsqueeze(1).expand(-1, query.shape[1], -1)
        return memory.values[:, :1].expand(-1, query.shape[1], -1), weights


AnyAttention = Attention | NoAttention


def make_attention(name: AttentionName, *, query_size: int, state_size: int, size: int) -> AnyAttention:
    """The attention called `name`; `size` is the width of its hidden layer, where it has one."""
    match name:
        case "additive":
            score = AdditiveScore(query_size=query_size, state_size=state_size, size=size)
            return Attention(score, GlobalWindow(), SoftSelection())
        case "none":
            return NoAttention()
