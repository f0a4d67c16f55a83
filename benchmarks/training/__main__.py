"""Enface beside JoeyNMT and OpenNMT-py: the same architectures, data, vocabulary, threads and allocator, in turn.

    make bench-training

CORPUS is a folder of parallel files, as Multi30k's raw ones. It is prepared once, by the benchmark itself, and its
subwords are written out for the others. Then each contestant trains in a process of its own, one after the other, in
several rounds, until it has seen so many target tokens after its warm-up. What the numbers mean stands in `tracing.py`.
"""

import argparse
import itertools
import json
import os
import tempfile
from pathlib import Path

from benchmarks.training.arithmetic import operations_per_token
from benchmarks.training.contestants import CONTESTANTS, loaders
from benchmarks.training.loading import measure_preparing, target_tokens_of_an_epoch
from benchmarks.training.machine_rate import MachineRate, measure_machine
from benchmarks.training.peer_files import Workspace
from benchmarks.training.report import Run, print_report, to_loading, to_report
from benchmarks.training.running import run_contestant


def main() -> None:
    """Prepares, measures the machine, runs every contestant in turn, prints and writes what came out."""
    asked = _arguments()
    chosen = [contestant for contestant in CONTESTANTS if not asked.only or contestant.name in asked.only]
    with tempfile.TemporaryDirectory(dir=asked.scratch) as folder:
        preparing = measure_preparing(asked.corpus, Path(folder) / "prepared", asked.params)
        print(json.dumps(preparing), flush=True)
        workspace = Workspace(Path(folder), batch_tokens=asked.batch_tokens)
        operations = {
            contestant.name: operations_per_token(contestant.enface_model(asked.params), workspace.prepared)
            for contestant in chosen
        }
        epoch = target_tokens_of_an_epoch(workspace.prepared)
        runs: dict[str, list[Run]] = {contestant.name: [] for contestant in chosen}
        loadings: dict[str, list[Run]] = {contestant.name: [] for contestant in loaders(chosen)}
        rates: list[MachineRate] = []
        for round_, contestant in itertools.product(range(asked.rounds), chosen):
            if contestant is chosen[0]:
                rates.append(measure_machine(asked.threads))
            traced = run_contestant(contestant, workspace, asked)
            runs[contestant.name].append(traced)
            print(
                f"round {round_ + 1}  {contestant.name:34} {traced.target_tokens_per_second:8.0f} tokens/s", flush=True
            )
            if contestant.name in loadings:
                loadings[contestant.name].append(run_contestant(contestant, workspace, asked, epoch=epoch))
    report = to_report(chosen, runs, rates=rates, operations=operations)
    report |= {"loading_alone": to_loading(chosen, loadings), "preparing": preparing}
    report |= {"threads": asked.threads, "batch_tokens": asked.batch_tokens, "target_tokens": asked.target_tokens}
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print_report(report)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.training", description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder of train.en, train.de, ... (plain or .gz)")
    parser.add_argument("out", type=Path, help="the JSON file to write")
    parser.add_argument(
        "--environments", type=Path, default=Path("scratch/peers"), help="where the others are installed"
    )
    parser.add_argument("--params", type=Path, default=Path("params.yaml"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--target-tokens", type=int, default=60_000, help="counted in each run, after its warm-up")
    parser.add_argument("--warm-up-steps", type=int, default=5)
    parser.add_argument("--batch-tokens", type=int, default=4096, help="budget of a batch, padding counted, for all")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument(
        "--limit-s", type=float, default=600.0, help="a run that takes longer is ended, and all with it"
    )
    parser.add_argument("--scratch", type=Path, default=None, help="folder for what is thrown away afterwards")
    names = [contestant.name for contestant in CONTESTANTS]
    parser.add_argument("--only", nargs="+", choices=names, metavar="NAME", help=f"some of: {', '.join(names)}")
    asked = parser.parse_args()
    asked.environments, asked.params = asked.environments.resolve(), asked.params.resolve()
    return asked


if __name__ == "__main__":
    main()
