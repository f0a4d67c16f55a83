"""How noisy the gradient of attention's scores is, soft and hard.

    make bench-gradient

One batch, one state of the weights, many draws of dropout and of the positions that hard attention looks at: the
gradient of the score's parameters under each selection, once with weights as they start and once after some steps with
soft attention. Soft attention draws nothing but dropout, so that its variance is what training has to live with anyway.
"""

import itertools
import json
import math
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from enface.data.batches import Batch, TrainingBatches
from enface.data.prepared import TRAIN, PreparedFolder
from enface.model.attention.selections import GumbelSelection, SampledSelection, Selection, SoftSelection
from enface.model.section import ModelSection
from enface.model.seq2seq import Seq2Seq
from enface.params import load_section
from enface.training.reinforce import Reinforce
from enface.training.section import ReinforceSection, TrainSection

BATCH_TOKENS = 512
STATES = (0, 300)  # steps of soft attention before the gradients are drawn
SETTLING, DRAWS = 30, 100  # the baseline settles in the first


class Way(NamedTuple):
    """A selection, and whether REINFORCE rewards it, with or without its baseline."""

    name: str
    selection: type[Selection]
    baseline: bool | None = None


WAYS = [
    Way("soft", SoftSelection),
    Way("gumbel", GumbelSelection),
    Way("reinforce", SampledSelection, baseline=True),
    Way("reinforce, no baseline", SampledSelection, baseline=False),
]


def main(corpus: Path, params: Path, out: Path) -> None:
    """Measures every way in every state."""
    torch.manual_seed(1)
    prepared, train = PreparedFolder(corpus), load_section(params, "train", TrainSection)
    model = Seq2Seq(_luong(load_section(params, "model", ModelSection)), prepared.meta.vocabulary_size)
    batches = iter(TrainingBatches(prepared.split(TRAIN), batch_tokens=BATCH_TOKENS, seed=1))
    batch = next(batches)
    optimizer = torch.optim.Adam(model.parameters(), lr=train.learning_rate)
    results, trained = [], 0
    for steps in STATES:
        for other in itertools.islice(batches, steps - trained):
            optimizer.zero_grad()
            word_losses(model, other, train.label_smoothing)[0].mean().backward()
            optimizer.step()
        trained = steps
        for way in WAYS:
            measured = measure(gradients(model, batch, way, label_smoothing=train.label_smoothing))
            results.append({"steps": steps, "selection": way.name, **measured})
            print(json.dumps(results[-1]), flush=True)
        model.decoder.attention.selection = SoftSelection()
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def gradients(model: Seq2Seq, batch: Batch, way: Way, *, label_smoothing: float) -> Iterator[Tensor]:
    """The gradient of the score's parameters, in one row, draw by draw."""
    attention = model.decoder.attention
    attention.selection = way.selection()
    parameters = list(attention.score.parameters())
    reinforce = Reinforce(ReinforceSection(weight=1.0, entropy_weight=0.0))
    for draw in range(DRAWS if way.baseline is None else SETTLING + DRAWS):
        losses, scores, weights = word_losses(model, batch, label_smoothing)
        loss = losses.mean()
        if way.baseline is not None:
            loss = loss + reinforce(losses, scores, weights).loss
        if way.baseline is False:
            reinforce.baseline.zero_()
        if way.baseline is None or draw >= SETTLING:
            yield torch.cat([part.flatten() for part in torch.autograd.grad(loss, parameters)])


def word_losses(model: Seq2Seq, batch: Batch, label_smoothing: float) -> tuple[Tensor, Tensor, Tensor]:
    """The loss of each real target token, with the scores and the weights of its attention."""
    real = batch.target_valid
    decoded = model(batch.source, batch.source_valid, batch.target_input)
    logits, expected = model.logits(decoded.readout[real]), batch.target_output[real]
    losses = cross_entropy(logits, expected, label_smoothing=label_smoothing, reduction="none")
    return losses, decoded.scores[real], decoded.weights[real]


def measure(drawn: Iterator[Tensor]) -> dict[str, float]:
    """The norm of the mean gradient, the variance of all its parts together, and the ratio of the two as lengths.

    The squared length of a mean of n draws is too large by a part of their variance, 1/n, which is taken off.
    """
    total, squares, count = torch.zeros(()), torch.zeros(()), 0
    for gradient in drawn:
        total, squares, count = total + gradient.double(), squares + gradient.double().square(), count + 1
    mean = total / count
    variance = float((squares / count - mean.square()).sum()) * count / (count - 1)
    norm = math.sqrt(max(float(mean.square().sum()) - variance / count, 0.0))
    ratio = norm / math.sqrt(variance) if variance else math.inf
    return {"norm_of_mean": _rounded(norm), "total_variance": _rounded(variance), "signal_to_noise": _rounded(ratio)}


def _rounded(value: float) -> float:
    return float(f"{value:.3g}")


def _luong(section: ModelSection) -> ModelSection:
    """The section with the decoder that all selections go with, and with soft attention to begin with."""
    values = section.model_dump()
    values["network"] = "recurrent"
    values["recurrent"] |= {"decoder": "luong", "input_feeding": False}
    values["recurrent"]["attention"] |= {"selection": "soft"}
    return ModelSection(**values)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
