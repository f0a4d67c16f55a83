"""The evaluation's folder: its one writer, and its one reader for comparing one evaluation with another.

metrics.json          the numbers to watch, by split
scores.json           every score with its 95 % interval and sacreBLEU signature, by split
bleu_by_length.csv    BLEU by source length on the first split, for `dvc plots`; bleu_by_length.png of all splits
<split>.source .reference .hypothesis    the sentences themselves, one a line
<split>.attention.csv                    the measures of each sentence's attention, a row a line
attention/<number>.png                   heat maps of the sample sentences, numbered by their line
words.png words.csv   the most frequent source words in two dimensions, by their vectors
report.html           all of it to read
"""

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from enface.alignment.measures import AttentionMeasures
from enface.errors import DataError
from enface.evaluation.buckets import LengthBucket, Sentences
from enface.evaluation.figures import save_png
from enface.evaluation.heatmap import heat_map
from enface.evaluation.lengths import length_plot
from enface.evaluation.results import Findings, Numbers, metrics, scores
from enface.evaluation.wordplot import write_word_map
from enface.outputs import write_json

_SIDES = ("source", "hypothesis", "reference")
_COLUMNS = ("words", "first", "last", "sentences", "mean_words", "bleu", "bleu_low", "bleu_high")


@dataclass(frozen=True)
class Evaluation:
    """An evaluation's folder, opened: its numbers as written, its sentences by split, and where its buckets end."""

    path: Path
    metrics: dict[str, Numbers]
    sentences: dict[str, Sentences]
    bucket_ends: list[int]


def write_findings(folder: Path, findings: Findings) -> None:
    """Writes all files but the report into the folder, which is there."""
    write_json(folder / "metrics.json", metrics(findings))
    write_json(folder / "scores.json", scores(findings))
    _write_lengths(folder / "bleu_by_length.csv", findings.splits[0].buckets)
    save_png(length_plot({split.name: split.buckets for split in findings.splits}), folder / "bleu_by_length.png")
    if findings.words is not None:
        write_word_map(folder, findings.words)
    for split in findings.splits:
        texts = (split.sentences.sources, split.sentences.hypotheses, split.sentences.references)
        for side, lines in zip(_SIDES, texts, strict=True):
            text = "".join(f"{line}\n" for line in lines)
            (folder / f"{split.name}.{side}").write_text(text, encoding="utf-8", newline="\n")
        _write_measures(folder / f"{split.name}.attention.csv", split.attention_by_sentence)
    for sample in findings.samples:
        shown = sample.translation
        if shown.matrix is not None:
            figure = heat_map(shown.source.tokens, shown.target.tokens, shown.matrix, links=shown.links)
            save_png(figure, folder / "attention" / f"{sample.index + 1:05}.png")


def read_evaluation(path: Path) -> Evaluation:
    """The evaluation in the folder at `path`.

    Raises:
        DataError: the folder or a file is missing or is not what was written.
    """
    numbers = _read_json(path / "metrics.json")
    sentences = {name: _read_sentences(path, name) for name in _read_json(path / "scores.json")}
    if lacking := [name for name in sentences if not isinstance(numbers.get(name), dict)]:
        raise DataError(f"{path / 'metrics.json'}: no numbers of {', '.join(lacking)}; evaluate again")
    return Evaluation(path, numbers, sentences, _read_ends(path / "bleu_by_length.csv"))


def _write_lengths(path: Path, buckets: Sequence[LengthBucket]) -> None:
    rows = []
    for bucket in buckets:
        numbers = (bucket.mean_words, bucket.bleu.value, bucket.bleu.low, bucket.bleu.high)
        rows.append([bucket.label, bucket.first, bucket.last, bucket.sentences, *map(_decimals, numbers)])
    _write_table(path, _COLUMNS, rows)


def _write_measures(path: Path, sentences: Sequence[AttentionMeasures]) -> None:
    """A row a sentence, counted from 1 as lines are; a cell is empty where there was no word to measure."""
    rows = [
        [line, *(None if number is None else _decimals(number) for number in asdict(measures).values())]
        for line, measures in enumerate(sentences, start=1)
    ]
    _write_table(path, ("line", *(field.name for field in fields(AttentionMeasures))), rows)


def _write_table(path: Path, columns: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """CSV whose bytes repeat; None is an empty cell."""
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows([columns, *rows])


def _decimals(number: float) -> str:
    return f"{number:.3f}"


def _read_json(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_read(path))
    except ValueError as error:
        raise DataError(f"{path}: not JSON: {error}; evaluate again") from None
    if not isinstance(found, dict):
        raise DataError(f"{path}: got {type(found).__name__}, need numbers by split; evaluate again")
    return found


def _read_ends(path: Path) -> list[int]:
    """The ends that would put sentences into the same buckets again; empty buckets were not written."""
    try:
        rows = list(csv.DictReader(_read(path).splitlines()))
        ends = {int(row["first"]) - 1 for row in rows if row["first"] != "1"}
        return sorted(ends | {int(row["last"]) for row in rows if row["last"]})
    except (KeyError, ValueError):
        raise DataError(f"{path}: need the columns {', '.join(_COLUMNS)}; evaluate again") from None


def _read_sentences(path: Path, split: str) -> Sentences:
    sides = [_read_lines(path / f"{split}.{side}") for side in _SIDES]
    if len(set(map(len, sides))) > 1:
        counts = ", ".join(f"{split}.{side} {len(lines)}" for side, lines in zip(_SIDES, sides, strict=True))
        raise DataError(f"{path}: need as many lines in each, got {counts}; evaluate again")
    return Sentences(*sides)


def _read_lines(path: Path) -> list[str]:
    return _read(path).removesuffix("\n").split("\n")


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f"{path}: no such file; need a folder that the evaluate stage wrote") from None
