import contextlib

import pytest

from enface.data.cleaning import Cleaner, Tally
from enface.data.readers.pair import RawPair
from enface.data.seen import SeenSentences
from enface.data.sifting import CleanPair, Sieve, Sifted
from enface.errors import DataError


class AllRules:
    """Those on single pairs, then those that compare pairs."""

    def __init__(self, seen):
        self._cleaner = Cleaner(seen)

    def judge(self, split, raw, *, accepted=True):
        return self._cleaner.judge(split, Sifted(raw, Sieve(split, 6, 2.0).sift(raw), accepted))


@pytest.fixture
def cleaner(tmp_path):
    with contextlib.closing(SeenSentences(tmp_path / "seen")) as seen:
        yield AllRules(seen)


@pytest.fixture
def tally(tmp_path):
    with contextlib.closing(Tally(tmp_path / "rejects.tsv")) as tally:
        yield tally


def raw(source, target):
    return RawPair(source, target, None, "train.en:1")


def test_a_good_pair_is_kept_normalised_with_its_words_counted(cleaner):
    kept = cleaner.judge("train", raw(" The cafe\u0301,\u00a0old ", "Das\tCafé"))
    assert kept == CleanPair("The café, old", "Das Café", 4, 2)


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("", "Hund", "empty"),
        ("dog", " \u3000\x00", "empty"),
        ("\u200b", "\ufeff \u00ad", "empty"),
        ("a b c d e f g", "a b c d e f", "too_long"),
        ("a b c, d.", "a b", "ratio"),
        ("a", "a b c", "ratio"),
    ],
)
def test_a_bad_training_pair_is_rejected(cleaner, source, target, reason):
    assert cleaner.judge("train", raw(source, target)) == reason


def test_the_limits_themselves_are_allowed(cleaner):
    assert isinstance(cleaner.judge("train", raw("a b c d e f", "a b c")), CleanPair)


def test_a_mark_that_is_not_seen_may_stand_in_a_text(cleaner):
    assert cleaner.judge("train", raw("می\u200cخواهم", "d\u00adog")) == CleanPair("می\u200cخواهم", "d\u00adog", 1, 1)


def test_only_the_same_pair_is_a_duplicate(cleaner):
    assert isinstance(cleaner.judge("train", raw("a dog", "ein Hund")), CleanPair)
    assert isinstance(cleaner.judge("train", raw("a dog", "der Hund")), CleanPair)
    assert cleaner.judge("train", raw("a  dog", "ein Hund")) == "duplicate"


def test_a_source_sentence_of_a_held_out_split_is_a_leak(cleaner):
    cleaner.judge("test_2016", raw("a dog", "ein Hund"))
    cleaner.judge("validation", raw("a cat", "eine Katze"))
    cleaner.judge("validation", raw("a dog", "ein Hund"))
    assert cleaner.judge("train", raw("a dog ", "irgendein Hund")) == "test_leak"
    assert cleaner.judge("train", raw("a cat", "eine Katze")) == "validation_leak"
    assert isinstance(cleaner.judge("train", raw("another dog", "ein Hund")), CleanPair)


@pytest.mark.parametrize("split", ["validation", "test"])
def test_held_out_splits_lose_nothing_but_empty_pairs(cleaner, split):
    for _ in range(2):
        assert isinstance(cleaner.judge(split, raw("a b c d e f g h", "a")), CleanPair)
    assert cleaner.judge(split, raw("a", "")) == "empty"


def test_rejected_pairs_are_counted_and_written_without_their_text(tally, tmp_path):
    tally.reject("train", "ratio", "data/train.en:7")
    tally.reject("test", "empty", "data/test.en:1")
    tally.close()
    assert (tmp_path / "rejects.tsv").read_text().splitlines() == [
        "split\treason\tplace",
        "train\tratio\tdata/train.en:7",
        "test\tempty\tdata/test.en:1",
    ]
    assert tally.reasons("train") == {"ratio": 1}


def test_too_many_bad_pairs_are_an_error_with_reasons_and_first_places(tally):
    tally.read["train"] = 20
    for line in range(1, 5):
        tally.reject("train", "too_long", f"train.en:{line}")
    tally.reject("train", "empty", "train.en:9")
    with pytest.raises(DataError) as caught:
        tally.check(0.2)
    assert str(caught.value) == (
        "25.0% of 20 training pairs are bad, params.yaml prepare.max_bad_ratio allows 20.0%:\n"
        "  empty: 1 (train.en:9)\n"
        "  too_long: 4 (train.en:1, train.en:2, train.en:3, ...)\n"
        "mend the corpus or raise the limits in prepare"
    )


def test_duplicates_leaks_and_other_splits_are_not_bad(tally):
    tally.read.update(train=4, test=2)
    for reason in ("duplicate", "test_leak", "validation_leak"):
        tally.reject("train", reason, "train.en:1")
    tally.reject("test", "empty", "test.en:1")
    tally.check(0.0)
    assert tally.bad_ratio == 0


def test_a_split_with_nothing_left_is_an_error(tally):
    tally.read.update(train=1, validation=1)
    tally.reject("train", "duplicate", "train.en:1")
    with pytest.raises(DataError, match=r"train: none of 1 pairs is left:\n  duplicate: 1 \(train\.en:1\)"):
        tally.check(1.0)
    tally.read["train"] = 2
    tally.reject("validation", "empty", "val.en:1")
    with pytest.raises(DataError, match=r"validation: none of 1 pairs is left$"):
        tally.check(1.0)
