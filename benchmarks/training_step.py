"""What each change gave a training step on a CPU, and where its time goes before and after all of them.

    make bench-step

The GRU and the Transformer that `bench-training` compares take steps as a plain PyTorch program would, then with one
change after the other. Each state runs in a process of its own, in turn, ROUNDS times: forward, loss, backward,
clipping, optimiser. What is printed is the median of target tokens per second (padding not counted), how many times
that of the state before, and the most memory held; then the first and the last state of each network are run again
under PyTorch's profiler, and their operators' own time is added up by kind.
"""

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal, cast, get_args

import torch
from torch import Tensor, nn

from benchmarks.training.contestants import LABEL_SMOOTHING, Architecture, Contestant
from benchmarks.training.tracing import peak_mib
from enface.data.batches import Batch, TrainingBatches
from enface.data.prepared import TRAIN, PreparedFolder
from enface.model.decoder import Decoded
from enface.model.dropout import Dropout
from enface.model.seq2seq import Seq2Seq
from enface.training.machine import keep_freed_memory
from enface.training.word_loss import word_loss

Change = Literal["plain", "all words in one go", "freed memory kept", "bfloat16", "cheap dropout", "loss in parts"]
"""Each with all before it; a Transformer has no recurrence whose words wait for each other."""

NETWORKS: dict[Architecture, list[Change]] = {
    "luong": list(get_args(Change)),
    "transformer": [change for change in get_args(Change) if change != "all words in one go"],
}
ROUNDS = 3
BATCH_TOKENS = 4096
WARM_UP, STEPS, PROFILED = 3, 20, 6

Step = Callable[[Batch], None]
"""Learns from one batch."""

KINDS = {
    "products": ("mm", "mkldnn", "onednn", "scaled_dot_product", "flash_attention"),
    "softmax": ("softmax", "logsumexp", "gather", "scatter", "nll_loss", "cross_entropy"),
    "random numbers": ("bernoulli", "random"),
    "moving and converting": ("copy", "cat", "clone", "index", "select", "slice", "embedding", "stack", "pad", "where"),
    "filling": ("fill", "zero"),
    "optimiser and norms": ("adam", "norm", "foreach"),
    "sums": ("sum", "mean"),
}
"""Kinds of operators, by parts of their names; all others work element by element."""


def main(corpus: Path, params: Path, out: Path) -> None:
    """Runs all states, interleaved, then the profiles."""
    states = [(network, change) for network, changes in NETWORKS.items() for change in changes]
    measured: dict[tuple[Architecture, Change], list[dict[str, float]]] = {state: [] for state in states}
    for _, (network, change) in itertools.product(range(ROUNDS), states):
        measured[network, change].append(_apart(corpus, params, network, change))
    steps = [row for network, changes in NETWORKS.items() for row in _rows(network, changes, measured)]
    profiles = [
        {"network": network, "change": change, **_apart(corpus, params, network, change, "--profile")}
        for network, changes in NETWORKS.items()
        for change in (changes[0], changes[-1])
    ]
    for row in (*steps, *profiles):
        print(json.dumps(row))
    out.parent.mkdir(parents=True, exist_ok=True)
    found = {"steps": steps, "profiles": profiles, "threads": torch.get_num_threads()}
    out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def _apart(corpus: Path, params: Path, *rest: str) -> dict[str, float]:
    """What one state measured of itself in a process of its own."""
    command = [sys.executable, "-W", "ignore", "-m", "benchmarks.training_step", str(corpus), str(params), *rest]
    told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return cast(dict[str, float], json.loads(told))


def _rows(
    network: Architecture, changes: list[Change], measured: dict[tuple[Architecture, Change], list[dict[str, float]]]
) -> list[dict[str, Any]]:
    """The rows of one network; the ratios are medians over the rounds."""
    speeds = {change: [run["speed"] for run in measured[network, change]] for change in changes}
    before = dict(zip(changes, [changes[0], *changes], strict=False))
    return [
        {
            "network": network,
            "change": change,
            "target_tokens_per_second": round(statistics.median(speeds[change])),
            "times_the_one_before": _ratio(speeds[change], speeds[before[change]]),
            "times_plain": _ratio(speeds[change], speeds[changes[0]]),
            "peak_mib": round(statistics.median(run["peak_mib"] for run in measured[network, change])),
        }
        for change in changes
    ]


def _ratio(these: list[float], those: list[float]) -> float:
    return round(statistics.median(a / b for a, b in zip(these, those, strict=True)), 2)


def measure(corpus: Path, params: Path, network: Architecture, change: Change, *, profiled: bool) -> dict[str, float]:
    """Speed and memory of one state, or the shares of its operators."""
    changes = NETWORKS[network][: NETWORKS[network].index(change) + 1]
    if "freed memory kept" in changes:
        keep_freed_memory()
    if "cheap dropout" not in changes:
        Dropout.forward = _dropout_of_pytorch  # type: ignore
    prepared = PreparedFolder(corpus)
    batches = first_batches(prepared, steps=STEPS, batch_tokens=BATCH_TOKENS)
    torch.manual_seed(1)
    section = Contestant("", "enface", network).enface_model(params)
    model = Seq2Seq(section, prepared.meta.vocabulary_size)
    decode = _word_by_word if network == "luong" and "all words in one go" not in changes else in_one_go
    loss = _loss_in_parts if "loss in parts" in changes else loss_at_once
    step = make_step(model, decode, loss, bfloat16="bfloat16" in changes)
    if profiled:
        return _profile(step, batches[: WARM_UP + PROFILED])
    speed = tokens_per_second(step, batches)
    return {"speed": speed, "peak_mib": peak_mib()}


