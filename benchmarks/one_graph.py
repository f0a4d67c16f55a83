"""One graph with the search inside, against an encoder graph and a step graph with the search outside, in numpy.

    make bench-graph

Both translate the same sentences with the same weights, in turn, and must give the same tokens. What is printed is the
median time of each and the median of the ratios, sentence batch by sentence batch.
"""

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn
from torch.export import Dim

from enface.data.batches import pad
from enface.data.prepared import EncodedSplit, PreparedFolder
from enface.data.tokenizer import BOS, EOS, PAD
from enface.decoding.beam import SpecialTokens
from enface.decoding.translate import BeamTranslator
from enface.export.graph import write_graph
from enface.export.operators import TRANSLATIONS
from enface.model.attention.memory import Memory
from enface.model.seq2seq import Seq2Seq
from enface.model.state import State
from enface.model.weights import load_model

ROUNDS = 5


class Encoder(nn.Module):
    """The source side alone."""

    def __init__(self, model: Seq2Seq) -> None:
        super().__init__()
        self.model = model

    def forward(self, source: Tensor) -> tuple[Tensor, ...]:
        (memory,), state = self.model.prepare(source, source != PAD)
        return (*memory, *state.own)


class Step(nn.Module):
    """One token further, log probabilities out."""

    def __init__(self, model: Seq2Seq) -> None:
        super().__init__()
        self.model = model

    def forward(self, tokens: Tensor, keys: Tensor, values: Tensor, valid: Tensor, state: Tensor) -> tuple[Tensor, ...]:
        memories = (Memory(keys, values, valid),)
        readout, moved, attention = self.model.step(
            tokens, State((state,)), memories, torch.zeros((), dtype=torch.int64)
        )
        return self.model.log_probabilities(readout), *moved.own, attention


class TwoGraphs:
    """Encoder and step in ONNX Runtime, beam search in numpy: the search of `enface.decoding.beam`, line for line."""

    def __init__(self, model: Seq2Seq, folder: Path) -> None:
        batch, source, width = Dim("B"), Dim("S"), Dim("K")
        with torch.no_grad():
            example = torch.full((3, 7), EOS)
            parts = Encoder(model)(example)
            _export(Encoder(model), (example,), ({0: batch, 1: source},), folder / "encoder.onnx")
            of_source = {0: batch, 1: source}
            tokens = torch.full((3, 4), BOS)
            state = parts[3].expand(-1, 4, -1).clone()
            shapes = ({0: batch, 1: width}, of_source, of_source, of_source, {0: batch, 1: width})
            _export(Step(model), (tokens, *parts[:3], state), shapes, folder / "step.onnx")
        self.encoder, self.step = (_session(folder / f"{name}.onnx") for name in ("encoder", "step"))

    def translate(self, source: np.ndarray, *, width: int, longest: int, alpha: float) -> list[np.ndarray]:
        """The best tokens of every sentence."""
        keys, values, valid, state = _run(self.encoder, [source])
        batch = len(source)
        state = np.repeat(state, width, axis=1)
        tokens = np.full((batch, width), BOS)
        totals = np.where(np.arange(width) == 0, 0.0, -np.inf).astype(np.float32) * np.ones((batch, 1), np.float32)
        lengths, finished = np.zeros((batch, width), np.int64), np.zeros((batch, width), bool)
        history, weights = (
            np.zeros((batch, width, 0), np.int64),
            np.zeros((batch, width, 0, source.shape[1]), np.float32),
        )
        for _ in range(longest):
            if finished.all():
                break
            scores, state, attention = _run(self.step, [tokens, keys, values, valid, state])
            vocabulary = scores.shape[-1]
            scores[..., PAD] = -np.inf
            scores[finished] = -np.inf
            scores[finished, PAD] = 0.0
            grown = totals[..., None] + scores
            lengths = lengths + ~finished
            ranked = (grown / ((5.0 + lengths) / 6.0)[..., None] ** alpha).reshape(batch, -1).astype(np.float32)
            top = np.argpartition(-ranked, width - 1, axis=1)[:, :width]
            top = np.take_along_axis(top, np.argsort(-np.take_along_axis(ranked, top, 1), axis=1, kind="stable"), 1)
            parent, tokens = np.divmod(top, vocabulary)
            totals = np.take_along_axis(grown.reshape(batch, -1), top, 1)
            lengths = np.take_along_axis(lengths, parent, 1)
            finished = np.take_along_axis(finished, parent, 1) | (tokens == EOS)
            rows = np.arange(batch)[:, None]
            state = state[rows, parent]
            history = np.concatenate([history[rows, parent], tokens[..., None]], axis=2)
            weights = np.concatenate([weights[rows, parent], attention[rows, parent][:, :, None]], axis=2)
        return [history[row, 0, : lengths[row, 0]] for row in range(batch)]


