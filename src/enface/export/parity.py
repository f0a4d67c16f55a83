"""The proof that a graph is the model: both translate the same sentences and must give the same."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
import sacrebleu
from jaxtyping import Float, Int
from torch import Tensor

from enface.bundle import SearchSettings
from enface.data.batches import source_batches
from enface.data.prepared import EncodedSplit
from enface.data.tokenizer import Tokenizer
from enface.decoding.translate import BeamTranslator, search
from enface.errors import ExportError

_SENTENCES_AT_ONCE = 32

Run = Callable[[Tensor, int], Sequence[np.ndarray]]
"""Sources (B, S) and the longest translation allowed -> tokens, scores, lengths, attention, as of `Hypotheses`."""


class Best(NamedTuple):
    """The best translation of one sentence."""

    ids: Int[np.ndarray, " T"]
    score: float
    attention: Float[np.ndarray, "T S"]


def best_of_model(translator: BeamTranslator, split: EncodedSplit, count: int, settings: SearchSettings) -> list[Best]:
    """What PyTorch makes of the first `count` source sentences."""

    def run(source: Tensor, longest: int) -> Sequence[np.ndarray]:
        beams, alpha = settings.beam_size, settings.length_penalty
        found = search(translator, source, beam_size=beams, max_length=longest, alpha=alpha)
        return [part.numpy() for part in found]

    return _best(run, split, count, settings)


def best_of_graph(graph: Path, split: EncodedSplit, count: int, settings: SearchSettings) -> list[Best]:
    """What ONNX Runtime makes of the first `count` source sentences with the graph at `graph`."""
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])

    def run(source: Tensor, longest: int) -> Sequence[np.ndarray]:
        feeds = {
            "source": source.numpy(),
            "prefix": np.full((len(source), 1), -1),
            "beam_size": np.array(settings.beam_size),
            "max_length": np.array(longest),
            "length_penalty": np.array(settings.length_penalty, np.float32),
        }
        found: Sequence[np.ndarray] = session.run(["tokens", "scores", "lengths", "attention"], feeds)
        return found

    return _best(run, split, count, settings)


def check_parity(model: Sequence[Best], graph: Sequence[Best], *, tolerance: float) -> dict[str, float]:
    """The largest differences of scores and attention weights between `model` and `graph`, sentence by sentence.

    Raises:
        ExportError: a token differs, or a score or weight differs by more than `tolerance`; it names the sentences.
    """
    others = [n for n, (a, b) in enumerate(zip(model, graph, strict=True)) if not np.array_equal(a.ids, b.ids)]
    if others:
        raise ExportError(
            f"export: graph and model translate {len(others)} of {len(model)} validation sentences differently, "
            f"sentences {others[:5]}; the graph is not written"
        )
    pairs = list(zip(model, graph, strict=True))
    differences = {
        "largest_score_difference": _largest(a.score - b.score for a, b in pairs),
        "largest_weight_difference": _largest(np.abs(a.attention - b.attention).max() for a, b in pairs),
    }
    for name, difference in differences.items():
        if not difference <= tolerance:
            raise ExportError(
                f"export: {name.replace('_', ' ')} between graph and model is {difference:.2g}, "
                f"need <= export.parity_tolerance {tolerance:.2g}; the graph is not written"
            )
    return differences


def _largest(differences: Iterable[float]) -> float:
    """The largest one's size; not a number where any of them is not, which Python's `max` would lose."""
    return float(np.abs(list(differences)).max())


def bleu_of(translations: Sequence[Best], split: EncodedSplit, tokenizer: Tokenizer) -> float:
    """Cased 13a BLEU of `translations` against the first sentences of the split."""
    texts = [tokenizer.decode(best.ids.tolist()).text for best in translations]
    return float(sacrebleu.corpus_bleu(texts, [split.target_sentences()[: len(texts)]]).score)


def _best(run: Run, split: EncodedSplit, count: int, settings: SearchSettings) -> list[Best]:
    """The best translation of each of the first `count` sentences, in their order."""
    best: dict[int, Best] = {}
    for indices, source in source_batches(split, count, at_once=_SENTENCES_AT_ONCE):
        longest = int(settings.max_length_ratio * source.shape[1]) + settings.max_length_extra_tokens
        tokens, scores, lengths, attention, *_ = run(source, longest)
        for row, index in enumerate(indices):
            length = int(lengths[row, 0])
            best[index] = Best(tokens[row, 0, :length], float(scores[row, 0]), attention[row, 0, :length])
    return [best[index] for index in range(count)]