def first_batches(prepared: PreparedFolder, *, steps: int, batch_tokens: int) -> list[Batch]:
    """The first training batches, as many as are timed and those before them."""
    batches = TrainingBatches(prepared.split(TRAIN), batch_tokens=batch_tokens, seed=1)
    return list(itertools.islice(batches, WARM_UP + steps))


def make_step(
    model: Seq2Seq,
    decode: Callable[[Seq2Seq, Batch], Decoded],
    loss: Callable[[Seq2Seq, Tensor, Tensor], Tensor],
    *,
    bfloat16: bool,
) -> Step:
    """Forward, loss, backward, clipping and optimiser of `model`."""
    optimizer = torch.optim.Adam(model.parameters(), fused=True)

    def step(batch: Batch) -> None:
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            decoded = decode(model, batch)
            found = loss(model, decoded.readout[batch.target_valid], batch.target_output[batch.target_valid])
        torch.autograd.backward(found)
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()

    return step


def tokens_per_second(step: Step, batches: list[Batch]) -> float:
    """Target tokens per second of the batches but the first few."""
    for batch in batches[:WARM_UP]:
        step(batch)
    began = time.perf_counter()
    for batch in batches[WARM_UP:]:
        step(batch)
    tokens = sum(int(batch.target_valid.sum()) for batch in batches[WARM_UP:])
    return tokens / (time.perf_counter() - began)


def in_one_go(model: Seq2Seq, batch: Batch) -> Decoded:
    """All target positions together, as the model's own forward does it."""
    decoded: Decoded = model(batch.source, batch.source_valid, batch.target_input)
    return decoded


def _word_by_word(model: Seq2Seq, batch: Batch) -> Decoded:
    """The recurrence in Python, as a decoder needs it whose steps wait for the attention."""
    memories, state = model.prepare(batch.source, batch.source_valid)
    steps = []
    for number, tokens in enumerate(torch.split(batch.target_input, 1, dim=1)):
        readout, state, weights = model.step(tokens, state, memories, torch.tensor(number))
        steps.append(Decoded(readout, weights, weights))
    return Decoded(*(torch.cat(parts, 1) for parts in zip(*steps, strict=True)))


def loss_at_once(model: Seq2Seq, readouts: Tensor, expected: Tensor) -> Tensor:
    """The mean smoothed loss of a word, over the scores of all words."""
    return nn.functional.cross_entropy(model.logits(readouts), expected, label_smoothing=LABEL_SMOOTHING)


def _loss_in_parts(model: Seq2Seq, readouts: Tensor, expected: Tensor) -> Tensor:
    found = word_loss(model, readouts[None], expected, label_smoothing=LABEL_SMOOTHING, r_drop_weight=0.0)
    return found.total / len(expected)


def _dropout_of_pytorch(module: Dropout, values: Tensor) -> Tensor:
    return nn.functional.dropout(values, module.dropped / 256, module.training)


def _profile(step: Step, batches: list[Batch]) -> dict[str, float]:
    """Per cent of the time by kind of operator, what lies between them, and the milliseconds of a step."""
    for batch in batches[:WARM_UP]:
        step(batch)
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profiler:
        began = time.perf_counter()
        for batch in batches[WARM_UP:]:
            step(batch)
        whole = time.perf_counter() - began
    spent, calls = defaultdict[str, float](float), 0
    for event in profiler.key_averages():
        if "::" in event.key and not event.key.startswith("autograd::"):
            spent[_kind(event.key)] += event.self_cpu_time_total / 1e6
            calls += event.count
    spent["between operators"] = whole - sum(spent.values())
    shares = {kind: round(100 * seconds / whole, 1) for kind, seconds in sorted(spent.items(), key=lambda of: -of[1])}
    return shares | {"calls a step": round(calls / PROFILED), "ms a step": round(1000 * whole / PROFILED)}


def _kind(operator: str) -> str:
    name = operator.split("::")[-1].strip("_")
    return next((kind for kind, parts in KINDS.items() if any(part in name for part in parts)), "element by element")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training_step", description=__doc__)
    parser.add_argument("corpus", type=Path, help="a prepared folder")
    parser.add_argument("params", type=Path)
    parser.add_argument(
        "what", help=f"the JSON file to write; or {' or '.join(NETWORKS)}, of which one state is measured"
    )
    parser.add_argument("change", nargs="?", choices=get_args(Change), help="that state")
    parser.add_argument("--profile", action="store_true", help="its operators in place of its speed")
    return parser.parse_args()


if __name__ == "__main__":
    asked = _arguments()
    if asked.change:
        print(json.dumps(measure(asked.corpus, asked.params, asked.what, asked.change, profiled=asked.profile)))
    else:
        main(asked.corpus, asked.params, Path(asked.what))
