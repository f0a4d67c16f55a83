"""`judge` of params.yaml: what the judge is made of and how it learns. Imports no torch: most pipelines train none."""

from typing import Literal

from pydantic import Field

from enface.params import Section


class SelfAttentionSection(Section):
    """Additive attention of the pair's tokens over each other."""

    activation: Literal["sigmoid", "none"]  # of the scores, before the softmax
    window: Literal["global", "local"]
    window_radius: int = Field(ge=1)  # of local: tokens to each side
    size: int = Field(ge=1)  # its hidden layer


class JudgeModelSection(Section):
    """The classifier's sizes."""

    embedding_size: int = Field(ge=1)
    hidden_size: int = Field(ge=1)  # of each direction of the LSTM
    dropout: float = Field(ge=0.0, lt=1.0)
    pooling: Literal["mean", "flatten"]  # what the dense unit is given of the attended sequence
    attention: SelfAttentionSection


class JudgeSection(Section):
    """Whether a judge is trained at all, and how."""

    enabled: bool
    seed: int = Field(ge=0)
    max_pairs: int = Field(ge=1)  # training pairs, drawn evenly from a larger corpus
    max_length_tokens: int = Field(ge=8)  # of both sides; of longer pairs the beginnings are judged
    model: JudgeModelSection
    epochs: int = Field(ge=1)
    batch_tokens: int = Field(ge=1)  # padded tokens of both sides
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(ge=0)
    clip_norm: float = Field(gt=0)
