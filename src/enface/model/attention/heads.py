"""Several heads of scaled dot-product attention side by side, over a source or over the sequence itself."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from enface.model.attention.composition import Attention
from enface.model.attention.memory import Attended, Memory
from enface.model.attention.scores import ScaledDotScore
from enface.model.attention.selections import SoftSelection
from enface.model.attention.windows import GlobalWindow, Window
from enface.model.positions import RotaryPositions


class MultiHeadAttention(nn.Module):
    """Vaswani et al. 2017, section 3.2.2: heads of size D = size / heads, each the composition of its own.

    `rotary` turns queries and keys by their positions (Su et al. 2021); it is for a sequence over itself.
    """

    def __init__(
        self, size: int, heads: int, *, window: Window, dropout: float, rotary: RotaryPositions | None = None
    ) -> None:
        super().__init__()
        self.heads = heads
        self.rotary = rotary
        self.query = nn.Linear(size, size)  # W^Q of all heads
        self.key_value = nn.Linear(size, 2 * size)  # W^K and W^V of all heads
        self.output = nn.Linear(size, size)  # W^O
        self.attention = Attention(ScaledDotScore(), window, SoftSelection(), dropout=dropout)
        self.remembering = Attention(ScaledDotScore(), GlobalWindow(), SoftSelection())

    def prepare(
        self,
        states: Float[Tensor, "B S M"],
        valid: Bool[Tensor, "B 1 S"] | None,
        positions: Int[Tensor, " S_or_1"] | None = None,
    ) -> Memory:
        """Keys and values (B, heads, S, D) of the states; `positions` are theirs, for rotary ones alone.

        `valid` has one axis of 1 for all heads; memories of several layers may share it.
        """
        keys, values = self.key_value(states).chunk(2, dim=-1)
        keys = self._turned(self._split(keys), positions)
        return Memory(keys, self._split(values), valid)

    def forward(
        self, query: Float[Tensor, "B N Q"], memory: Memory, positions: Int[Tensor, " N_or_1"]
    ) -> tuple[Float[Tensor, "B N Q"], Attended]:
        """The heads' contexts joined by W^O, and what each head attended to: weights (B, heads, N, S)."""
        queries = self._turned(self._split(self.query(query)), positions)
        attended: Attended = self.attention(queries, memory, positions)
        return self._join(attended.context), attended

    def over_itself(self, states: Float[Tensor, "B S M"], valid: Bool[Tensor, "B S"] | None) -> Float[Tensor, "B S M"]:
        """Self-attention over a whole sequence."""
        positions = torch.arange(states.shape[1], device=states.device)
        each_head = None if valid is None else valid.unsqueeze(1)
        context, _ = self(states, self.prepare(states, each_head, positions), positions)
        joined: Tensor = context
        return joined

    def recall(
        self, query: Float[Tensor, "R 1 Q"], memory: Memory, positions: Int[Tensor, " 1"]
    ) -> Float[Tensor, "R 1 Q"]:
        """Self-attention of one new position of R sequences over what each of them remembers: all of it is in reach."""
        queries = self._turned(self._split(self.query(query)), positions)
        return self._join(self.remembering(queries, memory, positions).context)

    def _split(self, tensor: Float[Tensor, "B N Q"]) -> Float[Tensor, "B heads N D"]:
        split = tensor.reshape(*tensor.shape[:2], self.heads, -1)
        return split.transpose(1, 2).contiguous()

    def _join(self, context: Float[Tensor, "B heads N D"]) -> Float[Tensor, "B N Q"]:
        joined: Tensor = self.output(context.transpose(1, 2).flatten(2))
        return joined

    def _turned(self, tensor: Tensor, positions: Tensor | None) -> Tensor:
        if self.rotary is None:
            return tensor
        assert positions is not None
        turned: Tensor = self.rotary(tensor, positions)
        return turned
