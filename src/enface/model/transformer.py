"""Transformer (Vaswani et al. 2017) with the normalisation before each part (pre-norm, Xiong et al. 2020).

Self-attention is the composition of `attention` whose memory is the sequence itself, global or local; the decoder's
attention over the source is the same with several heads. In a search every layer remembers the keys and values of what
was written so far (`enface.model.state`), so that a step costs one position and not the whole prefix. They stay where
they were written: the hypotheses of a sentence look at what all of them left, and each one's reach says which of it is
its own past. What moves when a beam is reordered is the reach alone.
"""

from typing import Literal, NamedTuple, cast

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from enface.model.attention.heads import MultiHeadAttention
from enface.model.attention.memory import Attended, Memory, SourceStates
from enface.model.attention.windows import CausalWindow, GlobalWindow, LocalMonotonicWindow
from enface.model.decoder import Decoded, Memories
from enface.model.dropout import Dropout
from enface.model.positions import RotaryPositions, SinusoidalPositions
from enface.model.state import EVERYTHING, State, empty_past, remember

PositionsName = Literal["sinusoidal", "rotary"]


class TransformerSizes(NamedTuple):
    """What all layers of a Transformer have in common."""

    size: int  # of every state
    heads: int
    feedforward: int
    dropout: float
    positions: PositionsName
    radius: int | None  # of local self-attention, in tokens to each side; None: global

    @property
    def kept(self) -> int:
        """How many steps a decoder looks back at, its own included."""
        return EVERYTHING if self.radius is None else self.radius + 1


class Past(NamedTuple):
    """What a layer of the decoder remembers of the t tokens that all hypotheses of a sentence wrote."""

    keys: Float[Tensor, "B heads t D"]
    values: Float[Tensor, "B heads t D"]
    reach: Float[Tensor, "B N t"]  # 0: of the hypothesis's own past; -inf: of another's


class AlignmentHead(NamedTuple):
    """Whose attention stands for the word alignment: a layer of the decoder, and a head of it or the mean of all."""

    layer: int
    head: int | None

    def of(self, layers: list[Attended]) -> tuple[Float[Tensor, "B N S"], Float[Tensor, "B N S"]]:
        """Weights and scores of that head, of what each layer attended to."""
        chosen = layers[self.layer]
        if self.head is None:
            return chosen.weights.mean(dim=1), chosen.scores.mean(dim=1)
        return chosen.weights[:, self.head], chosen.scores[:, self.head]


class TransformerEncoder(nn.Module):
    """Layers of self-attention over the source."""

    def __init__(self, sizes: TransformerSizes, layers: int) -> None:
        super().__init__()
        self.positions = SinusoidalPositions(sizes.size) if sizes.positions == "sinusoidal" else None
        self.layers = nn.ModuleList([EncoderLayer(sizes) for _ in range(layers)])
        self.norm = nn.LayerNorm(sizes.size)
        self.state_size = sizes.size

    def forward(self, embedded: Float[Tensor, "B S E"], source_valid: Bool[Tensor, "B S"]) -> SourceStates:
        """The states of the source; the last real one stands for the sentence."""
        states = embedded
        if self.positions is not None:
            states = states + self.positions(torch.arange(embedded.shape[1], device=embedded.device))
        for layer in self.layers:
            states = layer(states, source_valid)
        states = self.norm(states)
        last = source_valid.sum(dim=1) - 1
        final = states[torch.arange(states.shape[0], device=states.device), last]
        return SourceStates(states, final, source_valid)


