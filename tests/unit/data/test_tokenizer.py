import json
import os
import re
import subprocess
import sys
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enface.alignment.words import word_spans
from enface.data.text import BLANKS, normalise
from enface.data.tokenizer import BOS, EOS, PAD, UNK, Tokenizer
from enface.errors import DataError
from tests.unit.data.made import SENTENCES, TEXTS, TOKENIZER


@settings(deadline=None)
@given(TEXTS)
def test_what_is_encoded_decodes_to_the_same_normalised_text(text):
    encoding = TOKENIZER.encode(text)
    assert TOKENIZER.decode(encoding.ids).text == normalise(text)
    assert not {PAD, BOS, EOS, UNK} & set(encoding.ids)


@settings(deadline=None)
@given(TEXTS)
def test_spans_lie_in_the_text_as_given_in_order_and_cover_what_is_visible(text):
    spans = TOKENIZER.encode(text).spans
    assert all(0 <= start <= end <= len(text) for start, end in spans)
    assert spans == sorted(spans)
    covered = {index for start, end in spans for index in range(start, end)}
    assert all(not normalise(text[index]) for index in range(len(text)) if index not in covered)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)


@settings(deadline=None)
@given(TEXTS)
def test_no_subword_reaches_over_a_words_end(text):
    words = word_spans(text)
    for start, end in TOKENIZER.encode(text).spans:
        assert start == end or any(first <= start and end <= last for first, last in words)


@settings(deadline=None)
@given(st.lists(st.integers(min_value=0, max_value=TOKENIZER.vocabulary_size - 1)))
def test_any_ids_decode_to_single_spaced_text_with_spans_in_order(ids):
    decoded = TOKENIZER.decode(ids)
    assert len(decoded.spans) == len(decoded.pieces) == sum(id > UNK for id in ids)
    assert all(0 <= start <= end <= len(decoded.text) for start, end in decoded.spans)
    assert decoded.spans == sorted(decoded.spans)
    assert not decoded.text.startswith(" ")
    assert not decoded.text.endswith(" ")


@settings(deadline=None)
@given(TEXTS)
def test_decoded_spans_are_the_encoded_ones_on_normalised_text(text):
    encoding = TOKENIZER.encode(normalise(text))
    decoded = TOKENIZER.decode([BOS, *encoding.ids, EOS, PAD])
    assert decoded.pieces == encoding.pieces
    assert decoded.spans == encoding.spans


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=4))
def test_a_batch_is_its_texts_one_by_one(texts):
    one_by_one = [TOKENIZER.encode(text) for text in texts]
    assert TOKENIZER.encode_batch(texts) == one_by_one
    assert TOKENIZER.encode_ids(texts) == [encoding.ids for encoding in one_by_one]


@settings(deadline=None)
@given(TEXTS)
def test_the_words_of_a_text_are_encoded_each_by_itself(text):
    words = TOKENIZER.encode_words(text)
    assert [id for word in words for id in word] == TOKENIZER.encode(text).ids
    assert len(words) == len(word_spans(normalise(text)))


def test_learning_leaves_the_environment_as_it_was(monkeypatch):
    for value in ("true", None):
        monkeypatch.setenv("TOKENIZERS_PARALLELISM", value) if value else monkeypatch.delenv("TOKENIZERS_PARALLELISM")
        Tokenizer.train(["a dog"], vocabulary_size=320)
        assert os.environ.get("TOKENIZERS_PARALLELISM") == value


def test_decomposed_characters_keep_their_place_in_the_text_as_given():
    text = "Das Cafe\u0301 (a\u0323\u0302)  schließt"
    encoding = TOKENIZER.encode(text)
    taken = {text[start:end] for start, end in encoding.spans}
    assert "a\u0323\u0302" in taken
    assert any(part.endswith("e\u0301") for part in taken)


def test_the_bytes_of_an_unknown_character_share_its_span():
    text = "Zwei 漢 Hunde"
    encoding = TOKENIZER.encode(text)
    places = [span for piece, span in zip(encoding.pieces, encoding.spans, strict=True) if piece.startswith("<0x")]
    assert places == [(5, 6)] * 3


def test_bytes_that_form_no_character_are_replaced_one_by_one():
    first_byte = 4
    decoded = TOKENIZER.decode([first_byte + 0xF0, first_byte + 0xE6, first_byte + 0x41])
    assert decoded.text == "\ufffd\ufffdA"
    assert decoded.spans == [(0, 1), (1, 2), (2, 3)]


