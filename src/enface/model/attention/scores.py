"""Scores: how well a query fits a key. Symbols are those of the papers: query s or h_t, key h_j.

A score has two halves: `prepare` makes keys of the states once per source batch, `forward` compares queries with them.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn


class AdditiveScore(nn.Module):
    """Bahdanau et al. 2015, appendix A.1.2: e_ij = v_a^T tanh(W_a s_{i-1} + U_a h_j); U_a h_j is computed once."""

    def __init__(self, *, query_size: int, state_size: int, size: int) -> None:
        super().__init__()
        self.query = nn.Linear(query_size, size, bias=False)  # W_a
        self.key = nn.Linear(state_size, size)  # U_a, with a bias
        self.energy = nn.Linear(size, 1, bias=False)  # v_a

    def prepare(self, states: Float[Tensor, "*B S M"]) -> Float[Tensor, "*B S A"]:
        """The keys U_a h_j."""
        keys: Tensor = self.key(states)
        return keys

    def forward(self, query: Float[Tensor, "*B N Q"], keys: Float[Tensor, "*B S A"]) -> Float[Tensor, "*B N S"]:
        """The energies e_ij."""
        energies: Tensor = self.energy(torch.tanh(self.query(query).unsqueeze(-2) + keys.unsqueeze(-3)))
        return energies.squeeze(-1)


class DotScore(nn.Module):
    """Luong et al. 2015, equation 8, dot: h_t^T h_s; query and states are of one size."""

    def prepare(self, states: Float[Tensor, "*B S A"]) -> Float[Tensor, "*B S A"]:
        """The states themselves."""
        return states

    def forward(self, query: Float[Tensor, "*B N A"], keys: Float[Tensor, "*B S A"]) -> Float[Tensor, "*B N S"]:
        """The products of every query with every key."""
        return torch.matmul(query, keys.transpose(-1, -2))


class GeneralScore(nn.Module):
    """Luong et al. 2015, equation 8, general: h_t^T W_a h_s; W_a h_s is computed once."""

    def __init__(self, *, query_size: int, state_size: int) -> None:
        super().__init__()
        self.key = nn.Linear(state_size, query_size, bias=False)  # W_a

    def prepare(self, states: Float[Tensor, "*B S M"]) -> Float[Tensor, "*B S Q"]:
        """The keys W_a h_s."""
        keys: Tensor = self.key(states)
        return keys

    def forward(self, query: Float[Tensor, "*B N Q"], keys: Float[Tensor, "*B S Q"]) -> Float[Tensor, "*B N S"]:
        """The products of every query with every key."""
        return torch.matmul(query, keys.transpose(-1, -2))


class ConcatScore(nn.Module):
    """Luong et al. 2015, equation 8, concat: v_a^T tanh(W_a [h_t; h_s]), with one matrix W_a and no bias.

    W_a [h_t; h_s] is the sum of a part for the query and a part for the state, and that is how it is computed: the
    second once per source batch.
    """

    def __init__(self, *, query_size: int, state_size: int, size: int) -> None:
        super().__init__()
        self.query_size = query_size
        self.joined = nn.Linear(query_size + state_size, size, bias=False)  # W_a
        self.energy = nn.Linear(size, 1, bias=False)  # v_a

    def prepare(self, states: Float[Tensor, "*B S M"]) -> Float[Tensor, "*B S A"]:
        """The states' part of W_a [h_t; h_s]."""
        return nn.functional.linear(states, self.joined.weight[:, self.query_size :])

    def forward(self, query: Float[Tensor, "*B N Q"], keys: Float[Tensor, "*B S A"]) -> Float[Tensor, "*B N S"]:
        """The scores of every query with every state."""
        queries = nn.functional.linear(query, self.joined.weight[:, : self.query_size])
        energies: Tensor = self.energy(torch.tanh(queries.unsqueeze(-2) + keys.unsqueeze(-3)))
        return energies.squeeze(-1)


class ScaledDotScore(nn.Module):
    """Vaswani et al. 2017, equation 1: q^T k / sqrt(d), d the size of both."""

    def prepare(self, states: Float[Tensor, "*B S A"]) -> Float[Tensor, "*B S A"]:
        """The states themselves."""
        return states

    def forward(self, query: Float[Tensor, "*B N A"], keys: Float[Tensor, "*B S A"]) -> Float[Tensor, "*B N S"]:
        """The scaled products of every query with every key."""
        return torch.matmul(query * query.shape[-1] ** -0.5, keys.transpose(-1, -2))


class ProjectedScore(nn.Module):
    """A score of linear maps of query and state (Vaswani et al. 2017, section 3.2.2, W^Q and W^K of one head)."""

    def __init__(self, score: DotScore | ScaledDotScore, *, query_size: int, state_size: int, size: int) -> None:
        super().__init__()
        self.score = score
        self.query = nn.Linear(query_size, size, bias=False)  # W^Q
        self.key = nn.Linear(state_size, size, bias=False)  # W^K

    def prepare(self, states: Float[Tensor, "*B S M"]) -> Float[Tensor, "*B S A"]:
        """The projected keys."""
        keys: Tensor = self.score.prepare(self.key(states))
        return keys

    def forward(self, query: Float[Tensor, "*B N Q"], keys: Float[Tensor, "*B S A"]) -> Float[Tensor, "*B N S"]:
        """The scores of the projected queries."""
        scores: Tensor = self.score(self.query(query), keys)
        return scores


Score = AdditiveScore | DotScore | GeneralScore | ConcatScore | ScaledDotScore | ProjectedScore
