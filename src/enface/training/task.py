"""What is optimised and what is measured while training: the Lightning module."""

from typing import Any

import pytorch_lightning as lightning
import torch
from torch import Tensor
from torch.nn.functional import cross_entropy

from enface.data.batches import Batch
from enface.errors import TrainingError
from enface.model.seq2seq import Seq2Seq
from enface.training.schedule import learning_rate_factor
from enface.training.section import TrainSection


class TranslationTask(lightning.LightningModule):
    """Maximum likelihood of the target given the source, with label smoothing (Szegedy et al. 2016)."""

    def __init__(self, model: Seq2Seq, section: TrainSection) -> None:
        super().__init__()
        self.model = model
        self.section = section
        self._totals = torch.zeros(3, dtype=torch.float64)

    def training_step(self, batch: Batch, number: int) -> Tensor:
        """The mean smoothed loss per target token of the batch."""
        logits, expected = self._predict(batch)
        loss = cross_entropy(logits, expected, label_smoothing=self.section.label_smoothing)
        self._refuse_explosion(loss, batch)
        self.log("train/loss", loss.detach(), batch_size=len(expected))
        return loss

    def validation_step(self, batch: Batch, number: int) -> None:
        """Adds up loss, right tokens and tokens of the batch."""
        logits, expected = self._predict(batch)
        loss = cross_entropy(logits, expected, reduction="sum")
        right = (logits.argmax(-1) == expected).sum()
        self._totals += torch.stack([loss, right, torch.tensor(len(expected), device=loss.device)]).double().cpu()

    def on_validation_epoch_start(self) -> None:
        """Begins the sums of this validation."""
        self._totals = torch.zeros(3, dtype=torch.float64)

    def on_validation_epoch_end(self) -> None:
        """Loss in nats per target token and accuracy in percent over the whole validation set, all devices together."""
        totals = self.trainer.strategy.reduce(self._totals.float().to(self.device), reduce_op="sum")
        loss, right, tokens = (float(total) for total in torch.as_tensor(totals))
        self.log("validation/loss", loss / tokens, rank_zero_only=False)
        self.log("validation/accuracy", 100 * right / tokens, rank_zero_only=False)

    def on_train_batch_start(self, batch: Batch, number: int) -> None:
        """Seeds dropout by step and device, so that a resumed training draws what it would have drawn."""
        torch.manual_seed((self.section.seed * 1_000_003 + self.global_step) * 1_009 + self.global_rank)

    def configure_optimizers(self) -> Any:
        """Adam with the betas of Vaswani et al. 2017, section 5.3, and the learning rate of `schedule`."""
        optimizer = torch.optim.Adam(self.parameters(), lr=self.section.learning_rate, betas=(0.9, 0.98), fused=True)
        factor = learning_rate_factor(
            self.section.decay,
            warmup_steps=self.section.warmup_steps,
            total_steps=int(self.trainer.estimated_stepping_batches),
        )
        scheduler = torch.optim.lr_scheduler.LambdaLR(optimizer, factor)
        return {"optimizer": optimizer, "lr_scheduler": {"scheduler": scheduler, "interval": "step"}}

    def configure_gradient_clipping(
        self, optimizer: Any, gradient_clip_val: Any = None, gradient_clip_algorithm: Any = None
    ) -> None:
        """Scales the gradient down to the norm `clip_norm`; Lightning's own clipping refuses a fused optimiser."""
        torch.nn.utils.clip_grad_norm_(self.parameters(), self.section.clip_norm)

    def _predict(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Logits (N, V) and expected tokens (N,) of the N real target positions: padding is never projected."""
        decoded = self.model(batch.source, batch.source_valid, batch.target_input)
        return self.model.logits(decoded.readout[batch.target_valid]), batch.target_output[batch.target_valid]

    def _refuse_explosion(self, loss: Tensor, batch: Batch) -> None:
        if not torch.isfinite(loss):
            raise TrainingError(
                f"train: the loss is {float(loss)} at step {self.global_step}, training pairs "
                f"{batch.indices.tolist()[:8]}...; try a lower train.learning_rate or train.clip_norm"
            )
