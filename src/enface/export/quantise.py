"""The graph with 8-bit weights in its matrix products: smaller, and faster where the processor multiplies bytes."""

import logging
from pathlib import Path

from onnxruntime.quantization import QuantType, quantize_dynamic


def write_quantised(graph: Path, out: Path) -> None:
    """Writes `graph` with its matrix products quantised, the ones inside the search loop too.

    Weights are int8, one scale per output column; activations are quantised as they come.
    """
    logger = logging.getLogger()
    level = logger.level
    logger.setLevel(logging.ERROR)  # ONNX Runtime advises a preprocessing that our graph does not need
    try:
        quantize_dynamic(
            graph,
            out,
            op_types_to_quantize=["MatMul", "Gemm"],
            weight_type=QuantType.QInt8,
            per_channel=True,
            extra_options={"EnableSubgraph": True},
        )
    finally:
        logger.setLevel(level)
