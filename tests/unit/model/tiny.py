"""Models small enough to run in no time, and source batches for them."""

import torch

from enface.model.section import ModelSection, RecurrentSection, TransformerSection
from enface.model.seq2seq import Seq2Seq

VOCABULARY_SIZE = 40
END = 2


RECURRENT = {
    "cell": "gru", "embedding_size": 6, "encoder_size": 8, "encoder_layers": 1, "encoder_self_attention": "none",
    "self_attention_heads": 2, "self_attention_radius": 1, "decoder": "luong", "decoder_size": 8,
    "input_feeding": False, "dropout": 0.3,
}  # fmt: skip
ATTENTION = {"score": "additive", "window": "global", "selection": "soft", "size": 10, "window_radius": 2}
TRANSFORMER = {
    "size": 12, "encoder_layers": 2, "decoder_layers": 2, "heads": 3, "feedforward_size": 16,
    "positions": "sinusoidal", "self_attention": "global", "self_attention_radius": 1, "dropout": 0.3,
}  # fmt: skip

KINDS = {
    "bahdanau-gru": {"decoder": "bahdanau", "encoder_layers": 2},
    "luong-lstm": {"cell": "lstm", "encoder_layers": 2},
    "none-bahdanau-lstm": {"score": "none", "decoder": "bahdanau", "cell": "lstm"},
    "none-luong-gru": {"score": "none", "encoder_layers": 2},
    "input-feeding": {"score": "dot", "decoder_size": 16, "input_feeding": True},
    "input-feeding-lstm": {"score": "concat", "window": "local_monotonic", "input_feeding": True, "cell": "lstm"},
    "predictive": {"score": "general", "window": "local_predictive", "cell": "lstm"},
    "gumbel": {"score": "scaled_dot", "selection": "gumbel"},
    "reinforce": {"score": "general", "selection": "reinforce", "window": "local_monotonic"},
    "self-attention": {"encoder_self_attention": "global", "cell": "lstm"},
    "local-self-attention": {"encoder_self_attention": "local", "decoder": "bahdanau", "window": "local_predictive"},
    "transformer": {"network": "transformer"},
    "local-transformer": {"network": "transformer", "self_attention": "local"},
    "rotary-transformer": {"network": "transformer", "positions": "rotary", "heads": 2},
    "local-rotary-transformer": {"network": "transformer", "positions": "rotary", "self_attention": "local"},
}  # fmt: skip
"""A model of every kind of part, each in some company."""


def section(network="recurrent", **changes):
    """Settings of a small model; a change goes to the network that is made, or to its attention."""
    attention = ATTENTION | {name: value for name, value in changes.items() if name in ATTENTION}
    others = {name: value for name, value in changes.items() if name not in ATTENTION or network == "transformer"}
    recurrent, transformer = RECURRENT | {"attention": attention}, TRANSFORMER
    if network == "recurrent":
        recurrent = recurrent | others
    else:
        transformer = transformer | others
    return ModelSection(
        network=network, recurrent=RecurrentSection(**recurrent), transformer=TransformerSection(**transformer)
    )


def model(vocabulary_size=VOCABULARY_SIZE, *, network="recurrent", end=2.5, **changes):
    """A seeded model that says different things of different sources, with no two hypotheses tied.

    No word is likelier than another by itself but the end, by `end`, and weights are so large that all that was read
    counts.
    """
    torch.manual_seed(1)
    made = Seq2Seq(section(network, **changes), vocabulary_size).eval()
    with torch.no_grad():
        for name, values in made.named_parameters():
            if values.dim() > 1:
                values.mul_(4.0)
            elif "bias" in name:
                values.zero_()
        made.embedding.weight.copy_(3.0 * torch.nn.functional.normalize(made.embedding.weight))
        made.output_bias[END] = end
        if network == "transformer":
            made.decoder.norm.weight.fill_(0.3)  # about as long as a recurrent decoder's readout
    return made


def source_batch(lengths, *, width=None, vocabulary_size=VOCABULARY_SIZE):
    """Random sources of these lengths, their end token counted, padded to `width`; and where they are real."""
    valid = torch.arange(width or max(lengths)) < torch.tensor(lengths).unsqueeze(1)
    source = torch.randint(END + 2, vocabulary_size, valid.shape).masked_fill(~valid, 0)
    source[torch.arange(len(lengths)), torch.tensor(lengths) - 1] = END
    return source, valid
