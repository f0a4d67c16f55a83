"""The aligner learns who belongs to whom from pairs alone: reordered words, words of no one, one word for two."""

import numpy as np
import pytest

from enface.alignment.aligner import align_corpus

WORDS = 12


def made(pairs, *, seed, turn):
    """Sentences of different words, each translated by itself; `turn` reorders them, as a permutation would."""
    random = np.random.default_rng(seed)
    for _ in range(pairs):
        words = random.permutation(WORDS)[: random.integers(3, 7)]
        order = turn(len(words))
        yield [f"s{word}" for word in words], [f"t{words[place]}" for place in order], list(order)


@pytest.mark.parametrize("turn", [lambda size: list(range(size)), lambda size: list(range(size))[::-1]])
def test_it_learns_order_and_words(turn):
    text = list(made(150, seed=1, turn=turn))
    found = align_corpus([(source, target) for source, target, _ in text])
    expected = [sorted((source, target) for target, source in enumerate(order)) for _, _, order in text]
    right = sum(len(set(links) & set(true)) for links, true in zip(found, expected, strict=True))
    assert right >= 0.98 * sum(map(len, expected))
    assert sum(map(len, found)) <= 1.02 * sum(map(len, expected))


def test_a_word_of_no_one_stays_alone():
    text = list(made(150, seed=2, turn=lambda size: list(range(size))))
    random = np.random.default_rng(3)
    with_particle = []
    for source, target, _ in text:
        place = int(random.integers(0, len(target) + 1))
        with_particle.append((source, [*target[:place], "particle", *target[place:]]))
    found = align_corpus(with_particle)
    linked = sum(
        target[link[1]] == "particle" for (_, target), links in zip(with_particle, found, strict=True) for link in links
    )
    assert linked <= 0.1 * len(with_particle)


def test_one_word_stands_for_two():
    text = list(made(150, seed=6, turn=lambda size: list(range(size))))
    pairs, expected = [], []
    for source, target, _ in text:  # of the first word both halves are linked to the one word
        parts = [[f"{word}a", f"{word}b"] if word in ("s0", "s1") else [word] for word in source]
        pairs.append(([half for part in parts for half in part], target))
        places = iter(range(2 * len(source)))
        expected.append([(next(places), place) for place, part in enumerate(parts) for _ in part])
    for turned in (False, True):
        found = align_corpus([(target, source) if turned else (source, target) for source, target in pairs])
        links = [{link[::-1] if turned else link for link in pair} for pair in found]
        right = sum(len(pair & set(true)) for pair, true in zip(links, expected, strict=True))
        assert right >= 0.98 * sum(map(len, expected))
        assert sum(map(len, links)) <= 1.02 * sum(map(len, expected))


def test_rare_words_do_not_collect_what_stands_beside_them():
    text = list(made(300, seed=7, turn=lambda size: list(range(size))))
    pairs = []
    for number, (source, target, _) in enumerate(text):
        if number % 10 == 0:  # a word of its own on each side, and filler that only the target has
            source, target = [f"rare{number}", *source], [f"selten{number}", "filler", *target]
        elif number % 3 == 0:
            target = ["filler", *target]
        pairs.append((source, target))
    links = align_corpus(pairs)[::10]
    assert sum((0, 0) in found for found in links) >= 0.9 * len(links)
    assert sum((0, 1) in found for found in links) <= 0.1 * len(links)


def test_the_same_twice_and_whatever_the_order_of_pairs():
    text = [(source, target) for source, target, _ in made(60, seed=4, turn=lambda size: list(range(size)))]
    found = align_corpus(text)
    assert align_corpus(text) == found
    assert align_corpus(text[::-1]) == found[::-1]


def test_empty_sides_have_no_links():
    text = [(["a"], ["x"]), ([], ["x"]), (["a"], []), ([], []), (["a", "b"], ["x", "y"]), (["b"], ["y"]), ([], ["y"])]
    found = align_corpus(text)
    assert found == [[(0, 0)], [], [], [], [(0, 0), (1, 1)], [(0, 0)], []]


def test_nothing_at_all():
    assert align_corpus([]) == []
    assert align_corpus([([], [])]) == [[]]
