"""Tiny models as graphs, made in a process of its own: `python -m tests.unit.export.made FOLDER KIND...`.

Its process is a user's: no shapes are checked in it (`torch.export` does not get through those checks) and what it
prints is what an export prints. For each kind, FOLDER/<kind> holds the model, graph.onnx and graph.int8.onnx.
"""

import sys
from pathlib import Path

import torch

from enface.decoding.beam import SpecialTokens
from enface.export.graph import write_graph
from enface.export.quantise import write_quantised
from enface.model.weights import save_model
from tests.unit.model import tiny

SPECIAL = SpecialTokens(pad=0, begin=1, end=2)
KINDS = {
    "additive-gru": {"decoder": "bahdanau", "encoder_layers": 2, "encoder_size": 6, "embedding_size": 8},
    "none-lstm": {"score": "none", "decoder": "luong", "cell": "lstm", "encoder_size": 64},
    "dot-feeding": {"score": "dot", "decoder_size": 16, "input_feeding": True},
    "general-predictive": {"score": "general", "window": "local_predictive", "cell": "lstm"},
    "concat-monotonic": {"score": "concat", "window": "local_monotonic", "input_feeding": True, "cell": "lstm"},
    "scaled-gumbel": {"score": "scaled_dot", "selection": "gumbel", "encoder_self_attention": "local"},
    "general-reinforce": {"score": "general", "selection": "reinforce", "encoder_self_attention": "global"},
    "transformer": {"network": "transformer"},
    "transformer-rotary-local": {"network": "transformer", "positions": "rotary", "self_attention": "local"},
}


def make(folder: Path, kind: str) -> None:
    folder.mkdir()
    model = tiny.model(**KINDS[kind])
    save_model(folder, model, tiny.section(**KINDS[kind]))
    write_graph(folder / "graph.onnx", model, SPECIAL)
    write_quantised(folder / "graph.onnx", folder / "graph.int8.onnx")


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in sys.argv[2:]:
        make(Path(sys.argv[1]) / name, name)
