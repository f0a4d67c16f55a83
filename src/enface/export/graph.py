"""The whole translator as one ONNX graph: encoder, attention and beam search, token ids in and token ids out.

    source          int64 (B, S)     token ids, padded on the right with 0, every row ending with the end token
    prefix          int64 (B, P)     position t of every hypothesis is forced to prefix[b, t]; -1 leaves it free
    beam_size       int64 ()         K
    max_length      int64 ()         T, the longest hypothesis, its end token included
    length_penalty  float ()         alpha of Wu et al. 2016, equation 14
    ->
    tokens          int64 (B, K, T)  best first, with the end token, then padding
    scores          float (B, K)     log P / length penalty
    lengths         int64 (B, K)     with the end token
    attention       float (B, K, T, S)

PyTorch's graph takes K and T as the lengths of two vectors, which is what makes them symbolic; the two scalars in their
place are put before it here.
"""

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import onnx
import torch
from onnx import TensorProto, helper
from onnxscript.optimizer import fold_constants
from torch.export import Dim

from enface.decoding.beam import SpecialTokens
from enface.decoding.translate import BeamTranslator
from enface.errors import ExportError
from enface.export.operators import TRANSLATIONS
from enface.model.seq2seq import Seq2Seq

INPUTS = ("source", "prefix", "beam_size", "max_length", "length_penalty")
OUTPUTS = ("tokens", "scores", "lengths", "attention")

_SCALARS = ("beam_size", "max_length")
_ANY_SIZE = 2**31  # bytes: the tied output matrix is transposed here and not at every step of the search


def write_graph(path: Path, model: Seq2Seq, special: SpecialTokens) -> None:
    """Writes the graph of `model` to `path`, weights inside.

    Raises:
        ExportError: PyTorch could not export the model.
    """
    translator = BeamTranslator(model.eval(), special)
    try:
        with _quiet(), torch.no_grad():
            program = torch.onnx.export(
                translator,
                _example(special),
                dynamo=True,
                dynamic_shapes=_dynamic(),
                custom_translation_table=TRANSLATIONS,
                input_names=[*INPUTS[:2], *map(_vector, _SCALARS), INPUTS[4]],
                output_names=list(OUTPUTS),
                verbose=False,
            )
    except torch.onnx.errors.OnnxExporterError as error:
        raise ExportError(f"export: PyTorch could not make the graph: {_first_cause(error)}") from error
    assert program is not None
    fold_constants(program.model, input_size_limit=_ANY_SIZE, output_size_limit=_ANY_SIZE)
    onnx.save(_with_scalars(_without_shapes(program.model_proto)), path)


def _first_cause(error: BaseException) -> str:
    """What went wrong, in one line; the exporter's own error only says in which of its steps, in colours."""
    cause = error.__cause__ or error
    first_line, *_ = str(cause).strip().split("\n")
    return f"{type(cause).__name__}: {first_line}"


def _example(special: SpecialTokens) -> tuple[torch.Tensor, ...]:
    """Any input will do: all five sizes are symbolic, and no two of the example's are equal."""
    source = torch.full((3, 7), special.end + 1)
    source[:, -1] = special.end
    free = torch.full((3, 2), -1)
    return source, free, torch.zeros(4, dtype=torch.int64), torch.zeros(9, dtype=torch.int64), torch.tensor(1.0)


def _dynamic() -> tuple[dict[int, Dim] | None, ...]:
    batch = Dim("B")
    return {0: batch, 1: Dim("S")}, {0: batch, 1: Dim("P")}, {0: Dim("K")}, {0: Dim("T")}, None


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


def _without_shapes(model: onnx.ModelProto) -> onnx.ModelProto:
    """`model` without its notes on inner shapes, where names of the loop's body recur outside with other shapes."""

    def strip(graph: onnx.GraphProto) -> None:
        del graph.value_info[:]
        for node in graph.node:
            for attribute in node.attribute:
                if attribute.HasField("g"):
                    strip(attribute.g)

    strip(model.graph)
    return model


def _zero() -> TensorProto:
    return helper.make_tensor("zero", TensorProto.INT64, [1], [0])


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keeps the exporter's progress and its warnings (torchvision missing, a folding skipped) from the user."""
    loggers = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()), open(os.devnull, "w") as nowhere:
            warnings.simplefilter("ignore")
            with contextlib.redirect_stderr(nowhere):
                yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
