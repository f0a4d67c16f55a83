"""The proof that a graph is the model: both translate the same sentences and must give the same."""

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
import sacrebleu
import torch
from jaxtyping import Float, Int

from enface.bundle import SearchSettings
from enface.data.batches import in_order_of_length, pad
from enface.data.prepared import EncodedSplit
from enface.data.tokenizer import EOS, Tokenizer
from enface.decoding.translate import BeamTranslator
from enface.errors import ExportError

_SENTENCES_AT_ONCE = 32


class Best(NamedTuple):
    """The best translation of one sentence."""

    ids: Int[np.ndarray, " T"]
    score: float
    attention: Float[np.ndarray, "T S"]


def best_of_model(translator: BeamTranslator, split: EncodedSplit, count: int, search: SearchSettings) -> list[Best]:
    """What PyTorch makes of the first `count` source sentences."""
    with torch.inference_mode():
        return _in_order(
            (
                indices,
                [
                    part.numpy()
                    for part in translator(
                        source,
                        torch.full((len(indices), 1), -1),
                        torch.zeros(search.beam_size, dtype=torch.int64),
                        torch.zeros(longest, dtype=torch.int64),
                        torch.tensor(search.length_penalty),
                    )
                ],
            )
            for indices, source, longest in _batches(split, count, search)
        )


def best_of_graph(graph: Path, split: EncodedSplit, count: int, search: SearchSettings) -> list[Best]:
    """What ONNX Runtime makes of the first `count` source sentences with the graph at `graph`."""
    session = onnxruntime.InferenceSession(graph, providers=["CPUExecutionProvider"])
    return _in_order(
        (
            indices,
            session.run(
                ["tokens", "scores", "lengths", "attention"],
                {
                    "source": source.numpy(),
                    "prefix": np.full((len(indices), 1), -1),
                    "beam_size": np.array(search.beam_size),
                    "max_length": np.array(longest),
                    "length_penalty": np.array(search.length_penalty, np.float32),
                },
            ),
        )
        for indices, source, longest in _batches(split, count, search)
    )


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


def _batches(split: EncodedSplit, count: int, search: SearchSettings) -> Iterator[tuple[list[int], torch.Tensor, int]]:
    """Sentences by length: their indices, padded source ids and the longest translation allowed."""
    for indices in in_order_of_length(split.source_lengths[:count], at_once=_SENTENCES_AT_ONCE):
        source, _ = pad([np.append(split.source(index), EOS) for index in indices])
        yield indices, source, int(search.max_length_ratio * source.shape[1]) + search.max_length_extra_tokens


def _in_order(batches: Iterator[tuple[list[int], Sequence[np.ndarray]]]) -> list[Best]:
    found: dict[int, Best] = {}
    for indices, (tokens, scores, lengths, attention, *_) in batches:
        for row, index in enumerate(indices):
            length = int(lengths[row, 0])
            found[index] = Best(tokens[row, 0, :length], float(scores[row, 0]), attention[row, 0, :length])
    return [found[index] for index in sorted(found)]
