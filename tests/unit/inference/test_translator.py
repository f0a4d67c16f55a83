import concurrent.futures
import json
import logging
import shutil
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import enface
from enface.data.text import normalise
from enface.errors import BundleError, ParamsError, RequestError
from enface.inference.options import TranslateOptions
from enface.inference.translator import Translator

SENTENCE = "A young woman in a red coat is reading."


@pytest.fixture(scope="module")
def translator(toy_bundle):
    return Translator(toy_bundle, threads=1)


def one(translator, text, **options):
    return translator.translate([text], TranslateOptions(**options))[0]


def test_the_package_offers_the_translator():
    assert enface.Translator is Translator


def test_a_copy_is_aligned_word_by_word(translator):
    found = one(translator, SENTENCE)
    words = ["A", "young", "woman", "in", "a", "red", "coat", "is", "reading", "."]
    assert found.text == SENTENCE
    assert found.source == found.target
    assert found.source.tokens == words
    assert [SENTENCE[start:end] for start, end in found.source.spans] == words
    assert found.links == [(word, word) for word in range(10)]
    np.testing.assert_allclose(found.matrix, np.eye(10))
    assert found.score < 0
    assert found.alternatives == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A  re\u0301d\tcoat .", ["A", "re\u0301d", "coat", "."]),
        (" 👩\u200d🚀 saw 🇩🇪!", ["👩\u200d🚀", "saw", "🇩🇪", "!"]),
        ("a\u00a0b \x07 c", ["a", "b", "c"]),
        ("日本の。", ["日本の。"]),
    ],
)
def test_source_spans_lie_in_the_text_as_given_and_target_spans_in_the_answer(translator, text, words):
    found = one(translator, text)
    assert found.source.tokens == words
    assert [text[start:end] for start, end in found.source.spans] == words
    assert [found.text[start:end] for start, end in found.target.spans] == found.target.tokens
    assert found.text == normalise(text)
    assert found.matrix.shape == (len(found.target.tokens), len(words))


@pytest.mark.parametrize("text", ["", " ", "\n\t", "\u2003", "\x07"])
def test_a_text_without_a_visible_character_has_the_empty_translation(translator, text):
    found = one(translator, text)
    assert found.to_dict() == {
        "text": "",
        "score": 0.0,
        "source": {"tokens": [], "spans": []},
        "target": {"tokens": [], "spans": []},
        "alignment": {"matrix": [], "links": []},
    }
    assert len(one(translator, text, n_best=3).alternatives) == 2
    assert one(translator, text, alignment="none").matrix is None


def test_no_texts(translator):
    assert translator.translate([]) == []
    assert translator.align([]) == []


def test_subword_alignment(translator):
    found = one(translator, SENTENCE, alignment="subword")
    assert found.source.tokens[0] == "▁A"
    assert len(found.source.tokens) > 10
    np.testing.assert_allclose(found.matrix, np.eye(len(found.source.tokens)))


def test_no_alignment(translator):
    found = one(translator, SENTENCE, alignment="none")
    assert (found.text, found.matrix, found.links) == (SENTENCE, None, [])
    assert found.source.tokens[1] == "young"
    assert "alignment" not in found.to_dict()


def test_the_best_n(translator):
    found = one(translator, SENTENCE, n_best=3)
    scores = [found.score, *(other.score for other in found.alternatives)]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == 3
    entry = found.to_dict()
    assert list(entry) == ["text", "score", "source", "target", "alignment", "alternatives"]
    assert [list(other) for other in entry["alternatives"]] == [["text", "score", "target", "alignment"]] * 2
    assert json.loads(json.dumps(entry)) == entry


def test_a_translation_cut_off_has_no_end_to_drop(translator):
    length = len(one(translator, SENTENCE, alignment="subword").target.tokens)
    for limit in (1, 3, length, length + 1):
        found = one(translator, SENTENCE, alignment="subword", max_length=limit)
        assert len(found.target.tokens) == len(found.matrix) == min(limit, length)
    np.testing.assert_allclose(one(translator, SENTENCE, max_length=3).matrix.sum(axis=1), 1)


def test_length_penalty_reaches_the_graph(translator):
    bare, penalised = (one(translator, SENTENCE, length_penalty=alpha).score for alpha in (0.0, 1.0))
    length = len(one(translator, SENTENCE, alignment="subword").target.tokens) + 1
    assert bare == pytest.approx(-length / 10)
    assert penalised == pytest.approx(bare / ((5 + length) / 6))


def test_order_is_kept_over_many_lengths(translator):
    texts = [" ".join(["dog"] * ((7 * index) % 90)) for index in range(120)]
    assert [found.text for found in translator.translate(texts)] == texts


@settings(deadline=None, max_examples=25)
@given(st.lists(st.text(alphabet="ab é.👩\u0301\x07ß", max_size=30), max_size=5))
def test_neighbours_change_nothing(translator, texts):
    together = [found.to_dict() for found in translator.translate(texts)]
    assert together == [one(translator, text).to_dict() for text in texts]
    for entry in together:
        assert all(sum(row) == pytest.approx(1, abs=1e-4) for row in entry["alignment"]["matrix"])


