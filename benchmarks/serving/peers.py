"""One engine in a process of its own: `python peers.py KIND SETTINGS`, batches of token ids in, token ids out.

Run as a file, so that CTranslate2 may stand in an environment without anything of ours; what an engine needs is
imported when it is made. It prints a line when it is ready; then each line of its input is a task,
`{"batches": [[[id, ...], ...], ...], "beam_size": 5, "limit_s": 60}`, and each answer a line,
`{"seconds": 1.2, "tokens": [[id, ...], ...]}`: the best translation of every sentence, in order, of as many batches as
were begun within the limit. Settings are JSON.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any

Batch = list[list[int]]  # source ids, each sentence with its end token
Translate = Callable[[Batch, int], Batch]

PAD, BOS, EOS = 0, 1, 2  # those of `enface.data.tokenizer`, which is not at hand everywhere


def make_onnx(settings: dict[str, Any]) -> Translate:
    """Our graph in ONNX Runtime, through the session that serves."""
    from pathlib import Path

    import numpy as np

    from enface.inference.batches import padded
    from enface.inference.session import GraphSession, Search

    session = GraphSession(Path(settings["graph"]), threads=settings["threads"])

    def translate(batch: Batch, beam_size: int) -> Batch:
        search = Search(beam_size, longest_translation(batch, settings), settings["length_penalty"])
        found = session.run(padded(batch), np.full((len(batch), 1), -1), search, attention=False)
        return [row[:length].tolist() for row, length in zip(found.tokens[:, 0], found.lengths[:, 0], strict=True)]

    return translate


def make_pytorch(settings: dict[str, Any]) -> Translate:
    """The same search in PyTorch, operator by operator."""
    from pathlib import Path

    import torch

    from enface.decoding.beam import SpecialTokens
    from enface.decoding.translate import BeamTranslator, search
    from enface.inference.batches import padded
    from enface.model.weights import load_model

    torch.set_num_threads(settings["threads"])
    network, _ = load_model(Path(settings["model"]))
    translator = BeamTranslator(network.eval(), SpecialTokens(PAD, BOS, EOS))

    def translate(batch: Batch, beam_size: int) -> Batch:
        longest, alpha = longest_translation(batch, settings), settings["length_penalty"]
        source = torch.from_numpy(padded(batch))
        found = search(translator, source, beam_size=beam_size, max_length=longest, alpha=alpha)
        return [row[:length].tolist() for row, length in zip(found.tokens[:, 0], found.lengths[:, 0], strict=True)]

    return translate


def make_ctranslate2(settings: dict[str, Any]) -> Translate:
    """CTranslate2 on the weights that `ctranslate2_model.convert` wrote."""
    import ctranslate2

    engine = ctranslate2.Translator(
        settings["folder"], compute_type=settings["compute_type"], inter_threads=1, intra_threads=settings["threads"]
    )

    def translate(batch: Batch, beam_size: int) -> Batch:
        found = engine.translate_batch(
            [[str(token) for token in sentence] for sentence in batch],
            beam_size=beam_size,
            length_penalty=settings["length_penalty"],
            max_decoding_length=longest_translation(batch, settings),
            max_input_length=0,
            suppress_sequences=[[str(PAD)]],
            return_end_token=True,
        )
        return [[int(token) for token in result.hypotheses[0]] for result in found]

    return translate


ENGINES: dict[str, Callable[[dict[str, Any]], Translate]] = {
    "onnx": make_onnx,
    "pytorch": make_pytorch,
    "ctranslate2": make_ctranslate2,
}


def work(translate: Translate, task: dict[str, Any]) -> dict[str, Any]:
    """The task's batches, one after another."""
    tokens: Batch = []
    began = time.perf_counter()
    for batch in task["batches"]:
        tokens += translate(batch, task["beam_size"])
        if time.perf_counter() - began > task["limit_s"]:
            break
    return {"seconds": time.perf_counter() - began, "tokens": tokens}


def longest_translation(batch: Batch, settings: dict[str, Any]) -> int:
    """The bundle's longest translation for the longest sentence."""
    subwords = max(map(len, batch)) - 1
    return int(settings["max_length_ratio"] * subwords) + int(settings["max_length_extra_tokens"])


def main() -> None:
    """Answers task after task until there is no more."""
    translate = ENGINES[sys.argv[1]](json.loads(sys.argv[2]))
    print("ready", flush=True)
    for line in sys.stdin:
        print(json.dumps(work(translate, json.loads(line))), flush=True)


if __name__ == "__main__":
    main()
