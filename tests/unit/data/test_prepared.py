import json

import numpy as np
import pytest

from enface.data.prepared import PreparedFolder, PreparedMeta
from enface.data.tokenizer import Tokenizer
from enface.data.writing import TextWriter, sample_sentences, write_encoded
from enface.errors import DataError
from enface.outputs import write_json

PAIRS = {
    "train": [("the old dog", "der alte Hund", None), ("a cat", "eine Katze", None), ("the dog", "der Hund", None)],
    "validation": [],
    "test": [("the cat", "die Katze", "0-0 1-1"), ("a dog", "ein Hund", "")],
}


@pytest.fixture
def folder(tmp_path):
    for split, pairs in PAIRS.items():
        with TextWriter(tmp_path, split) as writer:
            for pair in pairs:
                writer.write(*pair)
    tokenizer = Tokenizer.train(sample_sentences(tmp_path, "train", every=1), vocabulary_size=300)
    tokenizer.save(tmp_path / "tokenizer.json")
    tokens = {split: write_encoded(tmp_path, split, tokenizer) for split in PAIRS}
    meta = PreparedMeta(
        corpus="toy",
        source_language="en",
        target_language="de",
        sha256="0" * 64,
        vocabulary_size=tokenizer.vocabulary_size,
        pairs={split: len(pairs) for split, pairs in PAIRS.items()},
        source_tokens={split: count["source"] for split, count in tokens.items()},
        target_tokens={split: count["target"] for split, count in tokens.items()},
        test_splits=["test"],
    )
    write_json(tmp_path / "meta.json", meta.model_dump())
    return tmp_path


def test_every_sentence_comes_back_as_its_ids(folder):
    prepared = PreparedFolder(folder)
    for name, pairs in PAIRS.items():
        split = prepared.split(name)
        assert len(split) == len(pairs)
        for index, (source, target, _) in enumerate(pairs):
            assert prepared.tokenizer.decode(split.source(index).tolist()).text == source
            assert prepared.tokenizer.decode(split.target(index).tolist()).text == target


def test_lengths_are_those_of_the_ids(folder):
    split = PreparedFolder(folder).split("train")
    assert split.source_lengths.tolist() == [len(split.source(index)) for index in range(3)]
    assert split.target_lengths.tolist() == [len(split.target(index)) for index in range(3)]
    assert (split.source(0).dtype, split.source_lengths.dtype) == (np.int32, np.int32)
    assert split.source_lengths.sum() == PreparedFolder(folder).meta.source_tokens["train"]


def test_what_was_read_is_given_back_and_can_be_read_again(folder, monkeypatch):
    monkeypatch.setattr("enface.data.prepared._PAIRS_BETWEEN", 2)
    split = PreparedFolder(folder).split("test")
    first, links = split.source(0).tolist(), split.links(0).tolist()
    assert [split.source(0).tolist() for _ in range(5)] == [first] * 5
    assert (split.links(0).tolist(), split.target_lengths.sum() > 0) == (links, True)


def test_ids_are_views_of_the_file_not_copies(folder):
    ids = PreparedFolder(folder).split("train").source(1)
    assert ids.base is not None
    assert not ids.flags.writeable


def test_text_and_gold_links_are_read_back(folder):
    prepared = PreparedFolder(folder)
    assert prepared.split("test").source_sentences() == ["the cat", "a dog"]
    assert prepared.split("test").target_sentences() == ["die Katze", "ein Hund"]
    assert prepared.split("test").gold_links() == ["0-0 1-1", ""]
    assert prepared.split("train").gold_links() is None


def test_links_are_those_of_subwords_pair_by_pair(folder):
    prepared = PreparedFolder(folder)
    split, tokenizer = prepared.split("test"), prepared.tokenizer
    words = [range(len(tokenizer.encode(text).ids)) for text in ("the", "cat", "die", "Katze")]
    the, cat, die, katze = words
    linked = [(s, t) for s in the for t in die]
    linked += [(len(the) + s, len(die) + t) for t in katze for s in cat]
    assert sorted(map(tuple, split.links(0).tolist())) == sorted(linked)
    assert split.links(1).shape == (0, 2)


def test_links_that_are_not_there_are_asked_for_in_vain(folder):
    with pytest.raises(DataError) as error:
        PreparedFolder(folder).split("train").links(0)
    assert str(error.value) == (
        f"{folder}/train.links: not there, the corpus has no word alignments for train; give it some (docs/data.md, "
        "Gold alignments), or set params.yaml train.guided_weight to 0"
    )


def test_links_that_were_never_encoded_are_named(folder):
    (folder / "test.links.tokens").unlink()
    with pytest.raises(DataError, match=r"test\.links\.tokens: missing from the prepared corpus; run: dvc repro -f"):
        PreparedFolder(folder).split("test").links(0)


def test_links_of_another_number_of_pairs_are_refused(folder):
    (folder / "test.links.tokens").write_bytes(b"")
    (folder / "test.links.offsets").write_bytes(np.zeros(2, "<i8").tobytes())
    with pytest.raises(DataError, match=r"test\.links\.offsets: 1 pairs, but test\.source\.offsets has 2; run: dvc"):
        PreparedFolder(folder).split("test").links(0)


def test_an_empty_split_is_empty(folder):
    split = PreparedFolder(folder).split("validation")
    assert len(split) == 0
    assert split.source_lengths.tolist() == []


def test_meta_says_what_it_is(folder):
    prepared = PreparedFolder(folder)
    assert prepared.meta.corpus == "toy"
    assert prepared.test_splits == ["test"]


def test_a_missing_folder_is_named_with_its_command(tmp_path):
    with pytest.raises(DataError, match=r"nowhere: no prepared corpus here \(meta\.json is missing\); run: dvc repro"):
        PreparedFolder(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["train.source.tokens", "test.target", "tokenizer.json"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(DataError, match=f"{name}: missing from the prepared corpus; run: dvc repro -f prepare"):
        PreparedFolder(folder)


@pytest.mark.parametrize("content", ["{", "{}", "[]"])
def test_a_broken_meta_is_refused(folder, content):
    (folder / "meta.json").write_text(content)
    with pytest.raises(DataError, match=r"meta\.json: broken, or of another version of Enface"):
        PreparedFolder(folder)


def test_an_unknown_split_is_named_with_those_that_exist(folder):
    with pytest.raises(DataError, match="no split 'dev'; there are test, train, validation"):
        PreparedFolder(folder).split("dev")


@pytest.mark.parametrize("name", ["train.source.tokens", "train.source.offsets"])
def test_a_cut_off_file_is_refused(folder, name):
    path = folder / name
    path.write_bytes(path.read_bytes()[:-6])
    with pytest.raises(DataError, match=r"train\.source\.tokens: does not fit its \.offsets"):
        PreparedFolder(folder).split("train")


def test_another_number_of_pairs_than_meta_says_is_refused(folder):
    meta = json.loads((folder / "meta.json").read_text())
    meta["pairs"]["train"] = 2
    write_json(folder / "meta.json", meta)
    with pytest.raises(DataError, match=r"train\.source\.offsets: 3 pairs, but meta\.json says 2"):
        PreparedFolder(folder).split("train")


def test_the_sample_takes_every_nth_pair(folder):
    assert list(sample_sentences(folder, "train", every=2)) == ["the old dog", "the dog", "der alte Hund", "der Hund"]
