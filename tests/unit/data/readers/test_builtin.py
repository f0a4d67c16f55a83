from dataclasses import dataclass

import pytest

from enface.data.readers import builtin
from enface.data.readers.builtin import BuiltinReader
from enface.data.readers.pair import RawPair
from enface.errors import DataError

SIZES = {"train": 3, "validation": 1, "test": 2}


@dataclass(frozen=True)
class Made:
    source: str
    target: str
    links: list[tuple[int, int]]


@pytest.fixture(autouse=True)
def small_grammar(monkeypatch):
    """A grammar of numbered words in place of the real one, which has its own tests."""

    def generate(*, target_language, source_language, seed, sizes):
        for split in ("test", "train", "validation"):
            for number in range(sizes[split]):
                text = f"{split} {number} {seed}"
                yield split, Made(f"{source_language} {text}", f"{target_language} {text}", [(1, 0), (0, 1)])

    monkeypatch.setattr(builtin, "generate", generate)


def test_pairs_come_with_their_gold_alignment_and_their_place():
    reader = BuiltinReader("en", "fr", seed=7, sizes=SIZES)
    assert reader.splits == ["train", "validation", "test"]
    pairs = list(reader.pairs("train"))
    assert len(pairs) == 3
    assert pairs[1] == RawPair("en train 1 7", "fr train 1 7", "0-1 1-0", "builtin/train:2")
    assert [len(list(reader.pairs(split))) for split in reader.splits] == [3, 1, 2]


@pytest.mark.parametrize(("source", "target"), [("en", "cs"), ("de", "en"), ("fr", "de")])
def test_a_direction_that_the_grammar_lacks_is_an_error(source, target):
    with pytest.raises(DataError, match=f"got {source} to {target}, but the built-in corpus is en to de or fr; set"):
        BuiltinReader(source, target, seed=1, sizes=SIZES)
