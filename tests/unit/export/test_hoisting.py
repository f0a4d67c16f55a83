import numpy as np
import onnx
import onnxruntime
import pytest
from onnxscript import ir

from enface.export.hoisting import hoist

LOOP = """
<ir_version: 10, opset_import: ["" : 18]>
agraph (float[A, B] x, float[A, C] weight, int64 rounds) => (float[A, B] y)
{
    truth = Constant <value = bool {1}> ()
    y = Loop (rounds, truth, x) <
        body = round (int64 number, bool before, float[A, B] carried) => (bool after, float[A, B] sum) {
        after = Identity (before)
        size = Shape <start = 1, end = 2> (carried)
        wide = Cast <to = 1> (size)
        turned = Transpose <perm = [1, 0]> (weight)
        product = MatMul (weight, turned)
        moved = MatMul (product, carried)
        sum = Add (moved, wide)
    }>
}
"""


@pytest.fixture
def model():
    made = ir.from_proto(onnx.parser.parse_model(LOOP))
    hoist(made.graph)
    return made


def body(model):
    return next(node for node in model.graph if node.op_type == "Loop").attributes["body"].as_graph()


def test_what_no_round_changes_stands_before_the_loop_in_its_order(model):
    assert [node.op_type for node in model.graph] == ["Constant", "Shape", "Cast", "Transpose", "MatMul", "Loop"]
    assert [node.op_type for node in body(model)] == ["Identity", "MatMul", "Add"]


def test_the_result_is_the_same(model):
    x, weight = np.float32([[1, 2, 3], [4, 5, 6]]), np.float32([[1, 0, 2], [0, 1, 1]])
    feeds = {"x": x, "weight": weight, "rounds": np.array(2)}
    found = []
    for proto in (onnx.parser.parse_model(LOOP), ir.to_proto(model)):
        onnx.checker.check_model(proto)
        session = onnxruntime.InferenceSession(proto.SerializeToString(), providers=["CPUExecutionProvider"])
        found.append(session.run(None, feeds)[0])
    np.testing.assert_array_equal(found[0], found[1])
    square = weight @ weight.T
    np.testing.assert_array_equal(found[0], square @ (square @ x + 3) + 3)


def test_what_a_round_gives_out_stays_in_it():
    """An inner graph gives out its own values alone."""
    made = ir.from_proto(onnx.parser.parse_model(LOOP.replace("sum = Add (moved, wide)", "sum = Identity (x)")))
    hoist(made.graph)
    assert [node.op_type for node in body(made)] == ["Identity", "MatMul", "Identity"]


def test_names_of_a_body_may_recur_outside():
    text = LOOP.replace("truth = Constant", "turned = Identity (weight)\n    truth = Constant")
    made = ir.from_proto(onnx.parser.parse_model(text))
    hoist(made.graph)
    onnx.checker.check_model(ir.to_proto(made))
