"""How fast each variant of the sweep trains and answers, measured in turn.

    make bench-variants

The runs of a sweep follow one another for an hour, on a machine that others use too, so their own speeds do not compare
well. Here every variant takes its turn ROUNDS times: some training steps (forward, backward, optimiser; no padding
counted) from untrained weights, and sentences one by one through its bundle with the search that it is served with.
Medians are printed and written.
"""

import json
import statistics
import sys
from pathlib import Path

import torch

from benchmarks.training_step import first_batches, in_one_go, loss_at_once, make_step, tokens_per_second
from enface.data.prepared import PreparedFolder
from enface.evaluation.engine import latency_ms
from enface.inference.translator import Translator
from enface.model.section import ModelSection
from enface.model.seq2seq import Seq2Seq
from enface.outputs import write_json
from enface.params import load_section
from enface.sweep import Sweep
from enface.training.machine import keep_freed_memory

ROUNDS, STEPS, SENTENCES = 5, 12, 40
BATCH_TOKENS = 2048


def main(variants: Path, sweep: Path, set_name: str, out: Path) -> None:
    """Measures all variants of a set whose runs are under `sweep`, as the file of variants names them."""
    names = Sweep(variants).variants(set_name)
    prepared = PreparedFolder(sweep / set_name / "prepare")
    batches = first_batches(prepared, steps=STEPS, batch_tokens=BATCH_TOKENS)
    sentences = prepared.split(prepared.test_splits[0]).source_sentences()[:SENTENCES]
    bundles = {name: Translator(sweep / set_name / name / "export", threads=torch.get_num_threads()) for name in names}
    training: dict[str, list[float]] = {name: [] for name in names}
    latency: dict[str, list[float]] = {name: [] for name in names}
    for _ in range(ROUNDS):
        for name in names:
            section = load_section(sweep / "params" / set_name / f"{name}.yaml", "model", ModelSection)
            torch.manual_seed(1)
            model = Seq2Seq(section, prepared.meta.vocabulary_size)
            step = make_step(model, in_one_go, loss_at_once, bfloat16=True)
            training[name].append(tokens_per_second(step, batches))
            latency[name].append(latency_ms(bundles[name].translate, sentences))
    results = [
        {
            "variant": name,
            "target_tokens_per_second": round(statistics.median(training[name])),
            "latency_ms": round(statistics.median(latency[name]), 2),
        }
        for name in names
    ]
    for result in results:
        print(json.dumps(result))
    out.parent.mkdir(parents=True, exist_ok=True)
    write_json(out, {"threads": torch.get_num_threads(), "rounds": ROUNDS, "variants": results})


if __name__ == "__main__":
    keep_freed_memory()
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], Path(sys.argv[4]))