class EncoderLayer(nn.Module):
    """Self-attention, then a feed-forward network, each added to what went in."""

    def __init__(self, sizes: TransformerSizes) -> None:
        super().__init__()
        window = GlobalWindow() if sizes.radius is None else LocalMonotonicWindow(sizes.radius)
        self.attention = _heads(sizes, window, rotary=True)
        self.attention_norm = nn.LayerNorm(sizes.size)
        self.feedforward = FeedForward(sizes)
        self.dropout = Dropout(sizes.dropout)

    def forward(self, states: Float[Tensor, "B S M"], valid: Bool[Tensor, "B S"]) -> Float[Tensor, "B S M"]:
        """The states, one layer further."""
        states = states + self.dropout(self.attention.over_itself(self.attention_norm(states), valid))
        further: Tensor = self.feedforward(states)
        return further


class TransformerDecoder(nn.Module):
    """Layers of self-attention over the target so far and of attention over the source.

    `alignment_head` says which attention `Decoded` shows; it is no parameter, and a bundle states it (see
    `enface.export.alignment`). Until it is measured it is the mean of the heads of the last layer but one, where
    alignments are mostly found (Garg et al. 2019, section 4.2).
    """

    def __init__(self, sizes: TransformerSizes, layers: int) -> None:
        super().__init__()
        self.positions = SinusoidalPositions(sizes.size) if sizes.positions == "sinusoidal" else None
        self.layers = nn.ModuleList([DecoderLayer(sizes) for _ in range(layers)])
        self.norm = nn.LayerNorm(sizes.size)
        self.heads = sizes.heads
        self.head_size = sizes.size // sizes.heads
        self.kept = sizes.kept
        self.alignment_head = AlignmentHead(max(layers - 2, 0), None)

    def prepare(self, source: SourceStates) -> Memories:
        """The memory of each layer."""
        each_head = source.valid.unsqueeze(1)
        return tuple(layer.source_attention.prepare(source.states, each_head) for layer in self._layers())

    def start(self, source: SourceStates) -> State:
        """Keys and values of no steps, for each layer, and nothing in reach."""
        nothing = [empty_past(source.final, (self.heads, 0, self.head_size)) for _ in range(2 * len(self.layers))]
        return State((empty_past(source.final, (1, 0)),), tuple(nothing))

    def step(
        self, embedded: Float[Tensor, "B N E"], state: State, memories: Memories, time: Int[Tensor, ""]
    ) -> tuple[Decoded, State]:
        """One token further: `embedded` is the previous token of each hypothesis, `time` the number of those before."""
        position = time.reshape(1)
        rows = self._placed(embedded, position).flatten(0, 1)
        reach = _with_themselves(state.own[0], embedded, keep=self.kept)
        attended: list[Attended] = []
        following: list[Tensor] = []
        pasts = zip(state.shared[0::2], state.shared[1::2], strict=True)
        for layer, memory, past in zip(self._layers(), memories, pasts, strict=True):
            rows, grown, seen = layer.step(rows, Past(*past, reach), memory, position)
            following += [grown.keys, grown.values]
            attended.append(seen)
        decoded = self._decoded(rows, attended)
        return decoded._replace(readout=decoded.readout.reshape(embedded.shape)), State((reach,), tuple(following))

    def forward(self, embedded: Float[Tensor, "B T E"], state: State, memories: Memories) -> Decoded:
        """Teacher forcing: all T steps at once, `embedded` being the target shifted right by one."""
        positions = torch.arange(embedded.shape[1], device=embedded.device)
        states = self._placed(embedded, positions)
        attended: list[Attended] = []
        for layer, memory in zip(self._layers(), memories, strict=True):
            states, seen = layer(states, memory, positions)
            attended.append(seen)
        return self._decoded(states, attended)

    def _layers(self) -> list["DecoderLayer"]:
        return cast(list[DecoderLayer], list(self.layers))

    def _placed(self, embedded: Tensor, positions: Tensor) -> Tensor:
        return embedded if self.positions is None else embedded + self.positions(positions)

    def _decoded(self, states: Tensor, attended: list[Attended]) -> Decoded:
        return Decoded(self.norm(states), *self.alignment_head.of(attended))