def test_threads_may_share_one_translator(translator):
    texts = [f"{number} dogs and {number + 1} cats." for number in range(40)]
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda text: one(translator, text).text, texts))
    assert found == texts


def test_a_given_pair_is_aligned_in_its_own_characters(translator):
    source, target = "A red coat.", "Ein  ro\u0308ter Mantel ist hier ."
    found = translator.align([("x", "y"), (source, target), ("a b c", "d")])[1]
    assert found.text == target
    assert found.target.tokens == ["Ein", "ro\u0308ter", "Mantel", "ist", "hier", "."]
    assert [target[start:end] for start, end in found.target.spans] == found.target.tokens
    assert found.source.tokens == ["A", "red", "coat", "."]
    np.testing.assert_allclose(found.matrix.sum(axis=1), 1)
    assert found.score == translator.align([(source, target)])[0].score < 0


def test_aligning_a_copy_gives_the_translations_own_alignment(translator):
    given_pair = translator.align([(SENTENCE, SENTENCE)])[0]
    assert given_pair.to_dict() == one(translator, SENTENCE).to_dict()


def test_long_targets_are_aligned_whole(translator):
    target = "dog " * 200
    assert len(translator.align([("a dog", target)])[0].target.tokens) == 200


@pytest.mark.parametrize("kind", ["word", "subword", "none"])
def test_pairs_with_an_empty_side(translator, kind):
    both = translator.align([("", "a dog"), ("a dog", " "), ("", "")], TranslateOptions(alignment=kind))
    assert [found.score for found in both] == [0, 0, 0]
    assert [found.links for found in both] == [[], [], []]
    if kind == "word":
        assert [found.matrix.shape for found in both] == [(2, 0), (0, 2), (0, 0)]


@pytest.mark.parametrize(
    ("name", "value"),
    [("beam_size", 3), ("n_best", 2), ("max_length", 5), ("format", "html"), ("protect", False)],
)
def test_options_that_aligning_does_not_take(translator, name, value):
    with pytest.raises(RequestError) as caught:
        translator.align([("a", "b")], TranslateOptions(**{name: value}))
    assert str(caught.value) == f"{name}: got {value}, but a given pair is aligned without one"


def test_aligning_takes_no_glossary(translator):
    with pytest.raises(RequestError, match=r"^glossary: got one, but a given pair is aligned without one$"):
        translator.align([("a", "b")], TranslateOptions(glossary={"terms": {"a": "b"}}))


def test_texts_that_cannot_be_translated(translator):
    with pytest.raises(RequestError, match=r"^text\[1\]: got 10,001 characters, need <= 10,000; send it in smaller"):
        translator.translate(["a", "a" * 10_001])
    with pytest.raises(RequestError, match=r"^text\[0\]: got NUL"):
        translator.check(["\0"])
    with pytest.raises(RequestError, match=r"^source\[1\]: got half a surrogate pair"):
        translator.align([("a", "b"), ("\ud800", "b")])
    with pytest.raises(RequestError, match=r"^target\[0\]: got NUL"):
        translator.align([("a", "\0")])
    with pytest.raises(RequestError, match=r"^texts: got a string, need a list of strings$"):
        translator.translate("a")


def test_texts_of_too_many_subwords(translator):
    with pytest.raises(RequestError, match=r"^text\[0\]: got 40,001 source subwords, need <= 975 where beam_size is 4"):
        translator.translate(["👩" * 10_000])
    with pytest.raises(RequestError, match=r"^pair\[0\]: got 40,001 source subwords, need <= "):
        translator.align([("👩" * 10_000, "a dog " * 200)])


def test_nothing_is_logged(translator, caplog):
    with caplog.at_level(logging.DEBUG):
        one(translator, "a secret")
    assert "secret" not in caplog.text


def test_int8_is_the_graph_beside_it(toy_bundle):
    assert one(Translator(str(toy_bundle), precision="int8"), "a dog").text == "a dog"


def test_a_precision_that_is_none(toy_bundle):
    with pytest.raises(ParamsError, match=r"^precision: got 'fp16', need one of float32, int8$"):
        Translator(toy_bundle, precision="fp16")


def test_an_altered_bundle_is_refused(toy_bundle, tmp_path):
    copy = shutil.copytree(toy_bundle, tmp_path / "bundle")
    (copy / "tokenizer.json").write_text("{}")
    with pytest.raises(BundleError, match="altered since it was written"):
        Translator(copy)


def test_inference_loads_nothing_of_training():
    rooms = ["inference.translator", "inference.request", "bundle", "alignment.links", "data.tokenizer"]
    imports = "; ".join(f"import enface.{room}" for room in rooms)
    heavy = {"torch", "pytorch_lightning", "lightning", "mlflow", "dvc", "matplotlib", "datasets", "pandas"}
    code = f"{imports}; import sys; print(*({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == ""
