import pytest

from enface.data.readers.held_out import with_held_out
from enface.data.readers.pair import RawPair
from enface.errors import DataError


class Listed:
    """A corpus out of lists of sentences."""

    def __init__(self, **splits):
        self._splits = splits
        self.splits = list(splits)

    def pairs(self, split):
        return (RawPair(text, text, None, f"{split}:{line}") for line, text in enumerate(self._splits[split], start=1))


def texts(reader, split):
    return [pair.source for pair in reader.pairs(split)]


TRAIN = [str(number) for number in range(50)]


def test_missing_splits_are_drawn_from_train_and_leave_it():
    reader = with_held_out(Listed(train=TRAIN), validation=5, test=7, seed=1)
    assert list(reader.splits) == ["train", "validation", "test"]
    parts = {split: texts(reader, split) for split in reader.splits}
    assert {split: len(part) for split, part in parts.items()} == {"train": 38, "validation": 5, "test": 7}
    assert sorted((text for part in parts.values() for text in part), key=int) == TRAIN
    assert all(part == sorted(part, key=int) for part in parts.values())


def test_the_seed_decides():
    drawn = [texts(with_held_out(Listed(train=TRAIN), validation=5, test=7, seed=seed), "test") for seed in (1, 1, 2)]
    assert drawn[0] == drawn[1] != drawn[2]


def test_splits_of_its_own_stay():
    reader = with_held_out(Listed(train=TRAIN, test_a=["x"], test_b=["y"]), validation=5, test=7, seed=1)
    assert list(reader.splits) == ["train", "validation", "test_a", "test_b"]
    assert texts(reader, "test_b") == ["y"]
    assert len(texts(reader, "train")) == 45


def test_a_complete_corpus_is_untouched():
    own = Listed(train=TRAIN, validation=["x"], test=["y"])
    assert with_held_out(own, validation=5, test=7, seed=1) is own


def test_empty_pairs_are_not_drawn():
    reader = with_held_out(Listed(train=["", " "] * 100 + TRAIN), validation=20, test=20, seed=1)
    assert all(text.strip() for split in ("validation", "test") for text in texts(reader, split))


def test_too_small_a_corpus_is_an_error():
    reader = with_held_out(Listed(train=TRAIN), validation=20, test=30, seed=1)
    with pytest.raises(DataError) as caught:
        texts(reader, "test")
    assert str(caught.value).startswith(
        "params.yaml corpus.sizes: 50 pairs are to be held out for validation and test, but the corpus has 50; ask for"
    )
