"""Alignment error of our models' attention, and of word aligners, on pairs that a person aligned.

    make bench-alignment

CORPUS is a folder of parallel files that has the hand-aligned pairs among its lines, GOLD their folder. Each bundle is
led through the given translations and asked where it looks; one of the opposite direction beside it, and both are
symmetrised. The word aligners learn from train, validation and the first test split together, hand-aligned pairs
included, as such tools are used: without their links. All link the same words (`enface.alignment.words`).
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.peer_environments import make_environment
from enface.alignment.aligner import align_corpus
from enface.alignment.error_rate import alignment_error_rate
from enface.alignment.links import Link
from enface.alignment.symmetrise import grow_diag_final_and, intersection
from enface.alignment.words import Span, split_words, word_spans
from enface.data.prepared import TRAIN, VALIDATION
from enface.data.readers.files import FilesReader
from enface.evaluation.gold import GoldPair, gold_links, read_gold
from enface.evaluation.section import GoldSection
from enface.inference.translator import Translator

Pair = tuple[str, str]
Links = list[set[Link]]
AIM = 3.2  # AER of eflomal on the same pairs


@dataclass(frozen=True)
class _Side:
    spans: list[Span]


@dataclass(frozen=True)
class _Aligned:
    """What `gold_links` asks of an answer."""

    source: _Side
    target: _Side
    links: Sequence[Link]


class Gold:
    """The hand-aligned pairs, as the corpus spells them."""

    def __init__(self, folder: Path, languages: Pair, known: Sequence[Pair]) -> None:
        section = GoldSection(folder=str(folder), source_language=languages[0], target_language=languages[1])
        self.pairs: list[GoldPair] = read_gold(section, languages, known=known)
        self.rows: list[dict[str, Any]] = []

    def score(self, name: str, way: str, links: Links, **more: Any) -> None:
        """Prints and keeps the scores of `links` between our words of every pair."""
        answers = [
            _Aligned(_Side(word_spans(pair.texts[0])), _Side(word_spans(pair.texts[1])), sorted(found))
            for pair, found in zip(self.pairs, links, strict=True)
        ]
        predicted = [gold_links(answer, pair) for answer, pair in zip(answers, self.pairs, strict=True)]  # type: ignore[arg-type]
        scores = alignment_error_rate(predicted, [pair.alignment for pair in self.pairs])
        row = {"name": name, "way": way, "aer": round(scores.aer, 2), "precision": round(scores.precision, 1)}
        row |= {"recall": round(scores.recall, 1), **more}
        self.rows.append(row)
        print(
            f"{name:28} {way:22} AER {row['aer']:6}  precision {row['precision']:5}  recall {row['recall']:5}",
            flush=True,
        )

    def score_both(self, name: str, forward: Links, backward: Links, **more: Any) -> None:
        """Each direction, and the two made one; all links are (source, target)."""
        self.score(name, "forward", forward, **more)
        self.score(name, "backward", backward, **more)
        for way in (grow_diag_final_and, intersection):
            merged = [way(*both) for both in zip(forward, backward, strict=True)]
            self.score(name, way.__name__.replace("_", "-"), merged, **more)


def main() -> None:
    """Scores what was asked for."""
    asked = _arguments()
    languages = (asked.languages[0], asked.languages[1])
    reader = FilesReader(asked.corpus, *languages)
    test = next(split for split in reader.splits if split not in (TRAIN, VALIDATION))
    texts = [(pair.source, pair.target) for split in (TRAIN, VALIDATION, test) for pair in reader.pairs(split)]
    gold = Gold(asked.gold, languages, texts)
    for paths in asked.bundle:
        _score_bundles(gold, paths)
    aligners: dict[str, Callable[[list[Pair]], None]] = {
        "enface": lambda lines: _score_ours(gold, texts, lines),
        "eflomal": lambda lines: _score_eflomal(gold, texts, lines, asked.environments),
        "fast_align": lambda lines: _score_fast_align(gold, texts, lines, asked.fast_align),
    }
    lines = [(" ".join(split_words(source)), " ".join(split_words(target))) for source, target in texts]
    for name in asked.aligners:
        aligners[name]([(source.lower(), target.lower()) for source, target in lines])
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    report = {"pairs": len(texts), "gold_pairs": len(gold.pairs), "aim": AIM, "rows": gold.rows}
    asked.out.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")


def _score_bundles(gold: Gold, paths: Sequence[Path]) -> None:
    """One bundle, or one and its reverse."""
    name = " + ".join(map(str, paths))
    pairs = [pair.texts for pair in gold.pairs]
    forward = [set(answer.links) for answer in Translator(paths[0], threads=1).align(pairs)]
    if len(paths) == 1:
        gold.score(name, "forward", forward)
        return
    turned = Translator(paths[1], threads=1).align([(target, source) for source, target in pairs])
    gold.score_both(name, forward, [{(target, source) for source, target in answer.links} for answer in turned])


def _score_ours(gold: Gold, texts: Sequence[Pair], lines: Sequence[Pair]) -> None:
    """The aligner of `enface.alignment.aligner`, which makes its two directions one by itself."""
    began = time.perf_counter()
    links = align_corpus([(source.split(), target.split()) for source, target in lines])
    seconds = round(time.perf_counter() - began, 1)
    gold.score("enface aligner", "both", _of_gold(gold, texts, [set(found) for found in links]), seconds=seconds)


def _score_eflomal(gold: Gold, texts: Sequence[Pair], lines: Sequence[Pair], environments: Path) -> None:
    command = make_environment(environments, "eflomal").parent / "eflomal-align"
    with tempfile.TemporaryDirectory() as folder:
        source, target, forward, backward = (
            Path(folder) / name for name in ("source", "target", "forward", "backward")
        )
        source.write_text("".join(f"{line}\n" for line, _ in lines), encoding="utf-8")
        target.write_text("".join(f"{line}\n" for _, line in lines), encoding="utf-8")
        files = ["-s", str(source), "-t", str(target), "-f", str(forward), "-r", str(backward)]
        began = time.perf_counter()
        _run([str(command), *files, "--overwrite"])
        seconds = round(time.perf_counter() - began, 1)
        both = [_of_gold(gold, texts, list(_pharaoh(path.read_text()))) for path in (forward, backward)]
    gold.score_both("eflomal 2.0.0", both[0], both[1], seconds=seconds)


def _score_fast_align(gold: Gold, texts: Sequence[Pair], lines: Sequence[Pair], command: str) -> None:
    """With the options that its own page recommends."""
    if shutil.which(command) is None:
        print(f"fast_align: no command {command}; build https://github.com/clab/fast_align and name it by --fast-align")
        return
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
        file.writelines(f"{source} ||| {target}\n" for source, target in lines)
        file.flush()
        began = time.perf_counter()
        ways = [_run([command, "-i", file.name, "-d", "-o", "-v", *more]) for more in ([], ["-r"])]
        seconds = round(time.perf_counter() - began, 1)
    forward, backward = (_of_gold(gold, texts, list(_pharaoh(text))) for text in ways)
    gold.score_both("fast_align", forward, backward, seconds=seconds)


def _of_gold(gold: Gold, texts: Sequence[Pair], links: Links) -> Links:
    """The links of the hand-aligned pairs among those of all pairs."""
    places = {pair: place for place, pair in enumerate(texts)}
    return [links[places[pair.texts]] for pair in gold.pairs]


def _pharaoh(text: str) -> Iterator[set[Link]]:
    for line in text.splitlines():
        parts = (part.split("-") for part in line.split())
        yield {(int(source), int(target)) for source, target in parts}


def _run(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]}: ended with {done.returncode}:\n{done.stderr[-2000:]}")
    return done.stdout


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.alignment", description=__doc__)
    parser.add_argument("corpus", type=Path, help="folder of train.en, train.de, ... (plain or .gz)")
    parser.add_argument("gold", type=Path, help="folder of gold.en, gold.de, gold.align")
    parser.add_argument("out", type=Path, help="the JSON file to write")
    parser.add_argument(
        "--bundle", type=Path, nargs="+", action="append", default=[], metavar="FOLDER", help="and that of its reverse"
    )
    parser.add_argument("--languages", nargs=2, default=["en", "de"])
    parser.add_argument("--aligners", nargs="*", default=["enface", "eflomal", "fast_align"])
    parser.add_argument("--environments", type=Path, default=Path("scratch/peers"), help="where eflomal is installed")
    parser.add_argument("--fast-align", default="fast_align", help="its command")
    return parser.parse_args()


if __name__ == "__main__":
    main()