class OneGraph:
    """The product's graph."""

    def __init__(self, model: Seq2Seq, folder: Path) -> None:
        write_graph(folder / "graph.onnx", BeamTranslator(model, SpecialTokens(PAD, BOS, EOS)))
        self.session = _session(folder / "graph.onnx")

    def translate(self, source: np.ndarray, *, width: int, longest: int, alpha: float) -> list[np.ndarray]:
        """The best tokens of every sentence."""
        scalars = [np.array(width), np.array(longest), np.array(alpha, np.float32)]
        tokens, _, lengths, *_ = _run(self.session, [source, np.full((len(source), 1), -1), *scalars])
        return [tokens[row, 0, : lengths[row, 0]] for row in range(len(source))]


def main(model: Path, corpus: Path, out: Path) -> None:
    """Measures at batch sizes 1 and 32, greedy and with a beam of five."""
    network, _ = load_model(model)
    split = PreparedFolder(corpus).split("validation")
    results = []
    with tempfile.TemporaryDirectory() as folder:
        one, two = OneGraph(network, Path(folder)), TwoGraphs(network, Path(folder))
        for batch, count in ((1, 64), (32, 256)):
            for width in (1, 5):
                results.append(
                    _compare(one, two, _batches(split, count, batch), width=width) | {"batch": batch, "beam": width}
                )
                print(json.dumps(results[-1]))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def _compare(one: OneGraph, two: TwoGraphs, batches: list[np.ndarray], *, width: int) -> dict[str, Any]:
    """Both in turn over all batches, ROUNDS times after a warm-up; a tie broken otherwise counts as a difference."""
    times: tuple[list[float], list[float]] = ([], [])
    differing = 0
    for round_ in range(ROUNDS + 1):
        for source in batches:
            answers = []
            for system, kept in ((one, times[0]), (two, times[1])):
                began = time.perf_counter()
                answers.append(system.translate(source, width=width, longest=2 * source.shape[1] + 10, alpha=1.0))
                if round_:
                    kept.append(time.perf_counter() - began)
            differing += sum(not np.array_equal(a, b) for a, b in zip(*answers, strict=True)) if not round_ else 0
    return {
        "one_graph_ms": round(1000 * statistics.median(times[0]), 2),
        "two_graphs_ms": round(1000 * statistics.median(times[1]), 2),
        "ratio": round(statistics.median(a / b for a, b in zip(*times, strict=True)), 3),
        "sentences_differing": differing,
    }


def _batches(split: EncodedSplit, count: int, size: int) -> list[np.ndarray]:
    order = np.argsort(split.source_lengths[:count], kind="stable")
    rows = [
        [np.append(split.source(int(i)), EOS) for i in order[start : start + size]] for start in range(0, count, size)
    ]
    return [pad(batch)[0].numpy() for batch in rows]


def _export(module: nn.Module, example: tuple[Tensor, ...], shapes: tuple[Any, ...], path: Path) -> None:
    program = torch.onnx.export(
        module.eval(), example, dynamo=True, dynamic_shapes=shapes, custom_translation_table=TRANSLATIONS, verbose=False
    )
    assert program is not None
    program.save(path)


def _session(path: Path) -> onnxruntime.InferenceSession:
    return onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])


def _run(session: onnxruntime.InferenceSession, inputs: list[np.ndarray]) -> list[np.ndarray]:
    names = [value.name for value in session.get_inputs()]
    assert len(names) == len(inputs), names
    found: list[np.ndarray] = session.run(None, dict(zip(names, inputs, strict=True)))
    return found


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
