"""Watching a model's attentions at work, what each is asked and what it says, by hooks that are taken off again."""

import contextlib
from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import torch
from jaxtyping import Float
from torch import Tensor

from enface.model.attention.composition import AnyAttention, Attention
from enface.model.attention.memory import Attended, Memory
from enface.model.attention.windows import LocalWindow
from enface.model.decoder import RecurrentDecoder
from enface.model.seq2seq import Seq2Seq
from enface.model.transformer import DecoderLayer


class Look(NamedTuple):
    """What one attention did in T steps over one source, each of its heads; a recurrent decoder's has one."""

    weights: Float[np.ndarray, "heads T S"]
    scores: Float[np.ndarray, "heads T S"]
    contexts: Float[np.ndarray, "heads T D"]
    values: Float[np.ndarray, "heads S D"]
    centres: Float[np.ndarray, " T"] | None  # p_t of a local window


class Watch:
    """An attention and all that it said since it was watched: its steps one by one, or many at once."""

    def __init__(self, attention: AnyAttention) -> None:
        self.attention = attention
        self._calls: list[tuple[Tensor, Memory, Tensor, Attended]] = []

    def see(self, _: Any, asked: tuple[Tensor, Memory, Tensor], said: Attended) -> None:
        """The hook."""
        self._calls.append((*asked, said))

    def look(self) -> Look:
        """What was seen, of the first sentence of the batch."""
        said = [call[3] for call in self._calls]
        weights, scores, contexts = (
            torch.cat([getattr(step, name) for step in said], dim=-2) for name in ("weights", "scores", "context")
        )
        centres = [_centres(self.attention, query, memory, positions) for query, memory, positions, _ in self._calls]
        known = [step for step in centres if step is not None]
        return Look(
            weights=_heads(weights),
            scores=_heads(scores),
            contexts=_heads(contexts),
            values=_heads(self._calls[0][1].values),
            centres=torch.cat(known).float().cpu().numpy() if known else None,
        )


@contextlib.contextmanager
def watched(model: Seq2Seq) -> Iterator[list[Watch]]:
    """Each of the decoder's attentions over the source, layer by layer, watched inside the block."""
    watches = [Watch(attention) for attention in source_attentions(model)]
    handles = [watch.attention.register_forward_hook(watch.see) for watch in watches]
    try:
        yield watches
    finally:
        for handle in handles:
            handle.remove()


def source_attentions(model: Seq2Seq) -> list[AnyAttention]:
    """The attentions over the source, layer by layer; a recurrent decoder has one."""
    if isinstance(model.decoder, RecurrentDecoder):
        return [model.decoder.attention]
    layers = [layer for layer in model.decoder.layers if isinstance(layer, DecoderLayer)]
    return [layer.source_attention.attention for layer in layers]


def _centres(attention: AnyAttention, query: Tensor, memory: Memory, positions: Tensor) -> Tensor | None:
    """p_t of each query of a local window (Luong et al. 2015, section 3.2); None of another."""
    window = attention.window if isinstance(attention, Attention) else None
    if not isinstance(window, LocalWindow):
        return None
    lengths = torch.full((1, 1, 1), memory.values.shape[-2])  # of the one source, which has no padding
    return window.centre(query, positions, lengths).flatten()


def _heads(tensor: Tensor) -> Float[np.ndarray, "heads N D"]:
    """The first sentence's part, with an axis for the one head of a recurrent decoder."""
    first = tensor[0].float().cpu()
    return (first if first.dim() == 3 else first.unsqueeze(0)).numpy()
