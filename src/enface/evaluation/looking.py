"""The report's numbers on where the model looked, as HTML: how right its links are, and how its attention lies.

What they mean and how they are computed stands in `enface.alignment`; the pictures are `heatmap.py`'s.
"""

from collections.abc import Sequence
from dataclasses import asdict
from html import escape

from enface.alignment.error_rate import AlignmentScores
from enface.alignment.measures import LEAST_COVERING_WEIGHT, AttentionMeasures
from enface.evaluation.results import Findings, SplitResult

_NAMES = {
    "entropy": "Entropy, nats",
    "normalised_entropy": "Entropy / ln S",
    "sharpness": "Sharpness",
    "monotonicity": "Monotonicity",
    "coverage": "Coverage",
    "linked": "Linked",
}
_MEANINGS = {
    "Entropy": "How far the attention of a word of the translation is spread over the source. 0: all on one word. "
    "Divided by the logarithm of the source's length S, 1: the same on each word.",
    "Sharpness": "Its largest weight.",
    "Monotonicity": "The share of neighbouring words of the translation whose heaviest source words do not go back.",
    "Coverage": "The share of source words that get attention: all in all, at least "
    f"{LEAST_COVERING_WEIGHT:g} of what one word of the translation has to give.",
    "Linked": "The share of words of the translation that have a link. A word without one looks mostly at the end of "
    "the source, and counts for no other measure.",
}


def alignment_table(findings: Findings) -> str:
    """A section with the scores of the links against gold ones; nothing where there are none."""
    found = [(split.name, split.alignment) for split in findings.splits] + [("made by hand", findings.gold)]
    rows = "".join(_alignment_row(name, scores) for name, scores in found if scores is not None)
    if not rows:
        return ""
    return (
        '<h2>Word alignment</h2>\n<div class="scroll"><table><caption>Links read off the attention while the model is '
        "led through the reference, against gold links (Och and Ney, 2003). Error rate: lower is better.</caption>"
        '<thead><tr><th scope="col">Gold links of</th><th scope="col">Error rate (AER)</th>'
        f'<th scope="col">Precision</th><th scope="col">Recall</th></tr></thead><tbody>{rows}</tbody></table></div>'
    )


def attention_table(splits: Sequence[SplitResult]) -> str:
    """A section with the measures of each split, and what they mean; nothing where no word was aligned."""
    if all(split.attention.linked is None for split in splits):
        return ""
    heads = "".join(f'<th scope="col">{name}</th>' for name in _NAMES.values())
    rows = "".join(
        f'<tr><th scope="row">{escape(split.name)}</th>'
        + "".join(f"<td>{number}</td>" for number in _numbers(split.attention).values())
        + "</tr>"
        for split in splits
    )
    meanings = "".join(f"<dt>{name}</dt><dd>{meaning}</dd>" for name, meaning in _MEANINGS.items())
    return (
        '<h2>Attention</h2>\n<div class="scroll"><table><caption>Means over the words of all sentences, as the model '
        "translated them. None of them says whether it looked at the right words.</caption>"
        f'<thead><tr><th scope="col">Test split</th>{heads}</tr></thead><tbody>{rows}</tbody></table></div>\n'
        f"<details><summary>What they mean</summary><dl>{meanings}</dl></details>"
    )


def attention_list(measures: AttentionMeasures) -> str:
    """The measures of one sentence, to stand beside its picture."""
    items = "".join(f"<dt>{_NAMES[name]}</dt><dd>{number}</dd>" for name, number in _numbers(measures).items())
    return f'<dl class="measures">{items}</dl>'


def _alignment_row(name: str, scores: AlignmentScores) -> str:
    numbers = "".join(f"<td>{number:.1f}</td>" for number in (scores.aer, scores.precision, scores.recall))
    return f'<tr><th scope="row">{escape(name)}</th>{numbers}</tr>'


def _numbers(measures: AttentionMeasures) -> dict[str, str]:
    return {name: "–" if value is None else f"{value:.2f}" for name, value in asdict(measures).items()}
