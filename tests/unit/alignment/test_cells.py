"""Where the cells of a parallel text stand, and that the groups hold each of them once."""

import numpy as np
import pytest

from enface.alignment.cells import Cells, Side

PAIRS = [("a b", "x y z"), ("", "x"), ("a", "y"), ("c b a", ""), ("b c", "z x"), ("a a a", "x")]


def cells_of(pairs=PAIRS):
    return Cells(*(Side([pair[side].split() for pair in pairs]) for side in (0, 1)))


def test_each_cell_is_two_words_of_a_pair():
    cells = cells_of()
    words = [(source, target) for sources, targets in PAIRS for target in targets.split() for source in sources.split()]
    names = [dict(enumerate("abc")), dict(enumerate("xyz"))]
    found = [
        (names[0][int(cells.source_of_entry[entry])], names[1][int(cells.target_of_entry[entry])])
        for entry in cells.entry
    ]
    assert found == words
    np.testing.assert_array_equal(cells.source.words[cells.source_place], cells.source_of_entry[cells.entry])
    np.testing.assert_array_equal(cells.target.words[cells.target_place], cells.target_of_entry[cells.entry])


@pytest.mark.parametrize("given_source", [True, False])
def test_groups_hold_each_cell_once_and_in_its_row(given_source):
    cells = cells_of()
    place = cells.target_place if given_source else cells.source_place
    generated = cells.target if given_source else cells.source
    seen = []
    for group in cells.groups(given_source=given_source):
        assert np.all(group.cells[~group.valid] == len(cells))
        assert np.all(group.words[~group.valid] == len(generated.words))
        inside = group.cells[group.valid]
        np.testing.assert_array_equal(
            place[inside], np.repeat(group.words[group.valid], inside.shape[1]).reshape(inside.shape)
        )
        assert np.all(np.diff(np.where(given_source, cells.source_place[inside], cells.target_place[inside])) == 1)
        seen += inside.ravel().tolist()
    assert sorted(seen) == list(range(len(cells)))


def test_nothing_has_no_cells():
    cells = cells_of([("", ""), ("a", "")])
    assert len(cells) == 0
    assert list(cells.groups(given_source=True)) == []


def test_words_that_begin_alike_share_a_stem():
    side = Side([["walking", "walkin", "walks"], ["walking"]])
    assert side.stems[0] == side.stems[1] != side.stems[2]
    np.testing.assert_allclose(side.share_of_stem, [2 / 3, 1 / 3, 1])
    np.testing.assert_array_equal(side.letters, [7, 6, 5])


@pytest.mark.parametrize("given_source", [True, False])
def test_one_way_has_the_words_of_both_sides_in_their_roles(given_source):
    cells = cells_of()
    one_way = cells.one_way(given_source=given_source)
    np.testing.assert_array_equal(
        one_way.generated.words[one_way.generated_place], one_way.generated_of_entry[cells.entry]
    )
    for group in one_way.groups:
        words = one_way.given_of_entry[cells.entry[group.cells[0]]]
        np.testing.assert_array_equal(one_way.given.words[group.given], words)
