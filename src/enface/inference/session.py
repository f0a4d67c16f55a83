"""The bundle's graph, run by ONNX Runtime: arrays of ids in, arrays of ids, scores and attention out.

Nothing here knows text. The graph's inputs and outputs are those that `enface.export` writes; a session may be run by
several threads at once.
"""

import contextlib
import importlib.util
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from jaxtyping import Float32, Int64
from onnxruntime.capi import onnxruntime_pybind11_state as failures

from enface.errors import BundleError, ParamsError

_INPUTS = ["source", "prefix", "beam_size", "max_length", "length_penalty"]
_CUDA = "CUDAExecutionProvider"
_ATTENTION, _LOG_PROBABILITIES = "attention", "token_log_probabilities"
_OUTPUTS = ["tokens", "scores", "lengths", _ATTENTION, _LOG_PROBABILITIES]
_BROKEN_GRAPH = (
    failures.Fail,
    failures.InvalidArgument,
    failures.InvalidGraph,
    failures.InvalidProtobuf,
    failures.NotImplemented,
)
_ONLY_ERRORS, _NOTHING, _WARNINGS = 3, 4, 2


@dataclass(frozen=True)
class Search:
    """One batch's search: beam width, the most target tokens with their end of sentence, and the length penalty."""

    beam_size: int
    max_length: int
    length_penalty: float


@dataclass(frozen=True)
class Found:
    """What the graph found: K hypotheses a sentence, the best first, where each token looked and how likely it was."""

    tokens: Int64[np.ndarray, "B K T"]
    scores: Float32[np.ndarray, "B K"]
    lengths: Int64[np.ndarray, "B K"]
    attention: Float32[np.ndarray, "B K T S"] | None
    log_probabilities: Float32[np.ndarray, "B K T"] | None = None


class GraphSession:
    """A loaded graph.

    Args:
        path: the graph's file.
        device: "cpu", "cuda" or "cuda:1" for another GPU than the first.
        threads: threads of one run; 0 takes as many as this process has cores.

    Raises:
        ParamsError: no such device here, or a negative number of threads.
        BundleError: the file is not a graph that Enface exported.
    """

    def __init__(self, path: Path, *, device: str = "cpu", threads: int = 0) -> None:
        self._session = open_graph(path, inputs=_INPUTS, outputs=_OUTPUTS, device=device, threads=threads)

    def run(
        self,
        source: Int64[np.ndarray, "B S"],
        prefix: Int64[np.ndarray, "B P"],
        search: Search,
        *,
        attention: bool,
        log_probabilities: bool = False,
    ) -> Found:
        """What the search finds.

        Args:
            source: source ids, each row ending with EOS, then PAD.
            prefix: target ids to force at each position, -1 where the search is free.
            search: how to search.
            attention: whether the attention is wanted.
            log_probabilities: whether those of every token are.
        """
        feeds = {
            "source": source,
            "prefix": prefix,
            "beam_size": np.array(search.beam_size, dtype=np.int64),
            "max_length": np.array(search.max_length, dtype=np.int64),
            "length_penalty": np.array(search.length_penalty, dtype=np.float32),
        }
        unwanted = {_ATTENTION: not attention, _LOG_PROBABILITIES: not log_probabilities}
        names = [name for name in _OUTPUTS if not unwanted.get(name)]
        found = dict(zip(names, self._session.run(names, feeds), strict=True))
        looked, likely = found.get(_ATTENTION), found.get(_LOG_PROBABILITIES)
        return Found(found["tokens"], found["scores"], found["lengths"], looked, likely)


def open_graph(path: Path, *, inputs: list[str], outputs: list[str], device: str, threads: int) -> Any:
    """ONNX Runtime's session of any graph of ours, whose inputs and outputs have these names.

    Raises:
        ParamsError: no such device here, or a negative number of threads.
        BundleError: the file is not such a graph.
    """
    options, providers = _session_options(threads), _providers(device)
    with _quiet(device):
        session = _load(path, options, providers)
    if device != "cpu" and _CUDA not in session.get_providers():
        raise _unusable(device)
    _check_names(path, [node.name for node in session.get_inputs()], inputs)
    _check_names(path, [node.name for node in session.get_outputs()], outputs)
    return session


def _session_options(threads: int) -> Any:
    if threads < 0:
        raise ParamsError(f"threads: got {threads}, need >= 0 (0: all cores)")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or _cores()
    options.inter_op_num_threads = 1
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_ALL
    options.log_severity_level = _ONLY_ERRORS
    return options


def _cores() -> int:
    """The cores this process may use; given in so many words, ONNX Runtime does not pin its threads to cores."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _providers(device: str) -> list[Any]:
    if device == "cpu":
        return ["CPUExecutionProvider"]
    named = re.fullmatch(r"cuda(?::(\d+))?", device)
    if not named:
        raise ParamsError(f"device: got {device!r}, need cpu, cuda or cuda:<number>")
    if _CUDA not in onnxruntime.get_available_providers():
        raise _unusable(device)
    if importlib.util.find_spec("nvidia"):
        with contextlib.redirect_stdout(sys.stderr):
            onnxruntime.preload_dlls()
    return [(_CUDA, {"device_id": int(named[1] or 0)}), "CPUExecutionProvider"]


def _unusable(device: str) -> ParamsError:
    return ParamsError(
        f"device: got {device}, but ONNX Runtime cannot use it here: it needs an NVIDIA GPU of that number with its "
        "driver, onnxruntime-gpu and CUDA's libraries; use cpu, or install those"
    )


@contextlib.contextmanager
def _quiet(device: str) -> Iterator[None]:
    """Silences ONNX Runtime's own pages about a missing GPU, which is told in one sentence instead."""
    if device == "cpu":
        yield
        return
    onnxruntime.set_default_logger_severity(_NOTHING)
    try:
        yield
    finally:
        onnxruntime.set_default_logger_severity(_WARNINGS)


def _load(path: Path, options: Any, providers: list[Any]) -> Any:
    """The session; never one that fell back to another device with a printed note."""
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=providers, enable_fallback=0)
    except _BROKEN_GRAPH as error:
        reason = str(error).splitlines()[0]
        raise BundleError(f"{path}: ONNX Runtime cannot load it: {reason}; export the model again") from None
    except RuntimeError:
        if len(providers) == 1:
            raise
        raise _unusable(f"cuda:{providers[0][1]['device_id']}") from None


def _check_names(path: Path, found: list[str], expected: list[str]) -> None:
    if sorted(found) != sorted(expected):
        raise BundleError(f"{path}: got {', '.join(found)}; need {', '.join(expected)}; export the model again")
