"""The chain's posteriors and jumps against a sum over all its paths."""

import itertools

import numpy as np
import pytest

from enface.alignment.chain import FROM_NONE, Chain, Jumps


def some_jumps(seed=0):
    random = np.random.default_rng(seed)
    return Jumps(*(random.uniform(0.2, 2.0, part.shape) for part in Jumps.at_start()))


def by_all_paths(jumps, given, none):
    """Cells, and the expected jumps between positions, of one sentence (T, S)."""
    times, size = given.shape
    middle = len(jumps.between) // 2
    moves = np.array([[jumps.between[middle + to - at] for to in range(size)] for at in range(size)])
    moves /= moves.sum(axis=1, keepdims=True)
    first = jumps.first[:size] / jumps.first[:size].sum()
    last = jumps.last[:size][::-1] / jumps.last[:size].sum()
    cells, between, whole = np.zeros((times, size)), np.zeros((size, size)), 0.0
    for flags in itertools.product((True, False), repeat=times):
        for path in itertools.product(range(size), repeat=times):
            if any(not flag and here != there for flag, here, there in zip(flags[1:], path[1:], path, strict=False)):
                continue
            weight = first[path[0]] * last[path[-1]]
            for time, (flag, place) in enumerate(zip(flags, path, strict=True)):
                moved = moves[path[time - 1], place] if time and flag else 1.0
                weight *= moved * ((1 - FROM_NONE) * given[time, place] if flag else FROM_NONE * none[time])
            whole += weight
            for time, (flag, place) in enumerate(zip(flags, path, strict=True)):
                cells[time, place] += weight * flag
                if time and flag:
                    between[path[time - 1], place] += weight
    return cells / whole, between / whole


@pytest.mark.parametrize(("times", "size"), [(1, 1), (1, 3), (3, 1), (3, 3), (4, 2)])
def test_posteriors_are_those_of_all_paths(times, size):
    random = np.random.default_rng(times * 10 + size)
    given, none = random.uniform(0.01, 1, (times, size)), random.uniform(0.01, 1, times)
    expected, between = by_all_paths(some_jumps(), given, none)
    found = Chain(some_jumps(), size).posteriors(given[:, None], none[:, None], np.ones((times, 1), dtype=bool))
    np.testing.assert_allclose(found.cells[:, 0], expected, atol=1e-12)
    middle = len(found.jumps.between) // 2
    for distance in range(1 - size, size):
        assert found.jumps.between[middle + distance] == pytest.approx(np.trace(between, offset=distance), abs=1e-12)


def test_neither_padding_nor_neighbours_change_a_sentence():
    random = np.random.default_rng(3)
    given, none = random.uniform(0.01, 1, (5, 2, 3)), random.uniform(0.01, 1, (5, 2))
    valid = np.ones((5, 2), dtype=bool)
    valid[3:, 1] = False
    given[3:, 1], none[3:, 1] = 0.0, 1.0
    chain = Chain(some_jumps(), 3)
    both = chain.posteriors(given, none, valid)
    alone = [
        chain.posteriors(given[:length, [row]], none[:length, [row]], valid[:length, [row]])
        for row, length in ((0, 5), (1, 3))
    ]
    np.testing.assert_allclose(both.cells[:, 0], alone[0].cells[:, 0], atol=1e-12)
    np.testing.assert_allclose(both.cells[:3, 1], alone[1].cells[:, 0], atol=1e-12)
    assert not both.cells[3:, 1].any()
    for together, one, other in zip(both.jumps, alone[0].jumps, alone[1].jumps, strict=True):
        np.testing.assert_allclose(together, one + other, atol=1e-12)


def test_tiny_probabilities_do_not_become_nothing():
    given, none = np.full((40, 1, 3), 1e-44), np.full((40, 1), 1e-44)
    found = Chain(Jumps.at_start(), 3).posteriors(given, none, np.ones((40, 1), dtype=bool))
    assert np.all(np.isfinite(found.cells))
    assert np.all(found.cells.sum(axis=2) <= 1 + 1e-9)


def test_sentences_longer_than_any_counted_jump():
    given, none = np.full((2, 1, 450), 0.1), np.full((2, 1), 0.1)
    found = Chain(Jumps.at_start(), 450).posteriors(given, none, np.ones((2, 1), dtype=bool))
    assert np.all(np.isfinite(found.cells))
    assert found.jumps.first.sum() == pytest.approx(found.cells[0].sum())
