"""Every bundle of the sweep behind a real TorchServe, asked over HTTP: the answers are those of the Translator.

    make prove-serving

Starts TorchServe once for each bundle under artifacts/sweep, sends it SENTENCES of the test split in one request, and
compares text, links and matrix of each with what `enface.inference.translator.Translator` says in this process. Prints
a line a bundle and ends with status 1 where any differs.
"""

import json
import sys
import time
from pathlib import Path

import httpx
import numpy as np

from enface.data.prepared import PreparedFolder
from enface.inference.translation import Translation
from enface.inference.translator import Translator
from serving.store import make_store
from serving.torchserve import TorchServe, server_folder

SENTENCES = 20
TOLERANCE = 1e-4


def main(sweep: Path, out: Path) -> None:
    """Asks every bundle and writes what was found to `out`."""
    results = {"-".join(bundle.parts[-3:-1]): ask(bundle) for bundle in sorted(sweep.glob("*/*/export"))}
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    wrong = [name for name, result in results.items() if result["different"]]
    if wrong or not results:
        sys.exit(f"answers differ: {', '.join(wrong)}" if wrong else f"{sweep}: no bundles; make sweep makes them")


def ask(bundle: Path) -> dict[str, float]:
    """How many sentences were asked, how many answers differ, and how long the start took."""
    texts = _sentences(bundle)
    expected = Translator(bundle).translate(texts)
    began = time.perf_counter()
    with server_folder() as folder:
        make_store(bundle, folder / "store")
        with TorchServe(folder / "store", folder=folder) as server:
            started = time.perf_counter() - began
            answer = httpx.post(server.address, json={"text": texts}, auth=server.auth, timeout=60, trust_env=False)
    entries = answer.raise_for_status().json()["translations"]
    different = sum(not _same(*pair) for pair in zip(entries, expected, strict=True))
    print(
        f"{bundle.parent.name:32} {len(texts)} sentences, {different} different, ready after {started:.1f} s",
        flush=True,
    )
    return {"sentences": len(texts), "different": different, "ready_after_s": round(started, 1)}


def _sentences(bundle: Path) -> list[str]:
    """Test sentences of the set that the variant belongs to: the bundle is <set>/<variant>/export."""
    prepared = PreparedFolder(bundle.parents[1] / "prepare")
    return prepared.split(prepared.test_splits[0]).source_sentences()[:SENTENCES]


def _same(entry: dict, expected: Translation) -> bool:
    matrix = np.array(entry["alignment"]["matrix"])
    return (
        entry["text"] == expected.text
        and entry["alignment"]["links"] == [list(link) for link in expected.links]
        and np.allclose(matrix, expected.matrix, atol=TOLERANCE)
    )


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
