"""A corpus is cut anew in each epoch, the same again for the same seed; batches stay full and without much padding."""

from itertools import accumulate

import numpy as np
import pytest

from enface.data.batches import TrainingBatches
from enface.data.bpe_dropout import BpeDropout
from enface.data.prepared import PreparedFolder
from enface.data.resegmented import Resegmented
from enface.data.tokenizer import Tokenizer
from enface.data.writing import TextWriter, sample_sentences, write_encoded
from enface.outputs import write_json
from tests.unit.data.made import SENTENCES

PAIRS = [("The old dogs, playing", "Die alten Hunde spielen", "0-0 1-1 2-2 4-3"), ("a cat", "eine Katze", "0-0 1-1")]


@pytest.fixture
def prepared(tmp_path):
    return written(tmp_path, PAIRS)


def written(folder, pairs):
    with TextWriter(folder, "train") as writer:
        for pair in pairs:
            writer.write(*pair)
    tokenizer = Tokenizer.train([*sample_sentences(folder, "train", every=1), *SENTENCES], vocabulary_size=420)
    tokenizer.save(folder / "tokenizer.json")
    write_encoded(folder, "train", tokenizer)
    meta = {"corpus": "toy", "source_language": "en", "target_language": "de", "sha256": "0" * 64}
    counts = {"pairs": {"train": len(pairs)}, "source_tokens": {}, "target_tokens": {}, "test_splits": []}
    write_json(folder / "meta.json", meta | counts | {"vocabulary_size": tokenizer.vocabulary_size})
    return PreparedFolder(folder)


def read(prepared, epoch, seed=1, dropout=0.3):
    split = prepared.split("train")
    pairs = Resegmented(split, BpeDropout(prepared.tokenizer, dropout=dropout, seed=seed)).in_epoch(epoch)
    source_lengths, target_lengths = pairs.lengths(np.arange(len(split)))
    assert source_lengths.tolist() == [len(pairs.source(index)) for index in range(len(split))]
    assert target_lengths.tolist() == [len(pairs.target(index)) for index in range(len(split))]
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
        varied = Resegmented(split, dropout)
        return TrainingBatches(split, batch_tokens=99, seed=1, links=split.links, varied=varied)

    straight, resumed = batches(), batches()
    epochs = [next(iter(straight)) for _ in range(3)]
    assert len({str(batch.source.tolist()) for batch in epochs}) > 1
    assert all(len(batch.links) for batch in epochs)
    resumed.load_state_dict({"epoch": 1, "position": 1})
    assert next(iter(resumed)).source.tolist() == epochs[2].source.tolist()


def test_batches_are_as_full_and_as_well_packed_as_those_of_the_usual_cut(tmp_path):
    random = np.random.default_rng(1)
    words = " ".join(SENTENCES).split()
    texts = [" ".join(random.choice(words, int(length))) for length in random.integers(3, 25, 4_000)]
    prepared = written(tmp_path, [(text, f"{text} so", None) for text in texts])
    split = prepared.split("train")
    varied = Resegmented(split, BpeDropout(prepared.tokenizer, dropout=0.1, seed=1))
    batches = TrainingBatches(split, batch_tokens=2_000, seed=1, varied=varied)
    seen = []
    for _ in range(2):
        epoch = [batch for _, batch in zip(range(len(batches)), batches, strict=False)]
        seen.append(sorted(index for batch in epoch for index in batch.indices.tolist()))
        assert max(batch.target_input.numel() for batch in epoch) < 1.2 * 2_000
        padding = sum(int((~batch.target_valid).sum()) for batch in epoch)
        assert padding < 0.05 * sum(batch.target_input.numel() for batch in epoch)
    assert seen == [list(range(4_000))] * 2
