"""The corpus as a whole: determinism, splits, links, lengths, vocabulary."""

import hashlib
import os
import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from random import Random

import pytest

from enface.alignment.words import split_words
from enface.data.grammar import generate as module
from enface.data.grammar.derivation.derive import derive
from enface.data.grammar.generate import GrammarPair, generate, pair_of
from enface.data.grammar.tree import Clause, Sentence
from enface.errors import DataError, ParamsError

SIZES = {"train": 4000, "validation": 200, "test": 200}
ROYALS = "king queen prince princess man woman boy girl father mother brother sister uncle aunt"


@pytest.fixture(scope="module")
def german():
    return list(generate(target_language="de", seed=1, sizes=SIZES))


@pytest.fixture(scope="module")
def french():
    return list(generate(target_language="fr", seed=1, sizes=SIZES))


def test_splits_come_in_order_and_in_full(german):
    assert Counter(split for split, _ in german) == SIZES
    assert [split for split, _ in german] == sorted((split for split, _ in german), key=list(SIZES).index)


def test_no_source_sentence_comes_twice_in_any_split(german):
    assert len({pair.source for _, pair in german}) == len(german)


def test_german_and_french_have_the_same_english_sentences(german, french):
    assert [pair.source for _, pair in german] == [pair.source for _, pair in french]


