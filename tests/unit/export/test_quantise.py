import numpy as np
import onnx
import torch

from tests.unit.export.conftest import open_graph
from tests.unit.export.test_graph import in_onnx, operators_of
from tests.unit.model import tiny

OF_STATES = {
    "additive-gru": 1,
    "none-lstm": 0,
    "dot-feeding": 2,
    "general-predictive": 2,
    "concat-monotonic": 1,
    "scaled-gumbel": 2,
    "transformer": 2 * 4,
    "transformer-rotary-local": 4,
}
"""The products of two things that no training knows: of weights with states, and of queries with keys."""


def test_the_quantised_graph_multiplies_integers_also_within_the_loop(made):
    graph = onnx.load(made.folder / "graph.int8.onnx").graph
    loop = next(node for node in graph.node if node.op_type == "Loop")
    operators = list(operators_of(loop.attribute[0].g))
    assert "MatMulInteger" in operators
    assert operators.count("MatMul") + operators.count("Gemm") == OF_STATES[made.folder.name]


def test_the_quantised_graph_takes_less_room(making):
    folder = making[0] / "none-lstm"
    quantised, full = ((folder / name).stat().st_size for name in ("graph.int8.onnx", "graph.onnx"))
    assert quantised < full


def test_the_quantised_graph_scores_like_the_graph(made):
    quantised = open_graph(made.folder / "graph.int8.onnx")
    source, _ = tiny.source_batch([5, 2, 7])
    prefix = torch.tensor([[9, 8, 7, 2], [6, 5, 2, -1], [30, 31, 32, 2]])
    _, scores, lengths, attention, *_ = in_onnx(made.session, source, prefix, 1, 4, 0.0)
    _, int8_scores, int8_lengths, int8_attention, *_ = in_onnx(quantised, source, prefix, 1, 4, 0.0)
    assert np.array_equal(int8_lengths, lengths)
    np.testing.assert_allclose(int8_scores, scores, rtol=0.05)
    np.testing.assert_allclose(int8_attention, attention, atol=0.05)
