"""Where a token stands, for a network that has no order of its own."""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn


class SinusoidalPositions(nn.Module):
    """Vaswani et al. 2017, section 3.5: PE(p, 2i) = sin(p / 10000^(2i/size)), PE(p, 2i+1) = cos(the same)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("frequencies", _frequencies(size).repeat_interleave(2), persistent=False)
        self.register_buffer("phases", torch.tensor([0.0, math.pi / 2]).repeat(size // 2), persistent=False)

    def forward(self, positions: Int[Tensor, " N"]) -> Float[Tensor, "N size"]:
        """What is added to the embeddings at these positions; a cosine is a sine a quarter of a turn further."""
        assert isinstance(self.frequencies, Tensor)
        assert isinstance(self.phases, Tensor)
        return torch.sin(positions.unsqueeze(-1) * self.frequencies + self.phases)


class RotaryPositions(nn.Module):
    """Su et al. 2021, section 3.2: pairs of numbers turned by an angle that grows with the position.

    The product of a query and a key that were both turned depends on how far apart they stand, and on no more.
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("frequencies", _frequencies(size), persistent=False)

    def forward(self, vectors: Float[Tensor, "*B N D"], positions: Int[Tensor, " N_or_1"]) -> Float[Tensor, "*B N D"]:
        """The vectors, each turned by its position (equation 34, with the pairs (d, d + D/2))."""
        assert isinstance(self.frequencies, Tensor)
        angles = positions.unsqueeze(-1) * self.frequencies
        cosine, sine = angles.cos().to(vectors.dtype), angles.sin().to(vectors.dtype)
        first, second = vectors.chunk(2, dim=-1)
        return torch.cat([first * cosine - second * sine, second * cosine + first * sine], dim=-1)


def _frequencies(size: int) -> Float[Tensor, " half"]:
    return torch.exp(torch.arange(0, size, 2, dtype=torch.float64) * (-math.log(10_000.0) / size)).float()
