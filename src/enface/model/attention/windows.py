"""Windows: which positions a query may look at, and how scores fall off inside.

A window returns the scores with -inf where it does not reach. It reaches at least one real token for every query, as
a softmax over nothing is not a number.
"""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

Valid = Bool[Tensor, "*#B S"] | None


class GlobalWindow(nn.Module):
    """Every real token is in reach (Luong et al. 2015, section 3.1)."""

    def forward(
        self,
        scores: Float[Tensor, "*B N S"],
        query: Float[Tensor, "*B N Q"],
        positions: Int[Tensor, " N_or_1"],
        valid: Valid,
    ) -> Float[Tensor, "*B N S"]:
        """The scores, -inf on padding."""
        return scores if valid is None else scores.masked_fill(~valid.unsqueeze(-2), float("-inf"))


class LocalMonotonicWindow(nn.Module):
    """local-m of Luong et al. 2015, section 3.2: the 2D + 1 positions around p_t = t.

    Past the end of a source p_t stays at its last token, so that a translation longer than its source still sees it.
    In self-attention, where queries and keys are one sequence, this is a band along the diagonal.
    """

    def __init__(self, radius: int) -> None:
        super().__init__()
        self.radius = radius  # D

    def forward(
        self,
        scores: Float[Tensor, "*B N S"],
        query: Float[Tensor, "*B N Q"],
        positions: Int[Tensor, " N_or_1"],
        valid: Valid,
    ) -> Float[Tensor, "*B N S"]:
        """The scores, -inf on padding and further than D from p_t."""
        size = scores.shape[-1]
        last = size - 1 if valid is None else valid.sum(dim=-1, keepdim=True).unsqueeze(-1) - 1
        centre = torch.minimum(positions.unsqueeze(-1), torch.as_tensor(last, device=scores.device))
        near = (torch.arange(size, device=scores.device) - centre).abs() <= self.radius
        inside = near if valid is None else near & valid.unsqueeze(-2)
        return scores.masked_fill(~inside, float("-inf"))


class LocalPredictiveWindow(nn.Module):
    """local-p of Luong et al. 2015, section 3.2: the positions around a place p_t that the query predicts.

    p_t = S sigmoid(v_p^T tanh(W_p h_t)) (equation 9), S the number of real source tokens; the window is
    [p_t - D, p_t + D], and a Gaussian with sigma = D / 2 favours its middle. The paper multiplies the weights by the
    Gaussian (equation 10), after which they no longer sum to 1; here its logarithm is added to the scores, which is the
    same and normalised again.
    """

    def __init__(self, radius: int, *, query_size: int, size: int) -> None:
        super().__init__()
        self.radius = radius  # D
        self.hidden = nn.Linear(query_size, size, bias=False)  # W_p
        self.place = nn.Linear(size, 1, bias=False)  # v_p

    def forward(
        self,
        scores: Float[Tensor, "*B N S"],
        query: Float[Tensor, "*B N Q"],
        positions: Int[Tensor, " N_or_1"],
        valid: Valid,
    ) -> Float[Tensor, "*B N S"]:
        """The scores with the Gaussian's logarithm, -inf on padding and further than D from p_t."""
        size = scores.shape[-1]
        lengths = size if valid is None else valid.sum(dim=-1, keepdim=True).unsqueeze(-1)
        share = torch.sigmoid(self.place(torch.tanh(self.hidden(query))))
        centre = share.to(torch.promote_types(share.dtype, torch.float32)) * lengths  # p_t, (*B, N, 1)
        distance = torch.arange(size, device=scores.device) - centre
        near = distance.abs() <= self.radius
        inside = near if valid is None else near & valid.unsqueeze(-2)
        fall = 2 * (distance / self.radius).square()  # (s - p_t)^2 / (2 sigma^2)
        return (scores - fall).masked_fill(~inside, float("-inf"))


class CausalWindow(nn.Module):
    """Self-attention of a decoder: a position sees itself and those before it, all or the `radius` nearest."""

    def __init__(self, radius: int | None = None) -> None:
        super().__init__()
        self.radius = radius

    def forward(
        self,
        scores: Float[Tensor, "*B N S"],
        query: Float[Tensor, "*B N Q"],
        positions: Int[Tensor, " N_or_1"],
        valid: Valid,
    ) -> Float[Tensor, "*B N S"]:
        """The scores, -inf on what comes later; padding on the right comes later than every real token."""
        back = positions.unsqueeze(-1) - torch.arange(scores.shape[-1], device=scores.device)
        inside = back >= 0
        if self.radius is not None:
            inside = inside & (back <= self.radius)
        return scores.masked_fill(~inside, float("-inf"))


Window = GlobalWindow | LocalMonotonicWindow | LocalPredictiveWindow | CausalWindow
