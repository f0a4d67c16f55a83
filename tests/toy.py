"""A toy bundle for tests: a real ONNX graph, a real tokenizer and a manifest, made by hand in well under a second.

The graph honours the whole graph contract (inputs, outputs, axes, padding, forced `prefix`) but only copies: the
translation of a text is the text itself. In detail, for every beam of a sentence:

- `tokens` are the source ids, or what `prefix` forces, cut at `max_length`; after the end of sentence, PAD;
- `attention` of target position t is 1 on source position t (on the source's EOS once t is past it), else 0,
  so target word i is linked to source word i;
- `scores` fall with the beam: beam k (from 0) has -(k + 1) * length / 10 divided by the length penalty
  ((5 + length) / 6) ** alpha. All beams hold the same tokens;
- `token_log_probabilities` of beam k are -(k + 1) / 10 for each token.

`graph.int8.onnx` is the same graph. Tests get the folder from the fixture `toy_bundle` (tests/conftest.py); another
process, such as a real server's, opens the same path.
"""

from pathlib import Path

import onnx
from onnx import TensorProto, helper

from enface.bundle import AlignmentSettings, Description, Lineage, SearchSettings, write_bundle
from enface.data.tokenizer import Tokenizer

SENTENCES = [
    "A young woman in a red coat is reading a newspaper at the bus stop.",
    "Two dogs are playing with a ball in the green park, and a child is watching them.",
    "Eine junge Frau in einem roten Mantel liest an der Bushaltestelle eine Zeitung.",
    "Zwei Hunde spielen im grünen Park mit einem Ball, und ein Kind sieht ihnen zu.",
]

DESCRIPTION = Description(
    name="toy-copy",
    source_language="en",
    target_language="de",
    search=SearchSettings(
        beam_size=4, length_penalty=0.6, max_length_ratio=1.5, max_length_extra_tokens=10, max_source_characters=10_000
    ),
    alignment=AlignmentSettings(layer=0, head=None, shift=0, link_threshold=0.3),
    lineage=Lineage(corpus="toy", corpus_sha256="0" * 64, model_sha256="1" * 64, commit=None, run_id="toy-run"),
)


def write_toy_bundle(out: Path, scratch: Path) -> Path:
    """Writes the toy bundle to `out`, using the folder `scratch` for its parts; the answer is `out`."""
    graph, tokenizer = scratch / "graph.onnx", scratch / "tokenizer.json"
    onnx.save(copy_graph(), graph)
    Tokenizer.train(SENTENCES, vocabulary_size=400).save(tokenizer)
    files = {"graph.onnx": graph, "graph.int8.onnx": graph, "tokenizer.json": tokenizer}
    write_bundle(out, files, description=DESCRIPTION)
    return out


def copy_graph() -> onnx.ModelProto:
    """The copying translator as an ONNX model."""
    integers, floats = TensorProto.INT64, TensorProto.FLOAT
    inputs = [("source", integers, "BS"), ("prefix", integers, "BP"), ("beam_size", integers, "")]
    inputs += [("max_length", integers, ""), ("length_penalty", floats, "")]
    outputs = [("tokens", integers, "BKT"), ("scores", floats, "BK"), ("lengths", integers, "BK")]
    outputs += [("attention", floats, "BKTS"), ("token_log_probabilities", floats, "BKT")]
    graph = helper.make_graph(
        [*_sizes(), *_tokens(), *_scores(), *_attention()],
        "copy",
        [helper.make_tensor_value_info(name, kind, list(axes)) for name, kind, axes in inputs],
        [helper.make_tensor_value_info(name, kind, list(axes)) for name, kind, axes in outputs],
        _constants(),
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10)
    onnx.checker.check_model(model, full_check=True)
    return model


def _constants() -> list[onnx.TensorProto]:
    scalars = {"zero": 0, "one": 1, "two": 2}
    vectors = {"axis0": [0], "axis1": [1], "unit": [1]}
    reals = {"r1": 1.0, "r5": 5.0, "r6": 6.0, "r10": 10.0}
    return [
        *(helper.make_tensor(name, TensorProto.INT64, [], [value]) for name, value in scalars.items()),
        *(helper.make_tensor(name, TensorProto.INT64, [len(value)], value) for name, value in vectors.items()),
        *(helper.make_tensor(name, TensorProto.FLOAT, [], [value]) for name, value in reals.items()),
        helper.make_tensor("hot", TensorProto.FLOAT, [2], [0.0, 1.0]),
    ]