def test_special_names_in_a_text_are_text():
    assert EOS not in TOKENIZER.encode("a </s> b").ids
    assert TOKENIZER.decode(TOKENIZER.encode("a </s><pad> b").ids).text == "a </s><pad> b"


def test_control_characters_and_all_white_space_are_spaces():
    assert TOKENIZER.encode("a\x00b\u2028c\x85d\t").ids == TOKENIZER.encode("a b c d").ids


def test_bytes_of_control_characters_decode_to_no_line_break():
    newline, nul, tab = (4 + byte for byte in (0x0A, 0x00, 0x09))
    assert TOKENIZER.decode([newline, nul, tab]).text == "\ufffd\ufffd\ufffd"


def test_a_text_without_a_visible_character_has_no_subwords():
    assert TOKENIZER.encode(" \n\u3000\x07").ids == []
    assert TOKENIZER.decode([]).text == ""


def test_a_subword_that_begins_a_word_shows_it():
    pieces = TOKENIZER.encode("and in, parken").pieces
    assert pieces[:3] == ["▁and", "▁in", ","]
    assert not pieces[-1].startswith("▁")


def test_the_vocabulary_is_no_larger_than_asked_and_rare_characters_leave_room_for_words():
    many = ["".join(chr(0x4E00 + index) for index in range(500)), "the dog the dog the dog"]
    tokenizer = Tokenizer.train(many, vocabulary_size=320)
    assert tokenizer.vocabulary_size <= 320
    assert tokenizer.encode("the dog").pieces == ["▁the", "▁dog"]
    assert tokenizer.decode(tokenizer.encode(many[0]).ids).text == many[0]


def test_a_tiny_corpus_gives_a_smaller_vocabulary():
    assert Tokenizer.train(["a b"], vocabulary_size=400).vocabulary_size < 400


def test_saved_and_read_it_is_the_same(tmp_path):
    TOKENIZER.save(tmp_path / "tokenizer.json")
    again = Tokenizer.from_file(tmp_path / "tokenizer.json")
    assert again.encode(SENTENCES[0]) == TOKENIZER.encode(SENTENCES[0])
    assert again.vocabulary_size == TOKENIZER.vocabulary_size


def test_another_process_learns_the_same_bytes(tmp_path):
    path = tmp_path / "tokenizer.json"
    TOKENIZER.save(path)
    script = (
        "import json, sys; from pathlib import Path; from enface.data.tokenizer import Tokenizer;"
        "Tokenizer.train(json.loads(sys.argv[1]), vocabulary_size=420).save(Path(sys.argv[2]))"
    )
    for attempt in ("one", "two"):
        subprocess.run([sys.executable, "-c", script, json.dumps(SENTENCES), str(tmp_path / attempt)], check=True)
        assert (tmp_path / attempt).read_bytes() == path.read_bytes()


def test_a_missing_file_is_named_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(DataError, match=r"tokenizer\.json: no such file, need a tokenizer; run: dvc repro prepare"):
        Tokenizer.from_file(tmp_path / "tokenizer.json")


def test_one_that_tokenizers_cannot_read_is_refused(tmp_path):
    path = tmp_path / "tokenizer.json"
    TOKENIZER.save(path)
    path.write_text(path.read_text().replace('"BPE"', '"of a later version"'))
    with pytest.raises(DataError, match=r"tokenizer\.json: tokenizers [0-9.]+ cannot read it: "):
        Tokenizer.from_file(path)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"model": {"vocab": {"a": 0}}}', '{"model": {"vocab": [1]}}'])
def test_a_file_that_is_no_tokenizer_of_ours_is_refused(tmp_path, content):
    path = tmp_path / "tokenizer.json"
    path.write_text(content)
    with pytest.raises(DataError, match="not a tokenizer of Enface"):
        Tokenizer.from_file(path)


@settings(deadline=None)
@given(TEXTS)
def test_normalising_is_composing_and_making_runs_of_blanks_single_spaces(text):
    assert normalise(text) == re.sub(f"[{BLANKS}]+", " ", unicodedata.normalize("NFC", text)).strip(" ")


def test_normalised_text_is_composed_and_single_spaced():
    assert normalise(" Cafe\u0301\u00a0\x00 zu\u2028") == "Café zu"
    assert unicodedata.is_normalized("NFC", normalise("\u1100\u1161"))


def test_reading_the_tokenizer_brings_no_heavy_library():
    heavy = "torch", "lightning", "mlflow", "dvc", "datasets"
    script = f"import sys, enface.data.tokenizer; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
