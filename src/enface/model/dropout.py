"""Dropout whose random numbers cost little on a CPU.

PyTorch draws a number of its own for every element, one after another on one core: a sixth of a Transformer's training
step here (docs/performance.md). One byte an element is enough: seven elements share a draw of 63 bits.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

_LEVELS = 256


class Dropout(nn.Module):
    """Zeroes elements with probability `probability` in training and scales the others up (Srivastava et al. 2014).

    The probability is rounded to a multiple of 1/256, and the scale belongs to the rounded one.
    """

    def __init__(self, probability: float) -> None:
        super().__init__()
        self.dropped = min(round(probability * _LEVELS), _LEVELS - 1)  # of 256; some must be kept

    def forward(self, values: Float[Tensor, "..."]) -> Float[Tensor, "..."]:
        """The values, some of them zeroed; in evaluation mode the values themselves."""
        if not self.training or self.dropped == 0:
            return values
        if values.device.type != "cpu":
            return nn.functional.dropout(values, self.dropped / _LEVELS)
        kept = _random_bytes(values) >= self.dropped
        return values * kept.to(values.dtype).mul_(_LEVELS / (_LEVELS - self.dropped))


def _random_bytes(like: Tensor) -> Tensor:
    """Independent numbers of 0 to 255 in the shape of `like`."""
    draws = torch.empty(-(-like.numel() // 7), dtype=torch.int64).random_()  # 63 bits each: seven bytes and a rest
    every = draws.view(torch.uint8).view(-1, 8)[:, :7].reshape(-1)
    return every[: like.numel()].view(like.shape)
