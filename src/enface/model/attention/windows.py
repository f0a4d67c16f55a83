"""Windows: which positions a query may look at, and how scores fall off inside.

A window returns the scores with -inf where it does not reach. It reaches at least one real token for every query, as
a softmax over nothing is not a number.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

Scores = Float[Tensor, "*B N S"]
Query = Float[Tensor, "*B N Q"]
Positions = Int[Tensor, " N_or_1"]
Valid = Bool[Tensor, "*#B S"] | None
Lengths = Int[Tensor, "*#B 1 1"]


class GlobalWindow(nn.Module):
    """Every real token is in reach (Luong et al. 2015, section 3.1)."""

    def forward(self, scores: Scores, query: Query, positions: Positions, valid: Valid) -> Scores:
        """The scores, -inf on padding."""
        return scores if valid is None else scores.masked_fill(~valid.unsqueeze(-2), float("-inf"))


class LocalWindow(nn.Module):
    """2D + 1 positions around a centre p_t (Luong et al. 2015, section 3.2); where that is, is said by each kind."""

    def __init__(self, radius: int) -> None:
        super().__init__()
        self.radius = radius  # D

    def centre(self, query: Query, positions: Positions, lengths: Lengths) -> Tensor:
        """p_t of each query, (*B, N, 1) or broadcast to it; `lengths` are S, the real source tokens."""
        raise NotImplementedError

    def forward(self, scores: Scores, query: Query, positions: Positions, valid: Valid) -> Scores:
        """The scores as they fall off from the centre, -inf on padding and further than D from it."""
        places = torch.arange(scores.shape[-1], device=scores.device)
        valid = torch.ones_like(scores[..., 0, :], dtype=torch.bool) if valid is None else valid
        distance = places - self.centre(query, positions, valid.sum(dim=-1, keepdim=True).unsqueeze(-1))
        inside = (distance.abs() <= self.radius) & valid.unsqueeze(-2)
        return self._fallen(scores, distance).masked_fill(~inside, float("-inf"))

    def _fallen(self, scores: Tensor, distance: Tensor) -> Tensor:
        return scores


class LocalMonotonicWindow(LocalWindow):
    """local-m: p_t = t.

    Past the end of a source p_t stays at its last token, so that a translation longer than its source still sees it.
    In self-attention, where queries and keys are one sequence, this is a band along the diagonal.
    """

    def centre(self, query: Query, positions: Positions, lengths: Lengths) -> Tensor:
        """t, or the last token."""
        return torch.minimum(positions.unsqueeze(-1), lengths - 1)


class LocalPredictiveWindow(LocalWindow):
    """local-p: p_t is predicted from the query, and a Gaussian with sigma = D / 2 favours the middle.

    The paper multiplies the weights by the Gaussian (equation 10), after which they no longer sum to 1; here its
    logarithm is added to the scores, which is the same and normalised again.
    """

    def __init__(self, radius: int, *, query_size: int, size: int) -> None:
        super().__init__(radius)
        self.hidden = nn.Linear(query_size, size, bias=False)  # W_p
        self.place = nn.Linear(size, 1, bias=False)  # v_p

    def centre(self, query: Query, positions: Positions, lengths: Lengths) -> Tensor:
        """p_t = S sigmoid(v_p^T tanh(W_p h_t)) (equation 9), in float32 at least."""
        share = torch.sigmoid(self.place(torch.tanh(self.hidden(query))))
        return share.to(torch.promote_types(share.dtype, torch.float32)) * lengths

    def _fallen(self, scores: Tensor, distance: Tensor) -> Tensor:
        return scores - 2 * (distance / self.radius).square()  # (s - p_t)^2 / (2 sigma^2)


class CausalWindow(nn.Module):
    """Self-attention of a decoder: a position sees itself and those before it, all or the `radius` nearest."""

    def __init__(self, radius: int | None = None) -> None:
        super().__init__()
        self.radius = radius

    def forward(self, scores: Scores, query: Query, positions: Positions, valid: Valid) -> Scores:
        """The scores, -inf on what comes later; padding on the right comes later than every real token."""
        back = positions.unsqueeze(-1) - torch.arange(scores.shape[-1], device=scores.device)
        inside = back >= 0
        if self.radius is not None:
            inside = inside & (back <= self.radius)
        return scores.masked_fill(~inside, float("-inf"))


Window = GlobalWindow | LocalMonotonicWindow | LocalPredictiveWindow | CausalWindow
