"""Alignments as text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enface.alignment.pharaoh import GoldAlignment, format_pharaoh, parse_pharaoh
from enface.errors import DataError

link_sets = st.frozensets(st.tuples(st.integers(0, 50), st.integers(0, 50)))


def test_possible_links_include_the_sure_ones():
    gold = parse_pharaoh("0-0 1?2  10-3\n", "gold.align:1")
    assert gold == GoldAlignment(sure=frozenset({(0, 0), (10, 3)}), possible=frozenset({(0, 0), (10, 3), (1, 2)}))


def test_an_empty_line_links_nothing():
    assert parse_pharaoh("", "gold.align:1") == GoldAlignment(frozenset(), frozenset())


@given(link_sets, link_sets)
def test_what_is_written_is_read_back(sure, possible):
    line = format_pharaoh(sure, possible)
    assert parse_pharaoh(line, "a:1") == GoldAlignment(sure, sure | possible)


def test_links_are_written_in_order():
    assert format_pharaoh([(10, 0), (2, 1), (2, 0)], [(2, 1), (0, 5)]) == "2-0 2-1 10-0 0?5"


@pytest.mark.parametrize("part", ["3=4", "-1-0", "1-", "1-2-3", "a-b", "١-٢"])
def test_what_is_no_link_is_refused_with_file_and_line(part):
    with pytest.raises(DataError) as error:
        parse_pharaoh(f"0-0 {part}", "gold.align:7")
    assert str(error.value) == (
        f"gold.align:7: got {part!r}, need links as 0-0 (sure) or 0?0 (possible), words counted from 0"
    )
