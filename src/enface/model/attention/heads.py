"""Several heads of scaled dot-product attention side by side, over a source or over the sequence itself."""

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from enface.model.attention.composition import Attention
from enface.model.attention.memory import Attended, Memory
from enface.model.attention.scores import ScaledDotScore
from enface.model.attention.selections import SoftSelection
from enface.model.attention.windows import Window
from enface.model.positions import RotaryPositions


class MultiHeadAttention(nn.Module):
    """Vaswani et al. 2017, section 3.2.2: heads of size D = size / heads, each the composition of its own.

    `rotary` turns queries and keys by their positions (Su et al. 2021); it is for a sequence over itself.
    """

    def __init__(
        self, size: int, heads: int, *, window: Window, dropout: float, rotary: RotaryPositions | None = None
    ) -> None:
        super().__init__()
        self.size = size // heads  # D
        self.rotary = rotary
        self.query = nn.Linear(size, size)  # W^Q of all heads
        self.key_value = nn.Linear(size, 2 * size)  # W^K and W^V of all heads
        self.output = nn.Linear(size, size)  # W^O
        self.attention = Attention(ScaledDotScore(), window, SoftSelection(), dropout=dropout)

    def prepare(self, states: Float[Tensor, "B S M"], valid: Bool[Tensor, "B 1 S"] | None) -> Memory:
        """Keys and values (B, heads, S, D) of the states of a source.

        `valid` has one axis of 1 for all heads; memories of several layers may share it.
        """
        keys, values = self._split(self.key_value(states), states.shape[0]).chunk(2, dim=1)
        return Memory(keys.contiguous(), values.contiguous(), valid)  # no views of one: an exported loop takes none

    def forward(
        self, query: Float[Tensor, "*B Q"], memory: Memory, positions: Int[Tensor, " N_or_1"]
    ) -> tuple[Float[Tensor, "*B Q"], Attended]:
        """The heads' contexts joined by W^O, and what each head attended to: weights (B, heads, N, S).

        The queries of the sentences of a batch may stand in one row: (B, N, Q) or (B * N, Q).
        """
        queries = self._split(self.query(query), memory.keys.shape[0])
        attended: Attended = self.attention(queries, memory, positions)
        joined = self._join(attended.context)
        return joined if query.dim() == 2 else joined.reshape(query.shape), attended

    def over_itself(self, states: Float[Tensor, "B S M"], valid: Bool[Tensor, "B S"] | None) -> Float[Tensor, "B S M"]:
        """Self-attention over a whole sequence."""
        positions = torch.arange(states.shape[1], device=states.device)
        queries, keys, values = self.parts(states, states.shape[0], positions)
        each_head = None if valid is None else valid.unsqueeze(1)
        attended: Attended = self.attention(queries, Memory(keys, values, each_head), positions)
        return self._join(attended.context).reshape(states.shape)

    def parts(
        self, states: Float[Tensor, "*B M"], batch: int, positions: Int[Tensor, " N_or_1"]
    ) -> tuple[Float[Tensor, "B heads N D"], Float[Tensor, "B heads N D"], Float[Tensor, "B heads N D"]]:
        """Queries, keys and values of a sequence over itself, as one product with W^Q, W^K and W^V side by side.

        `batch` is B; the states of its sequences may stand in one row: (B, N, M) or (B * N, M).
        """
        weight = torch.cat([self.query.weight, self.key_value.weight])
        bias = torch.cat([self.query.bias, self.key_value.bias])
        queries, keys, values = self._split(nn.functional.linear(states, weight, bias), batch).chunk(3, dim=1)
        return self._turned(queries, positions), self._turned(keys, positions), values

    def recall(
        self,
        queries: Float[Tensor, "B heads N D"],
        keys: Float[Tensor, "B heads t D"],
        values: Float[Tensor, "B heads t D"],
        reach: Float[Tensor, "B N t"],
    ) -> Float[Tensor, "B_times_N Q"]:
        """Self-attention of a new position of N hypotheses over what all hypotheses of their sentence remember.

        `reach` is 0 where what is remembered is a hypothesis's own past and -inf where it is another's.
        """
        scores = self.attention.score(queries, keys) + reach.unsqueeze(1)
        return self._join(torch.matmul(torch.softmax(scores, dim=-1), values))

    def _split(self, tensor: Float[Tensor, "*B heads_times_D"], batch: int) -> Float[Tensor, "B heads N D"]:
        """Each head's part of every position; tensors side by side follow one another as further heads."""
        split = tensor.reshape(batch, -1, tensor.shape[-1] // self.size, self.size)
        return split.transpose(1, 2)

    def _join(self, context: Float[Tensor, "B heads N D"]) -> Float[Tensor, "B_times_N Q"]:
        joined: Tensor = self.output(context.transpose(1, 2).flatten(2).flatten(0, 1))
        return joined

    def _turned(self, tensor: Tensor, positions: Tensor) -> Tensor:
        return tensor if self.rotary is None else self.rotary(tensor, positions)
