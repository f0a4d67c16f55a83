import pytest

from enface.data.grammar.generate import GrammarPair
from enface.data.readers import builtin
from enface.data.readers.builtin import BuiltinReader
from enface.data.readers.pair import RawPair
from enface.errors import ParamsError

SIZES = {"train": 3, "validation": 1, "test": 2}


@pytest.fixture
def runs(monkeypatch):
    """The sizes asked for in each run of a grammar of numbered words, in place of the real one."""
    sizes_of_runs = []

    def generate(*, target_language, source_language, seed, sizes):
        sizes_of_runs.append(list(sizes.items()))
        for split, size in sizes.items():
            for number in range(size):
                text = f"{split} {number} {seed}"
                yield split, GrammarPair(f"{source_language} {text}", f"{target_language} {text}", "0-1 1?0")

    monkeypatch.setattr(builtin, "generate", generate)
    return sizes_of_runs


def test_pairs_come_with_their_gold_alignment_and_their_place(runs):
    reader = BuiltinReader("en", "fr", seed=7, sizes=SIZES)
    assert reader.splits == ["train", "validation", "test"]
    pairs = list(reader.pairs("train"))
    assert len(pairs) == 3
    assert pairs[1] == RawPair("en train 1 7", "fr train 1 7", "0-1 1?0", "builtin/train:2")


@pytest.mark.parametrize("order", [["train", "validation", "test"], ["test", "validation", "train"]])
def test_one_run_of_the_grammar_makes_all_splits(runs, order):
    reader = BuiltinReader("en", "fr", seed=7, sizes=SIZES)
    counts = {split: len(list(reader.pairs(split))) for split in order}
    assert counts == SIZES
    assert runs == [[("test", 2), ("validation", 1), ("train", 3)]]


def test_splits_can_be_read_again(runs):
    reader = BuiltinReader("en", "fr", seed=7, sizes=SIZES)
    for split in ("test", "train"):
        assert list(reader.pairs(split)) == list(reader.pairs(split))


def test_the_real_grammar_makes_pairs_whose_source_sentences_are_all_different():
    reader = BuiltinReader("de", "en", seed=1, sizes={"train": 30, "validation": 5, "test": 5})
    pairs = [pair for split in reader.splits for pair in reader.pairs(split)]
    assert len({pair.source for pair in pairs}) == 40
    assert all(pair.links for pair in pairs)


def test_a_direction_that_the_grammar_lacks_is_an_error():
    with pytest.raises(ParamsError, match="got de to fr, but it has en to de, en to fr and back"):
        list(BuiltinReader("de", "fr", seed=1, sizes=SIZES).pairs("test"))
