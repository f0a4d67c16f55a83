"""What is optimised and what is measured while training: the Lightning module."""

import math
from collections.abc import Iterator
from typing import Any

import pytorch_lightning as lightning
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from enface.data.batches import Batch
from enface.errors import TrainingError
from enface.model.decoder import Decoded
from enface.model.seq2seq import Seq2Seq
from enface.training.coverage import coverage_penalty
from enface.training.explosion import REMEDY, Explosion
from enface.training.guided import guided_loss
from enface.training.r_drop import seen_twice
from enface.training.reinforce import Explored, Reinforce, learns_from_samples
from enface.training.schedule import learning_rate_factor
from enface.training.section import TrainSection
from enface.training.together import Term, joined
from enface.training.word_loss import WORDS_AT_ONCE, WordLoss, word_loss


class TranslationTask(lightning.LightningModule):
    """Maximum likelihood of the target given the source, with label smoothing (Szegedy et al. 2016)."""

    def __init__(self, model: Seq2Seq, section: TrainSection) -> None:
        super().__init__()
        self.model = model
        self.section = section
        self.reinforce = Reinforce(section.reinforce) if learns_from_samples(model) else None
        self.total_steps = 1  # of the whole training, where the schedule ends; `fit` knows it
        self.explosion = Explosion(model.embedding.num_embeddings)
        self._totals = torch.zeros(3, dtype=torch.float64)

    def training_step(self, batch: Batch, number: int) -> Tensor:
        """The loss of the batch, over all devices."""
        terms = self.terms(batch)
        self.explosion.see_loss(self.global_step, terms[0].mean, batch.indices)
        whole = joined(terms, devices=self.trainer.world_size)
        for name, mean in whole.means.items():
            self.log(name, mean, batch_size=1)
        return whole.loss

    def terms(self, batch: Batch) -> list[Term]:
        """The mean smoothed loss per target token of this device's batch, and what else attention is to learn.

        What weighs nothing is there to be looked at.
        """
        section, passes = self.section, 2 if self.section.r_drop_weight else 1
        seen = seen_twice(batch) if passes == 2 else batch
        decoded, readouts, expected = self._predict(seen)
        count = len(expected) // passes
        found = word_loss(
            self.model,
            readouts.view(passes, count, readouts.shape[-1]),
            expected[:count],
            label_smoothing=section.label_smoothing,
            r_drop_weight=section.r_drop_weight,
        )
        words = Term("train/loss", 1.0, found.total / max(len(expected), 1), len(expected))
        terms = [words, *self._apart(found), *self._uncovered(decoded, seen), *self._guided(decoded, seen)]
        return [*terms, *self._sampled(decoded, seen, found.each.words.flatten())]

    def validation_step(self, batch: Batch, number: int) -> None:
        """Adds up loss, right tokens and tokens of the batch, a part of its words at a time, as training does."""
        _, readouts, expected = self._predict(batch)
        for part, wanted in zip(
            torch.split(readouts, WORDS_AT_ONCE), torch.split(expected, WORDS_AT_ONCE), strict=True
        ):
            logits = self.model.logits(part)
            loss = cross_entropy(logits, wanted, reduction="sum")
            right = (logits.argmax(-1) == wanted).sum()
            self._totals += torch.stack([loss, right, torch.tensor(len(wanted), device=loss.device)]).double().cpu()

    def on_validation_epoch_start(self) -> None:
        """Begins the sums of this validation, if there is anything to validate.

        Raises:
            TrainingError: the training has exploded.
        """
        self.explosion.look()
        self._totals = torch.zeros(3, dtype=torch.float64)

    def on_validation_epoch_end(self) -> None:
        """Loss in nats per target token and accuracy in percent over the whole validation set, all devices together.

        Raises:
            TrainingError: the loss is not finite, of which Lightning would make the end of a training that went well.
        """
        totals = self.trainer.strategy.reduce(self._totals.to(self.device), reduce_op="sum")
        loss, right, tokens = (float(total) for total in torch.as_tensor(totals))
        if not math.isfinite(loss):
            raise TrainingError(f"train: the validation loss is {loss} after step {self.global_step}; {REMEDY}")
        self.log("validation/loss", loss / tokens, rank_zero_only=False)
        self.log("validation/accuracy", 100 * right / tokens, rank_zero_only=False)

    def on_train_batch_start(self, batch: Batch, number: int) -> None:
        """Seeds dropout by step and device, so that a resumed training draws what it would have drawn."""
        torch.manual_seed((self.section.seed * 1_000_003 + self.global_step) * 1_009 + self.global_rank)

    def configure_optimizers(self) -> Any:
        """Adam with the betas of Vaswani et al. 2017, section 5.3, and the learning rate of `schedule`.

        Lightning is not asked for the number of steps: it would begin an epoch for that, and no longer resume in one.
        """
        optimizer = torch.optim.Adam(self.parameters(), lr=self.section.learning_rate, betas=(0.9, 0.98), fused=True)
        factor = learning_rate_factor(
            self.section.decay,
            warmup_steps=self.section.warmup_steps,
            total_steps=self.total_steps,
        )
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def configure_gradient_clipping(
        self, optimizer: Any, gradient_clip_val: Any = None, gradient_clip_algorithm: Any = None
    ) -> None:
        """Scales the gradient down to the norm `clip_norm`; Lightning's own clipping refuses a fused optimiser.

        Raises:
            TrainingError: the norm is not finite; the step would make all weights NaN.
        """
        norm = torch.nn.utils.clip_grad_norm_(self.parameters(), self.section.clip_norm)
        self.explosion.see_gradient(self.global_step, norm)

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        """Lets no checkpoint be written of a training that has exploded.

        Raises:
            TrainingError: it has.
        """
        self.explosion.look()

    def _predict(self, batch: Batch) -> tuple[Decoded, Tensor, Tensor]:
        """What was decoded, readouts (N, E) and expected tokens (N,) of the N real target positions.

        Padding is never projected onto the vocabulary.
        """
        decoded = self.model(batch.source, batch.source_valid, batch.target_input)
        return decoded, decoded.readout[batch.target_valid], batch.target_output[batch.target_valid]

    def _apart(self, found: WordLoss) -> Iterator[Term]:
        """How far the two passes of R-Drop lie apart, to be looked at: it is in the words' loss already."""
        if self.section.r_drop_weight:
            apart = found.each.apart
            yield Term("train/divergence", 0.0, apart.sum() / max(len(apart), 1), len(apart))

    def _uncovered(self, decoded: Decoded, batch: Batch) -> Iterator[Term]:
        """The coverage penalty; none for weights that cannot learn, the baseline's and sampled ones."""
        if self.section.coverage_weight and decoded.weights.requires_grad:
            penalty = coverage_penalty(decoded.weights, batch.source_valid, batch.target_valid)
            real = batch.source_valid & batch.target_valid.any(dim=1, keepdim=True)  # of pairs that count at all
            yield Term("train/coverage_penalty", self.section.coverage_weight, penalty, real.sum())

    def _guided(self, decoded: Decoded, batch: Batch) -> Iterator[Term]:
        """The loss of attention against the batch's known links; none where they were not asked for."""
        if batch.links is not None:
            guided = guided_loss(decoded.scores, batch.links)
            yield Term("train/guided_loss", self.section.guided_weight, guided.loss, guided.tokens)

    def _sampled(self, decoded: Decoded, batch: Batch, losses: Tensor) -> Iterator[Term]:
        """What attention learns from its samples, if it draws any."""
        if self.reinforce is not None:
            real = batch.target_valid
            explored: Explored = self.reinforce(losses, decoded.scores[real], decoded.weights[real])
            yield Term("train/attention_entropy", 0.0, explored.entropy.detach(), len(losses))
            yield Term("train/reinforce_loss", 1.0, explored.loss, len(losses))
