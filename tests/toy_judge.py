"""A toy judge for tests: a real ONNX graph, a real tokenizer and a manifest, made by hand in no time.

Its probability is 1 divided by the number of tokens of the pair, the end of sentence between the sides counted; its
attention is even over all tokens. Tests get the folder from the fixture `toy_judge` (tests/conftest.py).
"""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from enface.data.tokenizer import Tokenizer
from enface.judge_folder import GRAPH, TOKENIZER, JudgeDescription, write_manifest
from tests.toy import SENTENCES

DESCRIPTION = JudgeDescription(
    source_language="en", target_language="de", corpus="toy", corpus_sha256="0" * 64, max_length_tokens=16
)


def write_toy_judge(folder: Path) -> Path:
    """Writes the toy judge into `folder`, which is made; the answer is `folder`."""
    folder.mkdir(parents=True)
    onnx.save(counting_graph(), folder / GRAPH)
    Tokenizer.train(SENTENCES, vocabulary_size=400).save(folder / TOKENIZER)
    write_manifest(folder, DESCRIPTION)
    return folder


def counting_graph() -> onnx.ModelProto:
    """The judge that counts, as an ONNX model."""
    nodes = [
        helper.make_node("Greater", ["tokens", "zero"], ["real"]),
        helper.make_node("Cast", ["real"], ["ones"], to=TensorProto.FLOAT),
        helper.make_node("ReduceSum", ["ones", "axis1"], ["count"], keepdims=1),
        helper.make_node("Reciprocal", ["count"], ["share"]),
        helper.make_node("Squeeze", ["share", "axis1"], ["probability"]),
        helper.make_node("Mul", ["ones", "share"], ["even"]),
        helper.make_node("Unsqueeze", ["even", "axis1"], ["row"]),
        helper.make_node("Shape", ["tokens"], ["b"], start=0, end=1),
        helper.make_node("Shape", ["tokens"], ["l"], start=1, end=2),
        helper.make_node("Concat", ["b", "l", "l"], ["bll"], axis=0),
        helper.make_node("Expand", ["row", "bll"], ["attention"]),
    ]
    constants = [
        helper.make_tensor("zero", TensorProto.INT64, [], [0]),
        helper.make_tensor("axis1", TensorProto.INT64, [1], [1]),
    ]
    outputs = [("probability", "B"), ("attention", "BLL")]
    graph = helper.make_graph(
        nodes,
        "count",
        [helper.make_tensor_value_info("tokens", TensorProto.INT64, list("BL"))],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, list(axes)) for name, axes in outputs],
        constants,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    return model
