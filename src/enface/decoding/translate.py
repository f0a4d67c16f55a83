"""The search over a `Seq2Seq`: what validation runs in PyTorch and what `enface.export` writes as one graph."""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from enface.decoding.beam import Hypotheses, SpecialTokens, State, beam_search
from enface.model.seq2seq import Seq2Seq


class BeamTranslator(nn.Module):
    """Source token ids in; the best target token ids, their scores and their attention out."""

    def __init__(self, model: Seq2Seq, special: SpecialTokens) -> None:
        super().__init__()
        self.model = model
        self.special = special

    def forward(
        self,
        source: Int[Tensor, "B S"],
        prefix: Int[Tensor, "B P"],
        beams: Int[Tensor, " K"],
        steps: Int[Tensor, " T"],
        alpha: Float[Tensor, ""],
    ) -> Hypotheses:
        """The K best hypotheses of every source sentence; the arguments are those of `beam_search`."""
        memory, state = self.model.prepare(source, source != self.special.pad)

        def step(tokens: Tensor, state: State) -> tuple[Tensor, State, Tensor]:
            return self.model.step(tokens, state, memory)

        return beam_search(
            step,
            state,
            prefix=prefix,
            beams=beams,
            steps=steps,
            alpha=alpha,
            source_size=source.shape[1],
            special=self.special,
        )


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
