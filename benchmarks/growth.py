"""What more pairs cost: time and memory of making a corpus, preparing it, and loading it for one epoch.

    make bench-growth

Each step at each size is a process of its own, and its peak of memory that of the process. The built-in corpus makes
the pairs, as files; they are prepared with the settings of params.yaml but for the vocabulary, and loaded as for one
device, and as for one of four. `anonymous` is what the process holds itself; its peak also counts pages of files, which
the system may take back. Beside the figures OUT.json a plot, OUT.png: lines of slope 1 are linear, level ones flat.
"""

import json
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.training.tracing import peak_mib

SIZES = (20_000, 200_000, 2_000_000)
STEPS = ("make", "prepare", "load", "load a quarter")
_HELD_OUT = 1_000
_BATCH_TOKENS = 4_096
_MEBIBYTE_KIB = 1_024
_LOOK_SECONDS = 0.05


def main(params: Path, out: Path, sizes: list[int]) -> None:
    """Measures every step at every size, and writes the figures and the plot."""
    results = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="enface-growth-") as folder:
            for step in STEPS:
                command = [
                    sys.executable,
                    "-W",
                    "ignore",
                    "-m",
                    "benchmarks.growth",
                    step,
                    str(size),
                    folder,
                    str(params),
                ]
                told = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
                results.append({"step": step, "pairs": size} | json.loads(told.splitlines()[-1]))
                print(json.dumps(results[-1]), flush=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    _plot(results, out.with_suffix(".png"))


def measure(step: str, size: int, folder: Path, params: Path) -> dict[str, Any]:
    """Seconds, pairs per second and peaks of memory in MiB of one step, what it imports included in the peaks alone."""
    makers = {"make": _make, "prepare": _prepare, "load": _load, "load a quarter": partial(_load, devices=4)}
    work = makers[step](size, folder, params)
    anonymous = _Anonymous()
    anonymous.start()
    began = time.perf_counter()
    told = work()
    seconds = time.perf_counter() - began
    anonymous.end()
    return told | {
        "seconds": round(seconds, 2),
        "pairs_per_second": round(told.get("seen", size) / seconds),
        "peak_mib": round(peak_mib()),
        "anonymous_peak_mib": round(anonymous.peak_kib / _MEBIBYTE_KIB),
    }


class _Anonymous(threading.Thread):
    """Looks now and then how much memory the process holds that is no file's."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.peak_kib = 0
        self._ended = threading.Event()

    def run(self) -> None:
        while not self._ended.wait(_LOOK_SECONDS):
            lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
            (held,) = (int(line.split()[1]) for line in lines if line.startswith("RssAnon:"))
            self.peak_kib = max(self.peak_kib, held)

    def end(self) -> None:
        self._ended.set()
        self.join()


def _make(size: int, folder: Path, params: Path) -> Any:
    from enface.data.making import write_parallel
    from enface.data.readers.builtin import BuiltinReader

    sizes = {"train": size, "validation": _HELD_OUT, "test": _HELD_OUT}
    reader = BuiltinReader("en", "de", seed=1, sizes=sizes)

    def work() -> dict[str, Any]:
        write_parallel(reader, folder / "corpus", "en", "de", report=lambda split, count: None)
        return {}

    return work


def _prepare(size: int, folder: Path, params: Path) -> Any:
    from enface.data.prepare import PrepareSection, prepare
    from enface.data.readers.files import FilesReader
    from enface.params import load_section

    settings = load_section(params, "prepare", PrepareSection)
    reader = FilesReader(folder / "corpus", "en", "de")

    def work() -> dict[str, Any]:
        prepare(reader, folder / "prepared", title="growth", languages=("en", "de"), settings=settings)
        return {}

    return work


def _load(size: int, folder: Path, params: Path, *, devices: int = 1) -> Any:
    from enface.data.batches import TrainingBatches
    from enface.data.prepared import TRAIN, PreparedFolder

    def work() -> dict[str, Any]:
        began = time.perf_counter()
        pairs = PreparedFolder(folder / "prepared").split(TRAIN)
        batches = TrainingBatches(pairs, batch_tokens=_BATCH_TOKENS, seed=1, parts=devices)
        running = iter(batches)
        seen = len(next(running).indices)
        first = time.perf_counter() - began
        seen += sum(len(batch.indices) for batch in running)
        return {"first_batch_seconds": round(first, 3), "batches": len(batches), "seen": seen}

    return work


def _plot(results: list[dict[str, Any]], path: Path) -> None:
    from matplotlib.figure import Figure

    from enface.evaluation.figures import INK, PALETTE, save_png

    figure = Figure(figsize=(9, 3.6), layout="constrained")
    time_axes, memory_axes = figure.subplots(1, 2)
    for step, colour in zip(STEPS, PALETTE, strict=False):
        measured = [result for result in results if result["step"] == step]
        pairs = [result["pairs"] for result in measured]
        time_axes.plot(pairs, [result["seconds"] for result in measured], "o-", color=colour, label=step)
        memory_axes.plot(pairs, [result["peak_mib"] for result in measured], "o-", color=colour, label=step)
    for axes, title in ((time_axes, "Seconds"), (memory_axes, "Peak memory, MiB")):
        axes.set_xscale("log")
        axes.set_title(title, color=INK, loc="left")
        axes.set_xlabel("Sentence pairs")
        axes.spines[["top", "right"]].set_visible(False)
    time_axes.set_yscale("log")
    memory_axes.set_ylim(bottom=0)
    time_axes.legend(frameon=False)
    save_png(figure, path)


if __name__ == "__main__":
    if sys.argv[1] in STEPS:
        step, size, folder, params = sys.argv[1:]
        print(json.dumps(measure(step, int(size), Path(folder), Path(params))))
    else:
        params, out, *sizes = sys.argv[1:]
        main(Path(params), Path(out), [int(size) for size in sizes] or list(SIZES))
