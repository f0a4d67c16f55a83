"""From any network of ours to an ONNX program: PyTorch's exporter with our operators, and without its chatter.

What the inputs of a program are, and what is done to it afterwards, is its own module's: `graph.py` for the translator.
"""

import contextlib
import io
import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from enface.errors import ExportError
from enface.export.operators import TRANSLATIONS


def make_program(
    network: nn.Module, example: tuple[Tensor, ...], *, shapes: Any, inputs: Sequence[str], outputs: Sequence[str]
) -> torch.onnx.ONNXProgram:
    """`network` as an ONNX program, in evaluation mode.

    Args:
        network: what is exported.
        example: inputs that it takes; those of their sizes that `shapes` names may be others later.
        shapes: for each input, its axes that vary, as `torch.export` takes them.
        inputs: the names of the inputs.
        outputs: the names of the outputs.

    Raises:
        ExportError: PyTorch could not export it.
    """
    try:
        with _quiet(), torch.no_grad():
            program = torch.onnx.export(
                network.eval(),
                example,
                dynamo=True,
                dynamic_shapes=shapes,
                custom_translation_table=TRANSLATIONS,
                input_names=list(inputs),
                output_names=list(outputs),
                verbose=False,
            )
    except torch.onnx.errors.OnnxExporterError as error:
        raise ExportError(f"export: PyTorch could not make the graph: {_first_cause(error)}") from error
    assert program is not None
    return program


def _first_cause(error: BaseException) -> str:
    """What went wrong, in one line; the exporter's own error only says in which of its steps, in colours."""
    cause = error.__cause__ or error
    first_line, *_ = str(cause).strip().split("\n")
    return f"{type(cause).__name__}: {first_line}"


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
