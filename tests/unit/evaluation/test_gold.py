"""Scoring against hand-made links."""

from pathlib import Path

import pytest

from enface.alignment.pharaoh import GoldAlignment
from enface.errors import DataError
from enface.evaluation.gold import GoldPair, gold_links, gold_of_split, read_gold, score_gold, token_spans
from enface.evaluation.section import GoldSection
from tests.unit.evaluation.made import Answer, align, words

UNLINKED = GoldAlignment(frozenset(), frozenset())
SHARED = Path(__file__).parents[4] / "shared" / "gold"


def section(folder) -> GoldSection:
    return GoldSection(folder=str(folder), source_language="en", target_language="de")


@pytest.fixture
def gold_folder(tmp_path):
    (tmp_path / "gold.en").write_text("A hat , he 's in .\nNo\n", encoding="utf-8")
    (tmp_path / "gold.de").write_text("Ein Hut , er ist drin .\nNein\n", encoding="utf-8")
    (tmp_path / "gold.align").write_text("0-0 1-1 2-2 3-3 4-4 5?5 6-6\n0-0\n", encoding="utf-8")
    return tmp_path


def test_tokens_are_found_by_their_characters():
    text = "Hut, »der  rote«"
    spans = token_spans(["Hut", ",", "»", "der", "rote«"], text)
    assert [text[start:end] for start, end in spans] == ["Hut", ",", "»", "der", "rote«"]


def test_links_of_words_become_links_of_the_gold_tokens_they_overlap():
    # Gold cuts "he's" in two; we do not. We cut off the mark »; gold does not.
    texts = ("he's in", "»drin")
    pair = GoldPair(texts, token_spans(["he", "'s", "in"], texts[0]), token_spans(["»drin"], texts[1]), UNLINKED)
    answer = Answer(texts[1], words(texts[0]), words(texts[1]), links=[(0, 0), (1, 1)])
    assert gold_links(answer, pair) == {(0, 0), (1, 0), (2, 0)}


def test_a_gold_pair_is_aligned_in_the_spelling_of_the_known_sentence(gold_folder):
    known = [("A hat, he's in.", "Ein Hut, er ist drin."), ("Yes", "Ja")]
    pairs = read_gold(section(gold_folder), ("en", "de"), known=known)
    assert [pair.texts for pair in pairs] == [known[0], ("No", "Nein")]
    source, tokens = pairs[0].texts[0], pairs[0].source_tokens
    assert [source[start:end] for start, end in tokens] == ["A", "hat", ",", "he", "'s", "in", "."]
    assert pairs[1].alignment == GoldAlignment(frozenset({(0, 0)}), frozenset({(0, 0)}))


def test_the_opposite_direction_is_scored_on_turned_links(gold_folder):
    (gold_folder / "gold.align").write_text("0-1 2?3\n0-0\n", encoding="utf-8")
    pair = read_gold(section(gold_folder), ("de", "en"), known=[])[0]
    assert pair.texts[0].startswith("Ein Hut")
    assert pair.alignment == GoldAlignment(frozenset({(1, 0)}), frozenset({(1, 0), (3, 2)}))


def test_other_languages_and_no_folder_have_no_gold(gold_folder):
    assert read_gold(section(gold_folder), ("en", "fr"), known=[]) == []
    assert read_gold(section(""), ("en", "de"), known=[]) == []


def test_a_missing_file_is_named(gold_folder):
    (gold_folder / "gold.de").unlink()
    with pytest.raises(DataError) as error:
        read_gold(section(gold_folder), ("en", "de"), known=[])
    assert str(error.value) == (
        f'{gold_folder / "gold.de"}: no such file; mend evaluate.gold.folder in params.yaml, or make it ""'
    )


def test_unequal_files_are_refused(gold_folder):
    (gold_folder / "gold.align").write_text("0-0\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_gold(section(gold_folder), ("en", "de"), known=[])
    assert str(error.value) == (
        f"{gold_folder}: got unequal counts of lines: gold.en 2, gold.de 2, gold.align 1; need one each for every pair"
    )


def test_broken_utf8_is_named(gold_folder):
    (gold_folder / "gold.de").write_bytes(b"Ein H\xfct")
    with pytest.raises(DataError) as error:
        read_gold(section(gold_folder), ("en", "de"), known=[])
    assert str(error.value) == f"{gold_folder / 'gold.de'}: not UTF-8 at byte 5; save it as UTF-8"


def test_a_link_beyond_the_tokens_is_refused_with_file_and_line(gold_folder):
    (gold_folder / "gold.align").write_text("0-0\n0-1\n", encoding="utf-8")
    with pytest.raises(DataError) as error:
        read_gold(section(gold_folder), ("en", "de"), known=[])
    assert str(error.value) == (
        f"{gold_folder / 'gold.align'}:2: got a link of source 0 and target 1, but there are 1 source and 1 target "
        "tokens, counted from 0"
    )


def test_a_split_is_scored_on_its_own_words():
    pairs = [("A hat, red", "Ein Hut, rot"), ("No", "Nein")]
    gold = gold_of_split(pairs, ["0-0 1-1 2-2 3-3", ""], where="test.links")
    scores = score_gold(align, gold, what="test")
    assert (scores.precision, scores.recall) == (80, 100)
    assert scores.aer == pytest.approx(100 * (1 - 8 / 9))


def test_a_broken_line_of_a_split_is_named():
    with pytest.raises(DataError, match=r"^test\.links:2: got '0:0'"):
        gold_of_split([("a", "b"), ("a", "b")], ["0-0", "0:0"], where="test.links")


@pytest.mark.skipif(not SHARED.is_dir(), reason="no hand-aligned pairs beside this checkout")
def test_the_hand_aligned_pairs_are_read_and_perfect_against_themselves():
    pairs = read_gold(section(SHARED), ("en", "de"), known=[])
    assert len(pairs) == 60
    assert sum(len(pair.alignment.sure) for pair in pairs) == 578
    answers = {
        pair.texts: Answer(
            pair.texts[1], words(pair.texts[0]), words(pair.texts[1]), links=sorted(pair.alignment.possible)
        )
        for pair in pairs
    }
    scores = score_gold(lambda texts: [answers[text] for text in texts], pairs, what="gold")
    assert (scores.aer, scores.precision, scores.recall) == (0, 100, 100)
