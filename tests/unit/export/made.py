"""Tiny models as graphs, made in a process of its own: `python -m tests.unit.export.made FOLDER KIND...`.

Its process is a user's: no shapes are checked in it (`torch.export` does not get through those checks) and what it
prints is what an export prints. For each kind, FOLDER/<kind> holds the model, graph.onnx and graph.int8.onnx; it
appears when it is complete.
"""

import sys
from pathlib import Path

import torch

from enface.decoding.beam import SpecialTokens
from enface.decoding.translate import BeamTranslator
from enface.export.graph import write_graph
from enface.export.quantise import write_quantised
from enface.model.seq2seq import Seq2Seq
from enface.model.transformer import AlignmentHead
from enface.model.weights import save_model
from tests.unit.model import tiny

SPECIAL = SpecialTokens(pad=0, begin=1, end=2)
KINDS = {
    "additive-gru": {"decoder": "bahdanau", "encoder_layers": 2, "encoder_size": 6, "embedding_size": 8},
    "none-lstm": {"score": "none", "cell": "lstm", "encoder_size": 64, "decoder_size": 64},
    "dot-feeding": {"score": "dot", "decoder_size": 16, "input_feeding": True},
    "general-predictive": {"score": "general", "window": "local_predictive", "cell": "lstm"},
    "concat-monotonic": {"score": "concat", "window": "local_monotonic", "input_feeding": True, "cell": "lstm"},
    "scaled-gumbel": {"score": "scaled_dot", "selection": "gumbel", "encoder_self_attention": "local"},
    "general-reinforce": {"score": "general", "selection": "reinforce", "encoder_self_attention": "global"},
    "transformer": {"network": "transformer", "encoder_layers": 1},
    "transformer-rotary-local": {
        "network": "transformer", "positions": "rotary", "self_attention": "local", "encoder_layers": 1,
        "decoder_layers": 1,
    },
}  # fmt: skip
ALIGNED = {"transformer-rotary-local": (AlignmentHead(0, 2), 1)}  # what stands for the word alignment, where asked for


def translator_of(model: Seq2Seq, kind: str) -> BeamTranslator:
    if kind not in ALIGNED:
        return BeamTranslator(model, SPECIAL)
    head, shift = ALIGNED[kind]
    model.align_with(head)
    return BeamTranslator(model, SPECIAL, shift=shift)


def make(out: Path, kind: str) -> None:
    draft = out.with_suffix(".draft")
    draft.mkdir()
    model = tiny.model(**KINDS[kind], end=1.5)
    save_model(draft, model, tiny.section(**KINDS[kind]))
    write_graph(draft / "graph.onnx", translator_of(model, kind))
    write_quantised(draft / "graph.onnx", draft / "graph.int8.onnx")
    draft.rename(out)


if __name__ == "__main__":
    torch.set_num_threads(1)
    for name in sys.argv[2:]:
        make(Path(sys.argv[1]) / name, name)
