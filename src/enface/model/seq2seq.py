"""The whole model: embeddings, encoder, attention decoder, output words. Tensors only; no text, no files."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor, nn

from enface.model.attention.memory import SourceStates
from enface.model.decoder import Decoded, Memories
from enface.model.dropout import Dropout
from enface.model.making import embedding_of, make_network
from enface.model.section import ModelSection
from enface.model.state import State
from enface.model.transformer import AlignmentHead, TransformerDecoder


class Prepared(NamedTuple):
    """A source batch ready for decoding."""

    memories: Memories
    state: State  # of one hypothesis of each sentence, before its first token


class Seq2Seq(nn.Module):
    """An attention encoder-decoder over one joint vocabulary.

    Source embeddings, target embeddings and output weights are one matrix (Press and Wolf 2017, three-way tying).
    """

    def __init__(self, section: ModelSection, vocabulary_size: int) -> None:
        super().__init__()
        size, dropout = embedding_of(section)
        self.embedding = nn.Embedding(vocabulary_size, size)
        self.output_bias = nn.Parameter(torch.zeros(vocabulary_size))
        self.dropout = Dropout(dropout)
        self.encoder, self.decoder = make_network(section)
        nn.init.normal_(self.embedding.weight, std=size**-0.5)

    def encode(self, source: Int[Tensor, "B S"], source_valid: Bool[Tensor, "B S"]) -> SourceStates:
        """The encoder's states."""
        states: SourceStates = self.encoder(self._embed(source), source_valid)
        return states

    def prepare(self, source: Int[Tensor, "B S"], source_valid: Bool[Tensor, "B S"]) -> Prepared:
        """The encoded source: what attention looks at, and the decoder's first state."""
        states = self.encode(source, source_valid)
        return Prepared(self.decoder.prepare(states), self.decoder.start(states))

    def forward(
        self, source: Int[Tensor, "B S"], source_valid: Bool[Tensor, "B S"], target: Int[Tensor, "B T"]
    ) -> Decoded:
        """Readouts and attention weights of every position, given the target shifted right by one (teacher forcing)."""
        memories, state = self.prepare(source, source_valid)
        decoded: Decoded = self.decoder(self._embed(target), state, memories)
        return decoded

    def step(
        self, tokens: Int[Tensor, "B N"], state: State, memories: Memories, time: Int[Tensor, ""]
    ) -> tuple[Float[Tensor, "B N E"], State, Float[Tensor, "B N S"]]:
        """Readouts for token number `time` of N hypotheses, their new state and their attention weights.

        `tokens` are those before.
        """
        decoded, state = self.decoder.step(self._embed(tokens), state, memories, time)
        return decoded.readout, state, decoded.weights

    def log_probabilities(self, readout: Float[Tensor, "... E"]) -> Float[Tensor, "... V"]:
        """Log probabilities of the words."""
        return torch.log_softmax(self.logits(readout), dim=-1)

    def logits(self, readout: Float[Tensor, "... E"]) -> Float[Tensor, "... V"]:
        """Unnormalised log probabilities of the words."""
        return nn.functional.linear(readout, self.embedding.weight, self.output_bias)

    def alignment_heads(self) -> list[AlignmentHead]:
        """The attentions that could stand for the word alignment: of each layer the mean of its heads, and each head.

        Of a recurrent decoder the one that it has.
        """
        if not isinstance(self.decoder, TransformerDecoder):
            return [AlignmentHead(0, None)]
        heads = [None, *range(self.decoder.heads)] if self.decoder.heads > 1 else [None]
        return [AlignmentHead(layer, head) for layer in range(len(self.decoder.layers)) for head in heads]

    def align_with(self, head: AlignmentHead) -> None:
        """Makes `head` the attention that stands for the word alignment from now on."""
        assert head in self.alignment_heads()
        if isinstance(self.decoder, TransformerDecoder):
            self.decoder.alignment_head = head

    def _embed(self, tokens: Tensor) -> Tensor:
        embedded: Tensor = self.dropout(self.embedding(tokens) * self.embedding.embedding_dim**0.5)
        return embedded
