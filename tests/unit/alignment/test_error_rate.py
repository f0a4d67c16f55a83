"""The error rate of Och and Ney (2003)."""

import pytest

from enface.alignment.error_rate import alignment_error_rate
from enface.alignment.pharaoh import parse_pharaoh


def test_the_scores_of_a_case_worked_by_hand():
    # A: 0-0 1-1 2-2 of the first pair, 0-1 of the second: 4. S: 0-0 1-2 and 0-0: 3. P adds 2?2 and 0?1.
    # A & S: 0-0 = 1. A & P: 0-0, 2-2, 0-1 = 3. AER = 1 - (1 + 3) / (4 + 3) = 3/7.
    gold = [parse_pharaoh("0-0 1-2 2?2", "a:1"), parse_pharaoh("0-0 0?1", "a:2")]
    scores = alignment_error_rate([{(0, 0), (1, 1), (2, 2)}, {(0, 1)}], gold)
    assert scores.aer == pytest.approx(300 / 7)
    assert scores.precision == pytest.approx(75)
    assert scores.recall == pytest.approx(100 / 3)


def test_sure_and_possible_links_alone_are_without_error():
    gold = [parse_pharaoh("0-0 1?1", "a:1")]
    for predicted in ({(0, 0)}, {(0, 0), (1, 1)}):
        scores = alignment_error_rate([predicted], gold)
        assert (scores.aer, scores.precision, scores.recall) == (0, 100, 100)


def test_no_links_at_all_are_wholly_wrong():
    scores = alignment_error_rate([set()], [parse_pharaoh("0-0", "a:1")])
    assert (scores.aer, scores.recall) == (100, 0)


def test_unequal_counts_are_refused():
    with pytest.raises(ValueError, match="shorter"):
        alignment_error_rate([set()], [])
