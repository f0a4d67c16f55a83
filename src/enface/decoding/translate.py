"""The search over a model: what validation runs in PyTorch and what `enface.export` writes as one graph."""

from typing import Any, Literal

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from enface.decoding.beam import Hypotheses, SpecialTokens, beam_search
from enface.model.ensemble import Ensemble
from enface.model.seq2seq import Seq2Seq
from enface.model.state import State


class BeamTranslator(nn.Module):
    """Source token ids in; the best target token ids, their scores and their attention out.

    With a `shift` of 1 a token's attention is that of the step after its own, which reads it (see `enface.export`).
    """

    def __init__(self, model: Seq2Seq | Ensemble, special: SpecialTokens, *, shift: Literal[0, 1] = 0) -> None:
        super().__init__()
        self.model = model
        self.special = special
        self.shift = shift

    def forward(
        self,
        source: Int[Tensor, "B S"],
        prefix: Int[Tensor, "B P"],
        beams: Int[Tensor, " K"],
        steps: Int[Tensor, " T"],
        alpha: Float[Tensor, ""],
    ) -> Hypotheses:
        """The K best hypotheses of every source sentence; the arguments are those of `beam_search`."""
        model: Any = self.model  # whose kind fits its own memories
        memories, state = model.prepare(source, source != self.special.pad)

        def step(tokens: Tensor, state: State, time: Tensor) -> tuple[Tensor, State, Tensor]:
            stepped: tuple[Tensor, State, Tensor] = model.step(tokens, state, memories, time)
            return stepped

        found = beam_search(
            step,
            model.log_probabilities,
            state,
            prefix=prefix,
            beams=beams,
            steps=steps,
            alpha=alpha,
            source_size=source.shape[1],
            special=self.special,
        )
        return found._replace(attention=_shifted(found)) if self.shift else found


def _shifted(found: Hypotheses) -> Float[Tensor, "B K T S"]:
    """Each row of attention from the step after; the last row of a hypothesis, which has none after it, stays."""
    following = torch.cat([found.attention[:, :, 1:], found.attention[:, :, -1:]], dim=2)
    steps = torch.arange(found.attention.shape[2], device=found.attention.device)
    is_last = steps == found.lengths.unsqueeze(-1) - 1
    return torch.where(is_last.unsqueeze(-1), found.attention, following)


@torch.inference_mode()
def search(
    translator: BeamTranslator, source: Int[Tensor, "B S"], *, beam_size: int, max_length: int, alpha: float
) -> Hypotheses:
    """The best hypotheses without any prefix."""
    device = source.device
    free = torch.full((source.shape[0], 1), -1, device=device)
    beams, steps = torch.zeros(beam_size, dtype=torch.int64), torch.zeros(max_length, dtype=torch.int64)
    hypotheses: Hypotheses = translator(
        source, free, beams.to(device), steps.to(device), torch.tensor(alpha, device=device)
    )
    return hypotheses
