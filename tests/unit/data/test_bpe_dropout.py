"""Words are cut otherwise each time, spell the same, and come out the same for the same seed, epoch and pair."""

import json
import math
from collections import Counter
from itertools import accumulate

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enface.data.batches import TrainingBatches
from enface.data.bpe_dropout import BpeDropout, Resegmented
from enface.data.prepared import PreparedFolder
from enface.data.tokenizer import Tokenizer
from enface.data.writing import TextWriter, sample_sentences, write_encoded
from enface.outputs import write_json
from tests.unit.data.test_tokenizer import SENTENCES, TEXTS, TOKENIZER

PAIRS = [("The old dogs, playing", "Die alten Hunde spielen", "0-0 1-1 2-2 4-3"), ("a cat", "eine Katze", "0-0 1-1")]


def cut(texts, dropout, seed=1):
    """The subwords of each text, as cut with this dropout."""
    subwords = BpeDropout(TOKENIZER, dropout=dropout, seed=seed)
    words = [subwords.words(np.array(TOKENIZER.encode(text).ids, np.int32)) for text in texts]
    return [[id for number, word in enumerate(of) for id in subwords.draw(word, number % 64)] for of in words]


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=5))
def test_without_dropout_words_are_cut_as_the_tokenizer_does(texts):
    assert cut(texts, 0.0) == [TOKENIZER.encode(text).ids for text in texts]


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=5), st.sampled_from([0.1, 0.5, 0.99]))
def test_what_is_cut_otherwise_spells_the_same(texts, dropout):
    usual = [TOKENIZER.decode(TOKENIZER.encode(text).ids).text for text in texts]
    assert [TOKENIZER.decode(ids).text for ids in cut(texts, dropout)] == usual


def toy(merges, dropout):
    """The distribution of what " ab" is cut into, with these merges alone, over many draws."""
    content = json.loads(TOKENIZER._inner.to_str())
    vocabulary = [piece for piece, _ in sorted(content["model"]["vocab"].items(), key=lambda entry: entry[1])][:260]
    pieces = [*vocabulary, " ", "a", "b", *("".join(merge) for merge in merges)]
    content["model"] |= {"vocab": {piece: id for id, piece in enumerate(pieces)}, "merges": merges}
    tokenizer = Tokenizer(type(TOKENIZER._inner).from_str(json.dumps(content)))
    (word,) = BpeDropout(tokenizer, dropout=dropout, seed=1).words(np.array(tokenizer.encode("ab").ids, np.int32))
    draws = [BpeDropout(tokenizer, dropout=dropout, seed=seed).draw(word, 0) for seed in range(4_000)]
    return Counter(tuple(pieces[id] for id in draw) for draw in draws)


def test_each_merge_is_passed_over_as_often_as_the_paper_says():
    # " ab" by the merges a+b and then " "+ab: none taken p; the first alone (1 - p) p; both (1 - p)^2.
    counts = toy([["a", "b"], [" ", "ab"]], dropout=0.25)
    expected = {(" ", "a", "b"): 0.25, (" ", "ab"): 0.75 * 0.25, (" ab",): 0.75**2}
    assert counts.keys() == expected.keys()
    for pieces, share in expected.items():
        assert abs(counts[pieces] / 4_000 - share) < 4 * math.sqrt(share * (1 - share) / 4_000)


def test_a_merge_that_was_passed_over_may_be_taken_at_the_next_step():
    # " ab" by " "+a and then a+b: with the first passed over and the second taken, " "+ab is no merge.
    counts = toy([[" ", "a"], ["a", "b"]], dropout=0.25)
    assert counts.keys() == {(" ", "a", "b"), (" a", "b"), (" ", "ab")}
    assert abs(counts[" a", "b"] / 4_000 - 0.75) < 0.03


@pytest.fixture
def prepared(tmp_path):
    with TextWriter(tmp_path, "train") as writer:
        for pair in PAIRS:
            writer.write(*pair)
    tokenizer = Tokenizer.train([*sample_sentences(tmp_path, "train", every=1), *SENTENCES], vocabulary_size=420)
    tokenizer.save(tmp_path / "tokenizer.json")
    write_encoded(tmp_path, "train", tokenizer)
    meta = {"corpus": "toy", "source_language": "en", "target_language": "de", "sha256": "0" * 64}
    counts = {"pairs": {"train": 2}, "source_tokens": {}, "target_tokens": {}, "test_splits": []}
    write_json(tmp_path / "meta.json", meta | counts | {"vocabulary_size": tokenizer.vocabulary_size})
    return PreparedFolder(tmp_path)


def read(prepared, epoch, seed=1, dropout=0.3):
    split = prepared.split("train")
    pairs = Resegmented(split, BpeDropout(prepared.tokenizer, dropout=dropout, seed=seed), epoch)
    return [
        (pairs.source(index).tolist(), pairs.target(index).tolist(), pairs.links(index).tolist()) for index in (0, 1)
    ]


def test_an_epoch_is_cut_the_same_again_and_another_one_or_seed_otherwise(prepared):
    assert read(prepared, 3) == read(prepared, 3)
    assert read(prepared, 3) != read(prepared, 4)
    assert read(prepared, 3) != read(prepared, 3, seed=2)


def test_links_go_with_the_words_however_they_are_cut(prepared):
    assert read(prepared, 0, dropout=0.0)[1][2] == prepared.split("train").links(1).tolist()
    for epoch in range(20):
        for (source, target, links), (english, german, line) in zip(read(prepared, epoch), PAIRS, strict=True):
            spelt = [[prepared.tokenizer.decode([id]).text for id in ids] for ids in (source, target)]
            words = [text.replace(",", " ,").split() for text in (english, german)]
            expected = {tuple(map(int, link.split("-"))) for link in line.split()}
            found = {(_word(spelt[0], one, words[0]), _word(spelt[1], other, words[1])) for one, other in links}
            assert found == expected


def _word(spelt, place, words):
    """The number of the word that a subword stands in."""
    start = len("".join(spelt[:place]))
    return sum(start >= end for end in accumulate(map(len, words)))


def test_batches_are_cut_anew_each_epoch_and_alike_when_resumed(prepared):
    split = prepared.split("train")

    def batches():
        dropout = BpeDropout(prepared.tokenizer, dropout=0.3, seed=1)
        return TrainingBatches(
            split, batch_tokens=99, seed=1, links=split.links, varied=lambda epoch: Resegmented(split, dropout, epoch)
        )

    straight, resumed = batches(), batches()
    epochs = [next(iter(straight)) for _ in range(3)]
    assert len({str(batch.source.tolist()) for batch in epochs}) > 1
    assert all(len(batch.links) for batch in epochs)
    resumed.load_state_dict({"epoch": 1, "position": 1})
    assert next(iter(resumed)).source.tolist() == epochs[2].source.tolist()
