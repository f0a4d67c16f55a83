import numpy as np
import pytest

from enface.alignment.words import PUNCTUATION, split_words
from enface.judging.corruption import KINDS, corrupted, mixture

PAIRS = [
    ("The old dog sleeps.", "Der alte Hund schläft."),
    ("A cat sees the dog, and it runs.", "Eine Katze sieht den Hund, und er rennt."),
    ("Two men laugh.", "Zwei Männer lachen."),
    ("She reads.", "Sie liest."),
    ("Four women play soccer in the park.", "Vier Frauen spielen im Park Fußball."),
]


def random(seed=1):
    return np.random.default_rng(seed)


def is_subsequence(part, whole):
    rest = iter(whole)
    return all(word in rest for word in part)


def changed(found):
    """(what was, what became of it) of the one side that changed of every pair."""
    assert len(found) == len(PAIRS)
    for before, after in zip(PAIRS, found, strict=True):
        ((old, new),) = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
        yield old, new


@pytest.mark.parametrize("kind", KINDS)
def test_equal_seeds_give_equal_pairs_and_none_is_right(kind):
    found = corrupted(PAIRS, kind, random())
    assert found == corrupted(PAIRS, kind, random())
    assert not set(found) & set(PAIRS)
    assert corrupted([], kind, random()) == []


def test_shuffled_keeps_the_sources_and_gives_each_another_target():
    for seed in range(20):
        found = corrupted(PAIRS, "shuffled", random(seed))
        assert [source for source, _ in found] == [source for source, _ in PAIRS]
        assert sorted(target for _, target in found) == sorted(target for _, target in PAIRS)


def test_a_shuffled_partner_is_about_as_long():
    lengths = np.repeat([3, 8, 20], 40)
    pairs = [(f"s{i}", " ".join([f"t{i}", *["x"] * (length - 1)])) for i, length in enumerate(lengths)]
    found = corrupted(pairs, "shuffled", random())
    same = [len(target.split()) == length for (_, target), length in zip(found, lengths, strict=True)]
    assert sum(same) == len(pairs) - 3
    assert corrupted(pairs, "shuffled", random(2)) != found


def test_an_equal_target_is_no_wrong_partner():
    assert corrupted([("a", "x"), ("b", "x")], "shuffled", random()) == []
    assert corrupted([("a", "x")], "shuffled", random()) == []


def test_truncated_keeps_the_beginning_and_sometimes_the_final_mark():
    marks = set()
    for seed in range(40):
        for old, new in changed(corrupted(PAIRS, "truncated", random(seed))):
            kept = split_words(new)
            marks.add(kept[-1] == ".")
            words = [word for word in kept if word not in PUNCTUATION]
            whole = [word for word in split_words(old) if word not in PUNCTUATION]
            assert 1 <= len(words) < len(whole)
            assert words == whole[: len(words)]
            assert new.removesuffix(".") in old
    assert marks == {True, False}


def test_dropped_loses_words_and_keeps_the_others_in_order():
    for seed in range(40):
        for old, new in changed(corrupted(PAIRS, "dropped", random(seed))):
            kept, whole = split_words(new), split_words(old)
            assert is_subsequence(kept, whole)
            lost = len(whole) - len(kept)
            assert 1 <= lost < len([word for word in whole if word not in PUNCTUATION])
            assert [word for word in kept if word in PUNCTUATION] == [word for word in whole if word in PUNCTUATION]
            assert "  " not in new
            assert new == new.strip()


@pytest.mark.parametrize("kind", ["truncated", "dropped"])
def test_both_sides_are_changed_at_times_and_single_words_never(kind):
    found = [pair for seed in range(20) for pair in corrupted(PAIRS[:1], kind, random(seed))]
    assert {source == PAIRS[0][0] for source, _ in found} == {True, False}
    assert corrupted([("Yes.", "Ja!"), ("...", "„")], kind, random()) == []


def test_wrong_language_has_the_same_text_on_both_sides():
    found = corrupted(PAIRS * 10, "wrong_language", random())
    assert all(source == target for source, target in found)
    assert {source in dict(PAIRS) for source, _ in found} == {True, False}
    assert corrupted([("Berlin", "Berlin")], "wrong_language", random()) == []


def test_a_mixture_has_every_pair_and_a_wrong_one_for_each():
    right = [(f"{number} {source}", f"{number} {target}") for number in range(40) for source, target in PAIRS]
    pairs, labels = mixture(right, random())
    assert pairs[:200] == right
    assert labels.tolist() == [1] * 200 + [0] * (len(pairs) - 200)
    assert len(pairs) == 400
    assert not set(pairs[200:]) & set(right)
    assert 30 < len([pair for pair in pairs[200:] if pair[0] == pair[1]]) < 70
    again, _ = mixture(right, random())
    assert again == pairs