def _node(op: str, inputs: str, output: str, **attributes: int) -> onnx.NodeProto:
    return helper.make_node(op, inputs.split(), [output], **attributes)


def _sizes() -> list[onnx.NodeProto]:
    """T = min(max(S, P), max_length), as a vector, and the shapes made from it."""
    return [
        _node("Shape", "source", "b", start=0, end=1),
        _node("Shape", "source", "s", start=1, end=2),
        _node("Shape", "prefix", "p", start=1, end=2),
        _node("Reshape", "max_length unit", "limit"),
        _node("Reshape", "beam_size unit", "k"),
        _node("Max", "s p", "widest"),
        _node("Min", "widest limit", "t"),
        _node("Concat", "b t", "bt", axis=0),
        _node("Concat", "b k", "bk", axis=0),
        _node("Concat", "b k t", "bkt", axis=0),
        _node("Concat", "b k t s", "bkts", axis=0),
    ]


def _tokens() -> list[onnx.NodeProto]:
    """The forced token, else the source's at the same position; PAD after the first end of sentence."""
    return [
        _node("Expand", "zero bt", "pads"),
        _node("Neg", "one", "minus_one"),
        _node("Expand", "minus_one bt", "free"),
        _node("Concat", "source pads", "source_long", axis=1),
        _node("Concat", "prefix free", "prefix_long", axis=1),
        _node("Slice", "source_long axis0 t axis1", "copied"),
        _node("Slice", "prefix_long axis0 t axis1", "forced"),
        _node("GreaterOrEqual", "forced zero", "is_forced"),
        _node("Where", "is_forced forced copied", "wanted"),
        _node("Equal", "wanted two", "is_end"),
        _node("Cast", "is_end", "end_count", to=TensorProto.INT64),
        _node("CumSum", "end_count one", "ends_before", exclusive=1),
        _node("Equal", "ends_before zero", "is_open"),
        _node("Where", "is_open wanted zero", "flat"),
        _node("Unsqueeze", "flat axis1", "flat_k"),
        _node("Expand", "flat_k bkt", "tokens"),
        _node("Greater", "flat zero", "is_token"),
        _node("Cast", "is_token", "token_count", to=TensorProto.INT64),
        _node("ReduceSum", "token_count axis1", "length", keepdims=1),
        _node("Expand", "length bk", "lengths"),
    ]


def _scores() -> list[onnx.NodeProto]:
    return [
        _node("Range", "zero beam_size one", "beams"),
        _node("Cast", "beams", "beam", to=TensorProto.FLOAT),
        _node("Add", "beam r1", "rank"),
        _node("Cast", "lengths", "size", to=TensorProto.FLOAT),
        _node("Mul", "size rank", "cost"),
        _node("Div", "cost r10", "cost_small"),
        _node("Neg", "cost_small", "log_probability"),
        _node("Add", "size r5", "size5"),
        _node("Div", "size5 r6", "size6"),
        _node("Pow", "size6 length_penalty", "penalty"),
        _node("Div", "log_probability penalty", "scores"),
        _node("Div", "rank r10", "token_cost"),
        _node("Neg", "token_cost", "token_chance"),
        _node("Unsqueeze", "token_chance axis1", "chance_kt"),
        _node("Greater", "tokens zero", "is_token_k"),
        _node("Cast", "is_token_k", "real", to=TensorProto.FLOAT),
        _node("Mul", "real chance_kt", "token_log_probabilities"),
    ]


def _attention() -> list[onnx.NodeProto]:
    """1 at source position min(t, the source's last)."""
    return [
        _node("Greater", "source zero", "source_valid"),
        _node("Cast", "source_valid", "source_count", to=TensorProto.INT64),
        _node("ReduceSum", "source_count axis1", "source_length", keepdims=1),
        _node("Sub", "source_length one", "last"),
        _node("Squeeze", "t", "t_scalar"),
        _node("Range", "zero t_scalar one", "steps"),
        _node("Min", "steps last", "position"),
        _node("OneHot", "position s hot", "peaks"),
        _node("Unsqueeze", "peaks axis1", "peaks_k"),
        _node("Expand", "peaks_k bkts", "attention"),
    ]
