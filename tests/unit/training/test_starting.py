import hashlib
import logging
import shutil

import pytest
import torch
from torch import nn

from enface.data.prepared import PreparedFolder
from enface.errors import DataError
from enface.training import starting
from enface.training.section import VectorsSection
from enface.training.starting import start_from_vectors, vectors_sha256

SIZE = 4


@pytest.fixture
def embedding(prepared):
    torch.manual_seed(1)
    made = nn.Embedding(prepared.meta.vocabulary_size, SIZE)
    nn.init.normal_(made.weight, std=0.25)
    return made


def write(path, words):
    """A vector for each word: 100 in the place of its number, and 1 everywhere else."""
    lines = [
        " ".join([word, *("100" if place == at else "1" for at in range(SIZE))]) for place, word in enumerate(words)
    ]
    path.write_text("\n".join([f"{len(lines)} {SIZE}", *lines]) + "\n", encoding="utf-8")
    return str(path)


def row(embedding, prepared, word):
    (id,) = prepared.tokenizer.encode(word).ids
    return embedding.weight.detach()[id]


def test_without_files_nothing_changes(embedding, prepared):
    before = embedding.weight.detach().clone()
    start_from_vectors(embedding, VectorsSection(source="", target=""), prepared)
    assert torch.equal(embedding.weight.detach(), before)
    assert vectors_sha256(VectorsSection(source="", target="")) == {}


def test_whole_words_take_their_vectors_scaled_and_all_others_stay(embedding, prepared, tmp_path, caplog):
    before = embedding.weight.detach().clone()
    section = VectorsSection(source=write(tmp_path / "en.vec", ["old", "zebra", "cat"]), target="")
    with caplog.at_level(logging.INFO):
        start_from_vectors(embedding, section, prepared)
    old, cat = row(embedding, prepared, "old"), row(embedding, prepared, "cat")
    assert old / old[0] == pytest.approx(torch.tensor([1, 0.01, 0.01, 0.01]))
    assert cat / cat[2] == pytest.approx(torch.tensor([0.01, 0.01, 1, 0.01]))
    assert float(torch.stack([old, cat]).square().mean().sqrt()) == pytest.approx(float(before.std()), rel=1e-5)
    changed = (embedding.weight.detach() != before).any(dim=1).nonzero().flatten().tolist()
    assert changed == sorted(prepared.tokenizer.encode(word).ids[0] for word in ("old", "cat"))
    assert embedding.weight.requires_grad
    assert caplog.messages == [f"{section.source}: vectors for 2 of the 5 source words that are one subword"]


def test_a_word_of_both_sides_is_of_the_side_that_has_it_more_often(embedding, prepared, tmp_path):
    shutil.copytree(prepared.path, tmp_path / "prepared")
    other = PreparedFolder(tmp_path / "prepared")
    with (other.path / "train.source").open("a", encoding="utf-8") as file:
        file.write("alt\n")
    section = VectorsSection(
        source=write(tmp_path / "en.vec", ["alt", "old"]), target=write(tmp_path / "de.vec", ["old", "alt"])
    )
    start_from_vectors(embedding, section, other)
    assert int(row(embedding, prepared, "old").argmax()) == 1  # from the source's file
    assert int(row(embedding, prepared, "alt").argmax()) == 1  # from the target's file


def test_words_can_start_from_the_company_they_keep_in_the_training_text(embedding, prepared, caplog):
    before = embedding.weight.detach().clone()
    section = VectorsSection(source="text", target="")
    with caplog.at_level(logging.INFO):
        start_from_vectors(embedding, section, prepared)
    assert caplog.messages == ["text: vectors for 5 of the 5 source words that are one subword"]
    vectors = torch.stack([row(embedding, prepared, word) for word in ("old", "cat", "house", "sees", "tree")])
    assert vectors.norm(dim=1) == pytest.approx(torch.full((5,), float(before.std()) * SIZE**0.5), rel=1e-5)
    assert int((embedding.weight.detach() != before).any(dim=1).sum()) == 5
    assert vectors_sha256(section) == {}


def test_of_a_large_text_every_nth_sentence_is_looked_at(embedding, prepared, monkeypatch):
    counted = []

    def count(sentences, words, **_):
        counted.append(len(list(sentences)))
        return {"old": torch.ones(SIZE).numpy()}

    pairs = len(prepared.split("train"))
    monkeypatch.setattr(starting, "cooccurrence_vectors", count)
    for most, every in ((pairs, 1), (pairs // 3, 4)):
        monkeypatch.setattr(starting, "_SENTENCES", most)
        start_from_vectors(embedding, VectorsSection(source="text", target=""), prepared)
        assert counted.pop() == -(-pairs // every)


def test_vectors_of_another_size_are_refused(prepared, tmp_path):
    path = write(tmp_path / "en.vec", ["dog"])
    with pytest.raises(DataError) as caught:
        start_from_vectors(nn.Embedding(9, SIZE + 1), VectorsSection(source=path, target=""), prepared)
    assert str(caught.value).startswith(f"{path}: got vectors of 4 numbers, need 5, ")


def test_a_file_without_any_of_the_words_is_refused(embedding, prepared, tmp_path):
    path = write(tmp_path / "fr.vec", ["chien", "chat"])
    with pytest.raises(DataError) as caught:
        start_from_vectors(embedding, VectorsSection(source="", target=path), prepared)
    assert str(caught.value) == (
        f"{path}: has none of the 5 words that are one subword on the target side; need a file of that language, "
        "in the same spelling"
    )


def test_the_sum_of_a_file_is_that_of_its_bytes_and_a_missing_one_is_named(tmp_path):
    path = tmp_path / "en.vec.gz"
    path.write_bytes(b"anything")
    section = VectorsSection(source="", target=str(path))
    assert vectors_sha256(section) == {"target": hashlib.sha256(b"anything").hexdigest()}
    path.unlink()
    with pytest.raises(DataError) as caught:
        vectors_sha256(section)
    assert str(caught.value) == (
        f"params.yaml train.vectors.target: got {path}, which cannot be read (No such file or directory); "
        'need a .vec file, text or ""'
    )


def test_a_text_without_whole_words_starts_at_random(embedding, prepared, monkeypatch, caplog):
    monkeypatch.setattr(starting, "_words_by_side", lambda prepared: {"source": {}, "target": {}})
    before = embedding.weight.detach().clone()
    with caplog.at_level(logging.INFO):
        start_from_vectors(embedding, VectorsSection(source="", target="text"), prepared)
    assert caplog.messages == ["text: vectors for 0 of the 0 target words that are one subword"]
    assert torch.equal(embedding.weight.detach(), before)
