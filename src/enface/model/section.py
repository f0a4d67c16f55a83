"""`model` of params.yaml: what the network is made of, and which of its parts go together."""

from typing import Literal

from pydantic import Field, model_validator

from enface.model.attention.making import AttentionSection
from enface.model.decoder import DecoderName
from enface.model.recurrent import Cell
from enface.model.transformer import PositionsName
from enface.params import Section


class RecurrentSection(Section):
    """An encoder and a decoder of GRUs or LSTMs with one attention between them."""

    cell: Cell
    embedding_size: int = Field(ge=1)
    encoder_size: int = Field(ge=1)  # of each direction
    encoder_layers: int = Field(ge=1)
    encoder_self_attention: Literal["none", "global", "local"]  # over the encoder's states
    self_attention_heads: int = Field(ge=1)
    self_attention_radius: int = Field(ge=1)  # of local self-attention, in tokens to each side
    decoder: DecoderName
    decoder_size: int = Field(ge=1)
    input_feeding: bool  # the decoder's step is told what was attended to before
    attention: AttentionSection
    dropout: float = Field(ge=0.0, lt=1.0)

    @model_validator(mode="after")
    def _sizes_fit(self) -> "RecurrentSection":
        state_size = 2 * self.encoder_size
        if self.attention.score == "dot" and self.decoder_size != state_size:
            raise ValueError(
                f"attention.score dot multiplies the decoder's state with the encoder's, so decoder_size must be "
                f"2 * encoder_size: got {self.decoder_size} and 2 * {self.encoder_size}; score general, concat, "
                "additive and scaled_dot go with any sizes"
            )
        if self.encoder_self_attention != "none" and state_size % self.self_attention_heads:
            raise ValueError(
                f"self_attention_heads: got {self.self_attention_heads}, need a divisor of 2 * encoder_size, which is "
                f"{state_size}"
            )
        return self

    @model_validator(mode="after")
    def _decoder_fits(self) -> "RecurrentSection":
        if self.input_feeding and self.decoder == "bahdanau":
            raise ValueError(
                "input_feeding goes with decoder luong alone; decoder bahdanau is told what it attends to anyway: "
                "set input_feeding false or decoder luong"
            )
        if self.attention.selection == "reinforce" and (self.decoder == "bahdanau" or self.input_feeding):
            raise ValueError(
                "attention.selection reinforce rewards a choice by the one word that it changes, so it goes with "
                "decoder luong and input_feeding false alone; selection soft and gumbel go with every decoder"
            )
        return self


class TransformerSection(Section):
    """Layers of multi-head attention alone."""

    size: int = Field(ge=2)  # of embeddings and all states
    encoder_layers: int = Field(ge=1)
    decoder_layers: int = Field(ge=1)
    heads: int = Field(ge=1)
    feedforward_size: int = Field(ge=1)
    positions: PositionsName
    self_attention: Literal["global", "local"]
    self_attention_radius: int = Field(ge=1)  # of local self-attention, in tokens to each side
    dropout: float = Field(ge=0.0, lt=1.0)

    @model_validator(mode="after")
    def _heads_divide(self) -> "TransformerSection":
        if self.size % (2 * self.heads):
            raise ValueError(f"size: got {self.size}, need a multiple of 2 * heads, which is {2 * self.heads}")
        return self


class ModelSection(Section):
    """`model` of params.yaml; of the two networks the one named is made."""

    network: Literal["recurrent", "transformer"]
    recurrent: RecurrentSection
    transformer: TransformerSection
