"""Alignments found for pairs without."""

from enface.data import aligning
from enface.data.aligning import write_found_links


def test_a_large_split_is_aligned_in_parts(tmp_path):
    (tmp_path / "train.source").write_text("Ein Hund\nHund\nEin\n" * 8)
    (tmp_path / "train.target").write_text("A dog\ndog\nA\n" * 8)
    write_found_links(tmp_path, "train", at_once=9)
    assert (tmp_path / "train.links").read_text() == "0-0 1-1\n0-0\n0-0\n" * 8


def test_no_part_is_much_smaller_than_another(tmp_path, monkeypatch):
    parts = []
    monkeypatch.setattr(aligning, "align_corpus", lambda words: parts.append(len(words)) or [[(0, 0)]] * len(words))
    for side in ("source", "target"):
        (tmp_path / f"train.{side}").write_text("a\n" * 21)
    write_found_links(tmp_path, "train", at_once=10)
    assert parts == [7, 7, 7]
