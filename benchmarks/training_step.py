"""What the number format and the allocator do to a training step on a CPU.

    make bench-step

Each combination runs in a process of its own, in turn, ROUNDS times: the same batches, forward, backward and optimiser.
What is printed is the median of target tokens per second (padding not counted) and the ratio to the first combination.
"""

import itertools
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch

from enface.data.batches import Batch, TrainingBatches
from enface.data.prepared import TRAIN, PreparedFolder
from enface.model.section import ModelSection
from enface.model.seq2seq import Seq2Seq
from enface.params import load_section
from enface.training.machine import keep_freed_memory

ROUNDS = 5
WARM_UP, STEPS = 3, 30
COMBINATIONS = list(itertools.product(("32-true", "bf16-mixed"), ("default", "kept")))


def main(corpus: Path, params: Path, out: Path) -> None:
    """Runs all combinations, interleaved."""
    speeds: dict[tuple[str, str], list[float]] = {combination: [] for combination in COMBINATIONS}
    for _, combination in itertools.product(range(ROUNDS), COMBINATIONS):
        command = [
            sys.executable,
            "-W",
            "ignore",
            "-m",
            "benchmarks.training_step",
            str(corpus),
            str(params),
            *combination,
        ]
        speeds[combination].append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    base = speeds[COMBINATIONS[0]]
    results = [
        {
            "precision": precision,
            "freed_memory": memory,
            "target_tokens_per_second": round(statistics.median(measured)),
            "ratio": round(statistics.median(a / b for a, b in zip(measured, base, strict=True)), 2),
        }
        for (precision, memory), measured in speeds.items()
    ]
    for result in results:
        print(json.dumps(result))
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


def measure(corpus: Path, params: Path, precision: str, memory: str) -> float:
    """Target tokens per second of one combination."""
    if memory == "kept":
        keep_freed_memory()
    prepared = PreparedFolder(corpus)
    batches = first_batches(prepared)
    torch.manual_seed(1)
    model = Seq2Seq(load_section(params, "model", ModelSection), prepared.meta.vocabulary_size)
    return tokens_per_second(model, batches, precision=precision)


def first_batches(prepared: PreparedFolder, *, steps: int = STEPS) -> list[Batch]:
    """The first training batches, as many as are timed and those before them."""
    batches = TrainingBatches(prepared.split(TRAIN), batch_tokens=2048, seed=1)
    return list(itertools.islice(batches, WARM_UP + steps))


def tokens_per_second(model: Seq2Seq, batches: list[Batch], *, precision: str) -> float:
    """Target tokens per second of forward, backward and optimiser over the batches but the first few."""
    optimizer = torch.optim.Adam(model.parameters(), fused=True)
    tokens, began = 0, 0.0
    for number, batch in enumerate(batches):
        if number == WARM_UP:
            tokens, began = 0, time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16-mixed"):
            decoded = model(batch.source, batch.source_valid, batch.target_input)
            logits = model.logits(decoded.readout[batch.target_valid])
            loss = torch.nn.functional.cross_entropy(logits, batch.target_output[batch.target_valid])
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        tokens += int(batch.target_valid.sum())
    return tokens / (time.perf_counter() - began)


if __name__ == "__main__":
    corpus, params, *rest = sys.argv[1:]
    if len(rest) == 1:
        main(Path(corpus), Path(params), Path(rest[0]))
    else:
        print(measure(Path(corpus), Path(params), *rest))
