"""The report: one HTML page that says how good a bundle is and shows what it does, complete in itself.

No script, and no picture, font or style from elsewhere; everything that comes from a corpus or a model is escaped.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from enface.evaluation.figures import svg
from enface.evaluation.heatmap import heat_map
from enface.evaluation.lengths import length_plot
from enface.evaluation.looking import alignment_table, attention_list, attention_table
from enface.evaluation.results import Findings, Sample, SplitResult
from enface.evaluation.scores import Score
from enface.evaluation.style import CSS
from enface.evaluation.wordplot import word_map_section

_COLUMNS = {
    "bleu": "BLEU",
    "bleu_lowercased": "lower-cased",
    "bleu_moses_lowercased": "lower-cased, Moses tokens",
    "chrf": "chrF",
    "chrf_lowercased": "lower-cased",
    "ter": "TER",
    "ter_lowercased": "lower-cased",
}
_TILES = ("bleu", "chrf", "ter")


@dataclass(frozen=True)
class Subject:
    """What the report is about: a title, the languages' codes, and where the bundle came from, to be listed."""

    title: str
    source_language: str
    target_language: str
    lineage: Mapping[str, str]


def report(subject: Subject, findings: Findings) -> str:
    """The whole page; equal findings give equal pages."""
    title = escape(subject.title)
    parts = [
        f"<h1>{title}</h1>",
        f'<p class="lead">{escape(subject.source_language)} to {escape(subject.target_language)}, '
        f"{sum(len(split.translations) for split in findings.splits)} test sentences. "
        f"On {escape(findings.splits[0].name)}:</p>",
        _tiles(findings.splits[0]),
        _scores(findings),
        alignment_table(findings),
        attention_table(findings.splits),
        _lengths(findings.splits),
        "" if findings.words is None else word_map_section(findings.words, subject.source_language),
        _samples(subject, findings),
        _lineage(subject.lineage),
    ]
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta name="viewport" content="width=device-width, initial-scale=1">\n<title>{title}</title>\n'
        f"<style>{CSS}</style>\n</head>\n<body>\n<main>\n" + "\n".join(parts) + "\n</main>\n</body>\n</html>\n"
    )


def _tiles(split: SplitResult) -> str:
    """The headline of the first split."""
    tiles = [(_COLUMNS[name], split.scores[name].value, _interval(split.scores[name])) for name in _TILES]
    if split.alignment is not None:
        tiles.append(("AER", split.alignment.aer, "alignment error rate"))
    cells = "".join(
        f'<div class="tile"><span>{name}</span><b>{value:.1f}</b><span>{escape(below)}</span></div>'
        for name, value, below in tiles
    )
    return f'<div class="tiles">{cells}</div>'


def _scores(findings: Findings) -> str:
    heads = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS.values())
    rows = "".join(
        f'<tr><th scope="row">{escape(split.name)}</th>{"".join(_cell(split.scores[name]) for name in _COLUMNS)}</tr>'
        for split in findings.splits
    )
    return (
        "<h2>Scores</h2>\n"
        '<div class="scroll"><table><caption>sacreBLEU, from 0 to 100, with 95 % bootstrap intervals. BLEU and chrF: '
        "higher is better; TER: lower is better.</caption>"
        f'<thead><tr><th scope="col">Test split</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>\n'
        + _int8(findings)
        + _signatures(findings.splits[0])
    )


def _int8(findings: Findings) -> str:
    if findings.int8 is None:
        return ""
    difference = findings.int8.value - findings.splits[0].scores["bleu"].value
    return (
        f"<p>With 8-bit weights (graph.int8.onnx) BLEU on {escape(findings.splits[0].name)} is "
        f"{findings.int8.value:.1f}, {difference:+.2f} against the 32-bit graph.</p>\n"
    )


def _signatures(split: SplitResult) -> str:
    items = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(split.scores[name].signature)}</code></dd>" for name in _COLUMNS
    )
    return f"<details><summary>sacreBLEU signatures</summary><dl>{items}</dl></details>"


def _lengths(splits: Sequence[SplitResult]) -> str:
    told = "; ".join(
        f"{split.name}: " + ", ".join(f"{bucket.label} words {bucket.bleu.value:.1f}" for bucket in split.buckets)
        for split in splits
    )
    picture = svg(
        length_plot({split.name: split.buckets for split in splits}),
        name="lengths",
        description=f"BLEU by source length. {told}",
    )
    return (
        f'<h2>BLEU by source length</h2>\n<figure class="plot scroll">{picture}</figure>\n'
        '<p class="note">Bars are 95 % bootstrap intervals; n is the number of sentences.</p>'
    )


def _samples(subject: Subject, findings: Findings) -> str:
    articles = "\n".join(_sample(subject, number, sample) for number, sample in enumerate(findings.samples, start=1))
    return (
        f"<h2>Sample translations</h2>\n<p>From {escape(findings.splits[0].name)}, from short to long. Each row of a "
        "picture is a word of the translation: the deeper a cell, the more the model looked at that source word when "
        f"it wrote it. Dots are the links that are read off.</p>\n{articles}"
    )


def _sample(subject: Subject, number: int, sample: Sample) -> str:
    shown = sample.translation
    picture = ""
    if shown.matrix is not None and shown.matrix.size:
        figure = heat_map(shown.source.tokens, shown.target.tokens, shown.matrix, links=shown.links)
        description = "Alignment of the translation's words with the source's: " + ", ".join(
            f"{shown.target.tokens[target]} from {shown.source.tokens[source]}" for source, target in shown.links
        )
        drawn = svg(figure, name=f"sample{number}", description=description)
        picture = (
            f'<div class="seen"><figure class="scroll" tabindex="0">{drawn}</figure>'
            f"{attention_list(sample.attention)}</div>"
        )
    source, target = escape(subject.source_language), escape(subject.target_language)
    return (
        f"<article><h3>Sentence {sample.index + 1}</h3><dl>"
        f'<dt>Source</dt><dd lang="{source}" dir="auto">{escape(sample.source)}</dd>'
        f'<dt>Reference</dt><dd lang="{target}" dir="auto">{escape(sample.reference)}</dd>'
        f'<dt>Translation</dt><dd lang="{target}" dir="auto" class="answer">{escape(shown.text)}</dd>'
        f"</dl>{picture}</article>"
    )


def _lineage(lineage: Mapping[str, str]) -> str:
    items = "".join(f"<dt>{escape(name)}</dt><dd><code>{escape(value)}</code></dd>" for name, value in lineage.items())
    return f"<h2>Where it came from</h2>\n<dl>{items}</dl>"


def _cell(score: Score) -> str:
    return f"<td>{score.value:.1f}<br><small>{_interval(score)}</small></td>"


def _interval(score: Score) -> str:
    return f"{score.low:.1f} to {score.high:.1f}"
