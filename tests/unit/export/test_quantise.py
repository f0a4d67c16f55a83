import numpy as np
import onnx
import torch

from enface.export.quantise import write_quantised
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
    "general-reinforce": 2,
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


def test_a_matrix_of_words_and_of_a_product_keeps_its_words(tmp_path):
    """ONNX Runtime turns the matrix of a product round where it stands."""
    text = """
    <ir_version: 10, opset_import: ["" : 18]>
    agraph (int64[N] words) => (float[N, 4] y)
    <float[4, 3] words_as_vectors = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, float[4] bias = {0, 0, 0, 100}>
    {
        x = Gather (words_as_vectors, words)
        y = Gemm <transB = 1> (x, words_as_vectors, bias)
    }
    """
    onnx.save(onnx.parser.parse_model(text), tmp_path / "graph.onnx")
    write_quantised(tmp_path / "graph.onnx", tmp_path / "graph.int8.onnx")
    quantised = open_graph(tmp_path / "graph.int8.onnx")
    (found,) = quantised.run(None, {"words": np.array([3, 0])})
    vectors = np.arange(1, 13).reshape(4, 3)
    np.testing.assert_allclose(found, vectors[[3, 0]] @ vectors.T + [0, 0, 0, 100], rtol=0.02)
