"""`train` of params.yaml."""

from typing import Any, Literal

from pydantic import Field, field_validator

from enface.params import Section


class AveragingSection(Section):
    """Which checkpoints the final weights are the mean of."""

    kind: Literal["best", "last", "none"]  # best by validation loss; last in time; none: the best one alone
    count: int = Field(ge=1)


class VectorsSection(Section):
    """What the vectors of the source's words and of the target's start from.

    A path is a file of word vectors; `text` the company that the words keep in the training text
    (`enface.embeddings.cooccurrence`); "" nothing but chance.
    """

    source: str
    target: str


class ReinforceSection(Section):
    """How attention of `selection: reinforce` learns from its samples (`enface.training.reinforce`)."""

    weight: float = Field(ge=0)  # of the rewards; at 1 the gradient is that of the expected loss
    entropy_weight: float = Field(ge=0)  # of the entropy of attention, which keeps it from settling too soon


class TrainSection(Section):
    """How the model is trained."""

    seed: int = Field(ge=0, lt=1 << 32)
    devices: int = Field(ge=1)
    num_nodes: int = Field(ge=1)
    accelerator: Literal["auto", "cpu", "gpu"]
    precision: Literal["auto", "32-true", "bf16-mixed"]  # auto: bf16-mixed where the hardware has it
    batch_tokens: int | Literal["auto"]  # padded target or source tokens of a batch, whichever are more
    max_epochs: int = Field(ge=1)
    max_minutes: float = Field(gt=0, le=1_000_000)
    learning_rate: float = Field(gt=0)
    warmup_steps: int = Field(ge=0)
    decay: Literal["linear", "inverse_sqrt", "constant"]
    bpe_dropout: float = Field(ge=0, lt=1)  # of merges, in training (enface.data.bpe_dropout); 0 is none
    label_smoothing: float = Field(ge=0, lt=1)
    r_drop_weight: float = Field(ge=0)  # of enface.training.r_drop, which sees each batch twice; 0 is none
    coverage_weight: float = Field(ge=0)  # of the penalty of enface.training.coverage; 0 is none
    guided_weight: float = Field(ge=0)  # of the loss of enface.training.guided; 0 is none
    reinforce: ReinforceSection
    clip_norm: float = Field(gt=0)
    patience_epochs: int = Field(ge=1)
    averaging: AveragingSection
    vectors: VectorsSection
    checkpoint_minutes: float = Field(gt=0)
    bleu_every_epochs: int = Field(ge=1)
    bleu_sentences: int = Field(ge=1)
    map_sentences: int = Field(ge=0)  # validation sentences whose attention is drawn each time BLEU is measured

    @field_validator("batch_tokens", mode="plain")
    @classmethod
    def _number_or_auto(cls, value: Any) -> Any:
        if value == "auto" or (type(value) is int and value >= 1):
            return value
        raise ValueError(f"got {value!r}, need >= 1, or auto")
