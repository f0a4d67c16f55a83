"""The whole model: embeddings, encoder, attention decoder, output words. Tensors only; no text, no files."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from pydantic import Field
from torch import Tensor, nn

from enface.model.attention import AttentionName, Memory, make_attention
from enface.model.decoder import Decoded, DecoderName, DecoderSizes, State, make_decoder
from enface.model.encoder import RecurrentEncoder
from enface.model.recurrent import Cell
from enface.params import Section


class ModelSection(Section):
    """`model` of params.yaml: what the network is made of."""

    attention: AttentionName
    decoder: DecoderName
    cell: Cell
    embedding_size: int = Field(ge=1)
    hidden_size: int = Field(ge=1)
    attention_size: int = Field(ge=1)
    encoder_layers: int = Field(ge=1)
    dropout: float = Field(ge=0.0, lt=1.0)


class Prepared(NamedTuple):
    """A source batch ready for decoding."""

    memory: Memory
    state: State


class Seq2Seq(nn.Module):
    """An attention encoder-decoder over one joint vocabulary.

    Source embeddings, target embeddings and output weights are one matrix (Press and Wolf 2017, three-way tying).
    """

    def __init__(self, section: ModelSection, vocabulary_size: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(vocabulary_size, section.embedding_size)
        self.output_bias = nn.Parameter(torch.zeros(vocabulary_size))
        self.dropout = nn.Dropout(section.dropout)
        self.encoder = RecurrentEncoder(
            section.cell,
            input_size=section.embedding_size,
            hidden_size=section.hidden_size,
            layers=section.encoder_layers,
            dropout=section.dropout,
        )
        attention = make_attention(
            section.attention,
            query_size=section.hidden_size,
            state_size=self.encoder.state_size,
            size=section.attention_size,
        )
        sizes = DecoderSizes(section.embedding_size, section.hidden_size, self.encoder.state_size)
        self.decoder = make_decoder(section.decoder, section.cell, attention, sizes, dropout=section.dropout)
        nn.init.normal_(self.embedding.weight, std=section.embedding_size**-0.5)

    def prepare(self, source: Int[Tensor, "B S"], source_valid: Bool[Tensor, "B S"]) -> Prepared:
        """The encoded source: what attention looks at, and the decoder's first state."""
        states = self.encoder(self._embed(source), source_valid)
        return Prepared(self.decoder.attention.prepare(states), self.decoder.start(states))

    def forward(
        self, source: Int[Tensor, "B S"], source_valid: Bool[Tensor, "B S"], target: Int[Tensor, "B T"]
    ) -> Decoded:
        """Readouts and attention weights of every position, given the target shifted right by one (teacher forcing)."""
        memory, state = self.prepare(source, source_valid)
        decoded: Decoded = self.decoder(self._embed(target), state, memory)
        return decoded

    def step(
        self, tokens: Int[Tensor, "B N"], state: State, memory: Memory
    ) -> tuple[Float[Tensor, "B N V"], State, Float[Tensor, "B N S"]]:
        """Log probabilities of the next token of N hypotheses, their new state and their attention weights."""
        decoded, state = self.decoder.step(self._embed(tokens), state, memory)
        return torch.log_softmax(self.logits(decoded.readout), dim=-1), state, decoded.weights

    def logits(self, readout: Float[Tensor, "... E"]) -> Float[Tensor, "... V"]:
        """Unnormalised log probabilities of the words."""
        return nn.functional.linear(readout, self.embedding.weight, self.output_bias)

    def _embed(self, tokens: Tensor) -> Tensor:
        embedded: Tensor = self.dropout(self.embedding(tokens) * self.embedding.embedding_dim**0.5)
        return embedded
