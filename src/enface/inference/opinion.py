"""A judge's opinion inside the JSON of an answer: the command line and the gateway put it there alike.

What a judge is stands in `enface.inference.judge`; what else an entry holds, in `enface.inference.translation`.
"""

from collections.abc import Sequence
from typing import Any

from enface.inference.judge import Judge


def add_opinions(judge: Judge, sources: Sequence[str], entries: Sequence[dict[str, Any]]) -> None:
    """Adds to each entry, and to each of its alternatives, as `judge` the probability that it translates its source.

    Args:
        judge: gives the probabilities, which are rounded to six places.
        sources: the texts as they were given.
        entries: for each of them a translation as JSON values; they are changed.
    """
    judged = [
        (source, answer)
        for source, entry in zip(sources, entries, strict=True)
        for answer in (entry, *entry.get("alternatives", []))
    ]
    probabilities = judge.probability([(source, answer["text"]) for source, answer in judged])
    for (_, answer), probability in zip(judged, probabilities.tolist(), strict=True):
        answer["judge"] = round(probability, 6)
