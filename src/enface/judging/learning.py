"""How the judge learns: epochs over pairs, each with wrong ones made anew, and the calibration at their end.

The loop is PyTorch alone: it takes minutes, so it needs no resuming, no second device and no framework. Equal seeds,
pairs and threads give equal weights.
"""

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Float32
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from enface.data.batches import pad
from enface.data.planning import batch_indices
from enface.data.tokenizer import Tokenizer
from enface.errors import TrainingError
from enface.inference.judge import joined_ids
from enface.judging.calibration import platt_scaling
from enface.judging.corruption import Pair, mixture
from enface.judging.section import JudgeSection
from enface.model.classifier import SelfAttentiveClassifier
from enface.training.schedule import learning_rate_factor

logger = logging.getLogger(__name__)

Observer = Callable[[dict[str, float], int], None]
"""Told the measures of each epoch, and which it is."""

_VALIDATION_SEED = 1


class Examples(NamedTuple):
    """Pairs as sequences of ids, and 1 for each that is a translation, else 0."""

    ids: list[np.ndarray]
    labels: Float32[np.ndarray, " P"]


class Learner:
    """Teaches one classifier.

    Args:
        model: the classifier; it is trained in place, on a GPU where there is one.
        tokenizer: what turns its pairs into ids.
        section: how it learns.
    """

    def __init__(self, model: SelfAttentiveClassifier, tokenizer: Tokenizer, section: JudgeSection) -> None:
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._model = model.to(self._device)
        self._tokenizer = tokenizer
        self._section = section
        self._random = np.random.default_rng(section.seed)

    def learn(self, training: Sequence[Pair], validation: Sequence[Pair], observe: Observer) -> None:
        """Trains on the pairs, then calibrates on others; the classifier is on the CPU afterwards.

        Raises:
            TrainingError: the loss is not finite, or there is nothing to learn from.
        """
        held_out = self._encoded(validation, np.random.default_rng(_VALIDATION_SEED))
        optimizer = torch.optim.Adam(self._model.parameters(), lr=self._section.learning_rate, betas=(0.9, 0.98))
        schedule: torch.optim.lr_scheduler.LambdaLR | None = None
        for epoch in range(1, self._section.epochs + 1):
            examples = self._encoded(training, self._random)
            batches = self._batches(examples)
            schedule = schedule or self._schedule(optimizer, len(batches))
            loss = self._epoch(examples, batches, optimizer, schedule)
            found = self._logits(held_out.ids)
            measures = {"loss": loss, "validation_loss": _loss(found, held_out.labels)}
            measures["validation_accuracy"] = 100 * float(((found > 0) == held_out.labels).mean())
            logger.info("epoch %d of %d: %s", epoch, self._section.epochs, _told(measures))
            observe(measures, epoch)
        self._model.calibrate(*platt_scaling(self._logits(held_out.ids), held_out.labels))
        self._device = torch.device("cpu")
        self._model.to(self._device).eval()

    def logits(self, pairs: Sequence[Pair]) -> Float[np.ndarray, " P"]:
        """The classifier's logit of each pair, whose sides all have a visible character."""
        rows = joined_ids(self._tokenizer, pairs, self._section.max_length_tokens)
        return self._logits([np.array(row) for row in rows if row])

    def _logits(self, ids: Sequence[np.ndarray]) -> Float[np.ndarray, " P"]:
        """The logits without dropout."""
        self._model.eval()
        found = np.zeros(len(ids))
        lengths = np.array([len(row) for row in ids])
        with torch.inference_mode():
            for batch in batch_indices(lengths, lengths, batch_tokens=self._section.batch_tokens):
                found[batch] = self._judged([ids[index] for index in batch]).cpu().numpy()
        return found

    def _encoded(self, pairs: Sequence[Pair], random: np.random.Generator) -> Examples:
        texts, labels = mixture(pairs, random)
        rows = joined_ids(self._tokenizer, texts, self._section.max_length_tokens)
        kept = [index for index, row in enumerate(rows) if row]
        if not kept:
            raise TrainingError("judge: no pair to learn from, or none to validate on; the corpus needs both")
        return Examples([np.array(rows[index]) for index in kept], labels[kept])

    def _batches(self, examples: Examples) -> list[np.ndarray]:
        """The examples of like length together, which of them and in what order being chance."""
        shuffled = self._random.permutation(len(examples.ids))
        lengths = np.array([len(examples.ids[index]) for index in shuffled])
        grouped = batch_indices(lengths, lengths, batch_tokens=self._section.batch_tokens)
        return [shuffled[grouped[number]] for number in self._random.permutation(len(grouped))]

    def _schedule(self, optimizer: torch.optim.Optimizer, batches_per_epoch: int) -> torch.optim.lr_scheduler.LambdaLR:
        steps = batches_per_epoch * self._section.epochs
        factor = learning_rate_factor("linear", warmup_steps=self._section.warmup_steps, total_steps=steps)
        return torch.optim.lr_scheduler.LambdaLR(optimizer, factor)

    def _epoch(
        self,
        examples: Examples,
        batches: Sequence[np.ndarray],
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LambdaLR,
    ) -> float:
        """One pass over the batches; the mean loss in nats a pair."""
        self._model.train()
        total = 0.0
        for batch in batches:
            expected = torch.from_numpy(examples.labels[batch]).to(self._device)
            found = self._judged([examples.ids[index] for index in batch])
            loss = binary_cross_entropy_with_logits(found, expected)
            if not torch.isfinite(loss):
                raise TrainingError(f"judge: the loss is {loss.item()}; try a lower judge.learning_rate")
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(self._model.parameters(), self._section.clip_norm)
            optimizer.step()
            schedule.step()
            total += float(loss.detach()) * len(batch)
        return total / len(examples.ids)

    def _judged(self, rows: Sequence[np.ndarray]) -> Tensor:
        tokens, valid = pad(rows)
        logits: Tensor = self._model(tokens.to(self._device), valid.to(self._device)).logits
        return logits


def _loss(logits: Float[np.ndarray, " P"], labels: Float32[np.ndarray, " P"]) -> float:
    """The mean cross-entropy in nats."""
    return float(np.logaddexp(0, np.where(labels > 0, -logits, logits)).mean())


def _told(measures: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.4g}" for name, value in measures.items())
