"""Models small enough to run in no time, and source batches for them."""

import torch

from enface.model.seq2seq import ModelSection, Seq2Seq

VOCABULARY_SIZE = 40
END = 2


def section(**changes):
    settings = {
        "attention": "additive", "decoder": "luong", "cell": "gru", "embedding_size": 6, "hidden_size": 8,
        "attention_size": 10, "encoder_layers": 1, "dropout": 0.3,
    }  # fmt: skip
    return ModelSection(**settings | changes)


def model(vocabulary_size=VOCABULARY_SIZE, **changes):
    """A seeded model that says different things of different sources, with no two hypotheses tied.

    No word is likelier than another by itself but the end, and weights are so large that all that was read counts.
    """
    torch.manual_seed(1)
    made = Seq2Seq(section(**changes), vocabulary_size).eval()
    with torch.no_grad():
        for values in made.parameters():
            values.mul_(4.0 if values.dim() > 1 else 0.0)
        made.embedding.weight.copy_(3.0 * torch.nn.functional.normalize(made.embedding.weight))
        made.output_bias[END] = 2.0
    return made


def source_batch(lengths, *, width=None, vocabulary_size=VOCABULARY_SIZE):
    """Random sources of these lengths, their end token counted, padded to `width`; and where they are real."""
    valid = torch.arange(width or max(lengths)) < torch.tensor(lengths).unsqueeze(1)
    source = torch.randint(END + 2, vocabulary_size, valid.shape).masked_fill(~valid, 0)
    source[torch.arange(len(lengths)), torch.tensor(lengths) - 1] = END
    return source, valid
