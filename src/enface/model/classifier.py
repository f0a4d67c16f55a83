"""The self-attentive classifier: one logit for a whole sequence of tokens, and where each of its tokens looked.

Embedding, a bidirectional LSTM with dropout, self-attention, one dense unit. What the sequences are and what the logit
stands for is not said here: `enface.judging` puts a sentence and its translation into one sequence and asks whether
they belong together.

The attention is SeqSelfAttention of keras-self-attention, after Zheng et al. 2018 (OpenTag): additive, its scores
through a sigmoid, then a softmax. The textbook's classifier flattens the attended sequence for the dense unit, which
has a weight for every number of every position, as many as the longest sequence has. The other way is the mean over the
real positions: where in the sequence a translation begins depends on its source, so that a position by itself means
little.
"""

from typing import Literal, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from enface.model.attention.composition import Attention
from enface.model.attention.memory import Memory
from enface.model.attention.scores import AdditiveScore
from enface.model.attention.selections import SoftSelection
from enface.model.attention.windows import GlobalWindow, LocalMonotonicWindow, Window
from enface.model.recurrent import BidirectionalLayer, reversal_of

ActivationName = Literal["sigmoid", "none"]
ReachName = Literal["global", "local"]

_EMBEDDING_DEVIATION = 0.3
"""Of the random start; with PyTorch's 1 the gates of the LSTM begin saturated."""


class SigmoidScore(AdditiveScore):
    """e_tt' = sigmoid(v^T tanh(W x_t + U x_t' + b_h) + b_a): SeqSelfAttention with attention_activation="sigmoid".

    Under a softmax a bias b_a behind v^T would change nothing, so `AdditiveScore` has none; in the sigmoid it does.
    Since all scores lie between 0 and 1, no weight is more than e times another.
    """

    def __init__(self, *, query_size: int, state_size: int, size: int) -> None:
        super().__init__(query_size=query_size, state_size=state_size, size=size)
        self.energy = nn.Linear(size, 1)  # v and b_a

    def forward(self, query: Float[Tensor, "*B N Q"], keys: Float[Tensor, "*B S A"]) -> Float[Tensor, "*B N S"]:
        """The scores, each between 0 and 1."""
        return torch.sigmoid(super().forward(query, keys))


class Classified(NamedTuple):
    """What the classifier says of B sequences."""

    logits: Float[Tensor, " B"]
    weights: Float[Tensor, "B L L"]  # row t: how much the token at t looked at each; sums to 1, exactly 0 on padding


class SelfAttentiveClassifier(nn.Module):
    """One logit for a sequence.

    Args:
        attention: of the states over each other.
        vocabulary_size: how many tokens there are.
        embedding_size: of each token.
        hidden_size: of each direction of the LSTM.
        dropout: of embeddings, states and what the dense unit is given.
        positions: how many of a sequence are flattened for the dense unit, the longest sequence's; None: it is given
            their mean.
    """

    def __init__(
        self,
        attention: Attention,
        vocabulary_size: int,
        *,
        embedding_size: int,
        hidden_size: int,
        dropout: float,
        positions: int | None = None,
    ) -> None:
        super().__init__()
        self.positions = positions
        self.embedding = nn.Embedding(vocabulary_size, embedding_size)
        nn.init.normal_(self.embedding.weight, std=_EMBEDDING_DEVIATION)
        self.recurrent = BidirectionalLayer("lstm", embedding_size, hidden_size)
        self.attention = attention
        self.dropout = nn.Dropout(dropout)
        self.dense = nn.Linear((positions or 1) * 2 * hidden_size, 1)

    def forward(self, tokens: Int[Tensor, "B L"], valid: Bool[Tensor, "B L"]) -> Classified:
        """The logit of each sequence and its attention; `valid` is True on real tokens, of which each row has one."""
        embedded = self.dropout(self.embedding(tokens))
        states = self.dropout(self.recurrent(embedded, reversal_of(valid)))
        memory = Memory(self.attention.score.prepare(states), states, valid)
        attended = self.attention(states, memory, torch.arange(tokens.shape[1], device=tokens.device))
        return Classified(self._logits(attended.context, valid), attended.weights)

    def _logits(self, contexts: Float[Tensor, "B L M"], valid: Bool[Tensor, "B L"]) -> Float[Tensor, " B"]:
        """The dense unit's; where all is flattened, of the positions that there are, as those behind them are 0."""
        if self.positions is None:
            logits: Tensor = self.dense(self.dropout(_mean(contexts, valid))).squeeze(-1)
            return logits
        present = torch.arange(valid.shape[1], device=valid.device)
        weights = self.dense.weight.view(self.positions, -1).index_select(0, present)
        real = self.dropout(contexts).masked_fill(~valid.unsqueeze(-1), 0.0)
        flattened: Tensor = (real * weights).sum(dim=(1, 2)) + self.dense.bias
        return flattened

    def calibrate(self, slope: float, intercept: float) -> None:
        """Makes every logit z from now on slope * z + intercept (Platt scaling), inside the dense unit."""
        with torch.no_grad():
            self.dense.weight.mul_(slope)
            self.dense.bias.mul_(slope).add_(intercept)


def make_self_attention(
    activation: ActivationName, reach: ReachName, *, state_size: int, size: int, radius: int
) -> Attention:
    """Additive attention of states over themselves; `radius` is how far a local one reaches, in tokens to each side."""
    score: AdditiveScore
    match activation:
        case "sigmoid":
            score = SigmoidScore(query_size=state_size, state_size=state_size, size=size)
        case "none":
            score = AdditiveScore(query_size=state_size, state_size=state_size, size=size)
    return Attention(score, _make_window(reach, radius), SoftSelection())


def _make_window(reach: ReachName, radius: int) -> Window:
    match reach:
        case "global":
            return GlobalWindow()
        case "local":
            return LocalMonotonicWindow(radius)


def _mean(states: Float[Tensor, "B L M"], valid: Bool[Tensor, "B L"]) -> Float[Tensor, "B M"]:
    """The mean over the real positions."""
    real = valid.unsqueeze(-1).to(states.dtype)
    return (states * real).sum(dim=1) / real.sum(dim=1)
