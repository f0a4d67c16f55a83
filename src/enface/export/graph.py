"""The whole translator as one ONNX graph: encoder, attention and beam search, token ids in and token ids out.

    source                   int64 (B, S)     token ids, padded on the right with 0, every row ending with the end token
    prefix                   int64 (B, P)     position t of every hypothesis is forced to prefix[b, t]; -1: free
    beam_size                int64 ()         K
    max_length               int64 ()         T, the longest hypothesis, its end token included
    length_penalty           float ()         alpha of Wu et al. 2016, equation 14
    ->
    tokens                   int64 (B, K, T)  best first, with the end token, then padding
    scores                   float (B, K)     log P / length penalty
    lengths                  int64 (B, K)     with the end token
    attention                float (B, K, T, S)
    token_log_probabilities  float (B, K, T)  of each token after those before it; 0 behind the end

PyTorch's graph takes K and T as the lengths of two vectors, which is what makes them symbolic; the two scalars in their
place are put before it here.
"""

from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper
from onnxscript.optimizer import fold_constants
from torch.export import Dim

from enface.decoding.beam import SpecialTokens
from enface.decoding.translate import BeamTranslator
from enface.export.hoisting import hoist
from enface.export.program import make_program

INPUTS = ("source", "prefix", "beam_size", "max_length", "length_penalty")
OUTPUTS = ("tokens", "scores", "lengths", "attention", "token_log_probabilities")

_SCALARS = ("beam_size", "max_length")
_WIDEST_BEAM = 16  # PyTorch must know that no beam is wider than the vocabulary
_ANY_SIZE = 2**31  # bytes: matrices are put together and transposed here and not at every step of the search


def write_graph(path: Path, translator: BeamTranslator) -> None:
    """Writes the graph of `translator` to `path`, weights inside.

    Raises:
        ExportError: PyTorch could not export the model.
    """
    program = make_program(
        translator,
        _example(translator.special),
        shapes=_dynamic(),
        inputs=[*INPUTS[:2], *map(_vector, _SCALARS), INPUTS[4]],
        outputs=OUTPUTS,
    )
    hoist(program.model.graph)
    fold_constants(program.model, input_size_limit=_ANY_SIZE, output_size_limit=_ANY_SIZE)
    onnx.save(_with_scalars(_without_notes(program.model_proto)), path)


def _example(special: SpecialTokens) -> tuple[torch.Tensor, ...]:
    """Any input will do: all five sizes are symbolic, and no two of the example's are equal."""
    source = torch.full((3, 7), special.end + 1)
    source[:, -1] = special.end
    free = torch.full((3, 2), -1)
    return source, free, torch.zeros(4, dtype=torch.int64), torch.zeros(9, dtype=torch.int64), torch.tensor(1.0)


def _dynamic() -> tuple[dict[int, Dim] | None, ...]:
    batch = Dim("B")
    width = Dim("K", max=_WIDEST_BEAM)
    return {0: batch, 1: Dim("S")}, {0: batch, 1: Dim("P")}, {0: width}, {0: Dim("T")}, None


def _vector(scalar: str) -> str:
    return f"{scalar}_vector"


def _with_scalars(model: onnx.ModelProto) -> onnx.ModelProto:
    """`model` with each vector that stands for its length replaced by a scalar input, from which the vector is made."""
    graph = model.graph
    for scalar in _SCALARS:
        old = next(value for value in graph.input if value.name == _vector(scalar))
        graph.input.remove(old)
        graph.input.append(helper.make_tensor_value_info(scalar, TensorProto.INT64, []))
        nodes = [
            helper.make_node("Constant", [], [f"{scalar}_one"], value_ints=[1]),
            helper.make_node("Reshape", [scalar, f"{scalar}_one"], [f"{scalar}_shape"]),
            helper.make_node("ConstantOfShape", [f"{scalar}_shape"], [old.name], value=_zero()),
        ]
        for node in reversed(nodes):
            graph.node.insert(0, node)
    ordered = sorted(graph.input, key=lambda value: INPUTS.index(value.name))
    del graph.input[:]
    graph.input.extend(ordered)
    onnx.checker.check_model(model)
    return model


def _without_notes(model: onnx.ModelProto) -> onnx.ModelProto:
    """`model` without what the exporter notes beside it.

    Of inner shapes: names of the loop's body recur outside with other shapes, and a state that grows has no one shape.
    Of the lines of Python that each node came from: they take more room than a small model's weights, and are nobody's
    business who is given the graph.
    """

    def strip(graph: onnx.GraphProto) -> None:
        del graph.value_info[:]
        del graph.metadata_props[:]
        for node in graph.node:
            del node.metadata_props[:]
            for attribute in node.attribute:
                if attribute.HasField("g"):
                    for value in (*attribute.g.input, *attribute.g.output):
                        for size in value.type.tensor_type.shape.dim:
                            size.Clear()
                    strip(attribute.g)

    strip(model.graph)
    return model


def _zero() -> TensorProto:
    return helper.make_tensor("zero", TensorProto.INT64, [1], [0])