def test_the_splits_are_alike(german):
    lengths = {name: [len(pair.source.split()) for split, pair in german if split == name] for name in SIZES}
    means = {name: sum(values) / len(values) for name, values in lengths.items()}
    assert max(means.values()) - min(means.values()) < 2


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed():
    script = (
        "import hashlib\nfrom enface.data.grammar.generate import generate\n"
        "h = hashlib.sha256()\n"
        "for split, p in generate(target_language='de', seed=7, sizes={'train': 300, 'test': 30}):\n"
        "    h.update(repr((split, p.source, p.target, p.links)).encode())\n"
        "print(h.hexdigest())"
    )
    runs = [
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    here = hashlib.sha256()
    for split, pair in generate(target_language="de", seed=7, sizes={"train": 300, "test": 30}):
        here.update(repr((split, pair.source, pair.target, pair.links)).encode())
    assert runs == [here.hexdigest() + "\n"] * 2


def test_another_seed_gives_another_corpus(german):
    other = list(generate(target_language="de", seed=2, sizes={"train": 50}))
    assert [pair for _, pair in other] != [pair for _, pair in german[:50]]


@pytest.mark.parametrize("language", ["german", "french"])
def test_links_are_in_range_and_hardly_a_target_word_is_without(language, request):
    unlinked = 0
    total = 0
    for _, pair in request.getfixturevalue(language):
        source, target = split_words(pair.source), split_words(pair.target)
        links = [re.fullmatch(r"(\d+)[-?](\d+)", link).groups() for link in pair.links.split()]
        assert len({(i, j) for i, j in links}) == len(links)
        assert all(int(i) < len(source) and int(j) < len(target) for i, j in links)
        total += len(target)
        unlinked += len(target) - len({j for _, j in links})
    assert unlinked / total < 0.005


@pytest.mark.parametrize("language", ["german", "french"])
def test_sentences_are_written_as_sentences(language, request):
    mark = r"[.?]" if language == "german" else r"(\.| \?)"
    for _, pair in request.getfixturevalue(language):
        assert re.fullmatch(r"[A-Z][^.?]*[.?]", pair.source)
        assert re.fullmatch(r"\w[^.?]*\w" + mark, pair.target)
        assert pair.target[0].isupper()
        for text in (pair.source, pair.target):
            assert "  " not in text
            assert " ," not in text
            assert ",," not in text
            doubled = {first for first, second in pairwise(text.split()) if first == second}
            assert doubled <= {"die", "der", "das"}, text  # die Frau, die die Katze füttert


def test_lengths_run_from_three_words_to_forty():
    lengths = sorted(len(pair.source.split()) for _, pair in generate(target_language="de", seed=3, sizes={"a": 3000}))
    assert lengths[0] == 3
    assert 33 <= lengths[-1] <= 40
    assert 10 <= lengths[len(lengths) // 2] <= 13


def test_several_hundred_words_a_side_and_few_of_them_rare(german, french):
    texts = {
        "en": [pair.source for _, pair in german],
        "de": [pair.target for _, pair in german],
        "fr": [pair.target for _, pair in french],
    }
    for language, sentences in texts.items():
        counts = Counter(word.lower() for text in sentences for word in split_words(text))
        assert 700 < len(counts) < 1200, language
        rare = sum(count for count in counts.values() if count < 3)
        assert rare / counts.total() < 0.005, language


@pytest.mark.parametrize("role", ROYALS.split())
def test_every_royal_role_is_frequent(german, role):
    assert sum(role in split_words(pair.source.lower()) for _, pair in german) > 0.01 * len(german)


def test_the_same_source_always_has_the_same_target():
    first: dict[str, Sentence] = {}
    repeated = 0
    for number in range(20_000):
        sentence = derive(Random(number))
        words = module._LINEARISE["en"](sentence)
        text = " ".join(word.text for word in words)
        if text in first:
            repeated += 1
            for language in ("de", "fr"):
                expected = pair_of(first[text], target_language=language)
                assert pair_of(sentence, target_language=language) == expected
        first.setdefault(text, sentence)
    assert repeated > 100


@pytest.mark.parametrize("language", ["de", "fr"])
def test_the_other_direction_swaps_text_and_links(language):
    pairs = [pair for _, pair in generate(source_language=language, target_language="en", seed=1, sizes={"train": 300})]
    assert len({pair.source for pair in pairs}) == 300
    forward = {pair.target: pair for _, pair in generate(target_language=language, seed=1, sizes={"train": 300})}
    for pair in pairs:
        if (known := forward.get(pair.source)) is not None and known.source == pair.target:
            swapped = {re.sub(r"(\d+)([-?])(\d+)", r"\3\2\1", link) for link in known.links.split()}
            assert swapped == set(pair.links.split())


@pytest.mark.parametrize(("source", "target"), [("en", "cs"), ("de", "fr"), ("en", "en"), ("fr", "de")])
def test_other_languages_are_refused(source, target):
    expected = f"built-in corpus: got {source} to {target}, but it has en to de, en to fr and back; choose one of these"
    with pytest.raises(ParamsError, match=expected):
        next(generate(source_language=source, target_language=target, seed=1, sizes={"train": 1}))


def test_a_negative_size_is_refused():
    with pytest.raises(ParamsError, match="built-in corpus, split test: got -1 pairs, need >= 0"):
        next(generate(target_language="de", seed=1, sizes={"test": -1}))


def test_empty_splits_stay_empty():
    assert list(generate(target_language="de", seed=1, sizes={"train": 0})) == []
    found = list(generate(target_language="de", seed=1, sizes={"train": 0, "test": 2}))
    assert [split for split, _ in found] == ["test", "test"]


def test_asking_for_more_sentences_than_there_are_is_an_error(monkeypatch):
    only = derive(Random(5))
    monkeypatch.setattr(module, "derive", lambda random: only)
    monkeypatch.setattr(module, "MAX_REPEATS", 50)
    pairs = generate(target_language="de", seed=1, sizes={"train": 2})
    assert isinstance(next(pairs)[1], GrammarPair)
    expected = (
        "built-in corpus, split train: 1 different sentences found and no new one in 50 draws, but 2 pairs are asked"
    )
    with pytest.raises(DataError, match=expected):
        next(pairs)


def test_derivations_differ_in_kind():
    sentences = [derive(Random(number)) for number in range(300)]
    assert {sentence.question for sentence in sentences} == {True, False}
    assert any(isinstance(sentence.second, Clause) for sentence in sentences)
