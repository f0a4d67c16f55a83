"""Where the engine's time goes: ONNX Runtime's own profile of the graph, added up by kind of operator.

Profiling costs something for every node that runs, so that the whole is slower than the engine is; the shares count.
"""

import json
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime

from benchmarks.serving.engines import encode
from benchmarks.serving.peers import longest_translation
from enface.bundle import open_bundle
from enface.inference.batches import padded

_CONTROL = {"Loop", "If", "Scan"}  # their time is that of the nodes inside
_SENTENCES = 96
_SHOWN = 12
_KERNEL = "_kernel_time"


@dataclass(frozen=True)
class Share:
    """What one kind of operator cost, of a batch and a beam, on one thread."""

    beam_size: int
    batch_size: int
    operator: str
    calls: float  # a sentence
    ms: float  # a sentence
    per_cent: float  # of the time of all nodes


def profile_graph(bundle: Path, sentences: Sequence[str], tasks: Sequence[tuple[int, int]]) -> list[Share]:
    """The operators that cost the most in each of `tasks`, pairs of beam size and batch size; the float32 graph."""
    opened = open_bundle(bundle)
    encoded, search = encode(bundle, sentences[:_SENTENCES]), opened.manifest.search.model_dump()
    shares: list[Share] = []
    for beam_size, batch_size in tasks:
        batches = [encoded[start : start + batch_size] for start in range(0, len(encoded), batch_size)]
        feeds = [_feeds(batch, beam_size, search) for batch in batches]
        shares += _shares(_events(opened.graph("float32"), feeds), len(encoded), beam_size, batch_size)
    return shares


def _feeds(batch: list[list[int]], beam_size: int, search: dict[str, Any]) -> dict[str, np.ndarray]:
    return {
        "source": padded(batch),
        "prefix": np.full((len(batch), 1), -1),
        "beam_size": np.array(beam_size, dtype=np.int64),
        "max_length": np.array(longest_translation(batch, search), dtype=np.int64),
        "length_penalty": np.array(search["length_penalty"], dtype=np.float32),
    }


def _events(graph: Path, feeds: Sequence[dict[str, np.ndarray]]) -> list[dict[str, Any]]:
    """What ONNX Runtime wrote down of every node that it ran."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    with tempfile.TemporaryDirectory() as folder:
        options.enable_profiling, options.profile_file_prefix = True, str(Path(folder) / "profile")
        session = onnxruntime.InferenceSession(str(graph), options, providers=["CPUExecutionProvider"])
        for feed in feeds:
            session.run(["tokens", "scores", "lengths"], feed)
        told = json.loads(Path(session.end_profiling()).read_text(encoding="utf-8"))
    return [event for event in told if event.get("cat") == "Node" and event["name"].endswith(_KERNEL)]


def _shares(events: Sequence[dict[str, Any]], sentences: int, beam_size: int, batch_size: int) -> list[Share]:
    calls, spent = defaultdict[str, int](int), defaultdict[str, float](float)
    for event in events:
        operator = event["args"]["op_name"]
        if operator not in _CONTROL:
            calls[operator] += 1
            spent[operator] += event["dur"] / 1000
    whole = sum(spent.values())
    return [
        Share(
            beam_size,
            batch_size,
            operator,
            calls=round(calls[operator] / sentences, 1),
            ms=round(spent[operator] / sentences, 3),
            per_cent=round(100 * spent[operator] / whole, 1),
        )
        for operator in sorted(spent, key=lambda name: -spent[name])[:_SHOWN]
    ]
