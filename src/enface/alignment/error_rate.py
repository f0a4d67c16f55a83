"""How far predicted links are from a person's: alignment error rate, precision and recall."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from enface.alignment.links import Link
from enface.alignment.pharaoh import GoldAlignment


@dataclass(frozen=True)
class AlignmentScores:
    """All from 0 to 100; the error rate is the better the lower it is."""

    aer: float
    precision: float
    recall: float


def alignment_error_rate(predicted: Sequence[Set[Link]], gold: Sequence[GoldAlignment]) -> AlignmentScores:
    """The scores of `predicted` against `gold`, counted over all sentence pairs together.

    Och and Ney (2003), section 2.2, with A the predicted, S the sure and P the possible links:
    precision = |A & P| / |A|, recall = |A & S| / |S|, AER = 1 - (|A & S| + |A & P|) / (|A| + |S|). A share of
    nothing counts as whole.

    Raises:
        ValueError: the two are not equally many.
    """
    pairs = list(zip(predicted, gold, strict=True))
    links = sum(len(found) for found, _ in pairs)
    sure = sum(len(true.sure) for _, true in pairs)
    links_possible = sum(len(found & true.possible) for found, true in pairs)
    links_sure = sum(len(found & true.sure) for found, true in pairs)
    return AlignmentScores(
        aer=100.0 - _percent(links_sure + links_possible, links + sure),
        precision=_percent(links_possible, links),
        recall=_percent(links_sure, sure),
    )


def _percent(part: int, whole: int) -> float:
    return 100.0 * part / whole if whole else 100.0