class DecoderLayer(nn.Module):
    """Self-attention, attention over the source, then a feed-forward network, each added to what went in."""

    def __init__(self, sizes: TransformerSizes) -> None:
        super().__init__()
        self.self_attention = _heads(sizes, CausalWindow(sizes.radius), rotary=True)
        self.self_norm = nn.LayerNorm(sizes.size)
        self.source_attention = _heads(sizes, GlobalWindow(), rotary=False)
        self.source_norm = nn.LayerNorm(sizes.size)
        self.feedforward = FeedForward(sizes)
        self.dropout = Dropout(sizes.dropout)
        self.kept = sizes.kept

    def forward(
        self, states: Float[Tensor, "B T M"], memory: Memory, positions: Int[Tensor, " T"]
    ) -> tuple[Float[Tensor, "B T M"], Attended]:
        """All positions, one layer further, and what they attended to in the source."""
        states = states + self.dropout(self.self_attention.over_itself(self.self_norm(states), None))
        return self._look(states, memory, positions)

    def step(
        self, rows: Float[Tensor, "B_times_N M"], past: Past, memory: Memory, position: Int[Tensor, " 1"]
    ) -> tuple[Float[Tensor, "B_times_N M"], Past, Attended]:
        """One position of each hypothesis, one layer further; `past`, whose reach has that position, with it."""
        batch, hypotheses, _ = past.reach.shape
        queries, keys, values = self.self_attention.parts(self.self_norm(rows), batch, position)
        keep = _places(self.kept, hypotheses)
        keys, values = remember(past.keys, keys, keep=keep), remember(past.values, values, keep=keep)
        rows = rows + self.dropout(self.self_attention.recall(queries, keys, values, past.reach))
        rows, attended = self._look(rows, memory, position)
        return rows, Past(keys, values, past.reach), attended

    def _look(self, states: Tensor, memory: Memory, positions: Tensor) -> tuple[Tensor, Attended]:
        context, attended = self.source_attention(self.source_norm(states), memory, positions)
        return self.feedforward(states + self.dropout(context)), attended


class FeedForward(nn.Module):
    """Vaswani et al. 2017, equation 2, on normalised states, added to them: x + W_2 relu(W_1 norm(x))."""

    def __init__(self, sizes: TransformerSizes) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(sizes.size)
        self.wide = nn.Linear(sizes.size, sizes.feedforward)
        self.narrow = nn.Linear(sizes.feedforward, sizes.size)
        self.dropout = Dropout(sizes.dropout)

    def forward(self, states: Float[Tensor, "*B M"]) -> Float[Tensor, "*B M"]:
        """The states, each on its own."""
        hidden = self.dropout(torch.relu(self.wide(self.norm(states))))
        further: Tensor = states + self.dropout(self.narrow(hidden))
        return further


def _with_themselves(reach: Float[Tensor, "B N t"], embedded: Float[Tensor, "B N E"], *, keep: int) -> Tensor:
    """The reach of N hypotheses with the token that each of them reads now, and that no other has read."""
    batch, hypotheses, _ = embedded.shape
    numbers = torch.arange(hypotheses, device=embedded.device)
    others = numbers.unsqueeze(1) != numbers
    now = torch.zeros_like(others, dtype=embedded.dtype).masked_fill(others, float("-inf"))
    return remember(reach, now.expand(batch, -1, -1), keep=_places(keep, hypotheses))


def _places(steps: int, hypotheses: int) -> int:
    """How many tokens all hypotheses write in so many steps."""
    return EVERYTHING if steps == EVERYTHING else steps * hypotheses


def _heads(
    sizes: TransformerSizes, window: GlobalWindow | LocalMonotonicWindow | CausalWindow, *, rotary: bool
) -> MultiHeadAttention:
    turned = RotaryPositions(sizes.size // sizes.heads) if rotary and sizes.positions == "rotary" else None
    return MultiHeadAttention(sizes.size, sizes.heads, window=window, dropout=sizes.dropout, rotary=turned)
