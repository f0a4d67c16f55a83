import pytest

from enface.data.grammar.languages.german_morphology import (
    adjective,
    contraction,
    determiner,
    noun_form,
    relative_pronoun,
)
from enface.data.grammar.lexicon.tables import lexicon

CASES = ("nominative", "accusative", "dative", "genitive")


@pytest.mark.parametrize(
    ("declension", "case", "forms"),
    [
        ("der", "nominative", "der die das die"),
        ("der", "accusative", "den die das die"),
        ("der", "dative", "dem der dem den"),
        ("der", "genitive", "des der des der"),
        ("dieser", "nominative", "dieser diese dieses diese"),
        ("dieser", "dative", "diesem dieser diesem diesen"),
        ("kein", "nominative", "kein keine kein keine"),
        ("kein", "accusative", "keinen keine kein keine"),
        ("ihr", "dative", "ihrem ihrer ihrem ihren"),
        ("sein", "genitive", "seines seiner seines seiner"),
    ],
)
def test_determiners_decline(declension, case, forms):
    assert " ".join(determiner(declension, column, case) for column in "mfnp") == forms


def test_ein_has_no_plural_and_numbers_do_not_decline():
    assert determiner("ein", "p", "dative") == ""
    assert [determiner("zwei", "p", case) for case in CASES] == ["zwei"] * 4
    assert [determiner("viele", "p", case) for case in CASES[:3]] == ["viele", "viele", "vielen"]


@pytest.mark.parametrize(
    ("endings", "case", "forms"),
    [
        ("weak", "nominative", "rote rote rote roten"),
        ("weak", "accusative", "roten rote rote roten"),
        ("weak", "dative", "roten roten roten roten"),
        ("mixed", "nominative", "roter rote rotes roten"),
        ("mixed", "accusative", "roten rote rotes roten"),
        ("mixed", "dative", "roten roten roten roten"),
        ("strong", "nominative", "roter rote rotes rote"),
        ("strong", "accusative", "roten rote rotes rote"),
        ("strong", "dative", "rotem roter rotem roten"),
    ],
)
def test_adjectives_take_weak_mixed_or_strong_endings(endings, case, forms):
    assert " ".join(adjective("rot", endings, column, case) for column in "mfnp") == forms


def test_nouns_of_the_n_declension_change_in_every_case_but_the_first():
    boy = lexicon().nouns["boy"]
    assert [noun_form(boy, False, case) for case in CASES] == ["Junge", "Jungen", "Jungen", "Jungen"]
    assert noun_form(lexicon().nouns["prince"], False, "dative") == "Prinzen"


@pytest.mark.parametrize(
    ("noun", "form"),
    [("child", "Kindern"), ("car", "Autos"), ("woman", "Frauen"), ("daughter", "Töchtern"), ("teacher", "Lehrern")],
)
def test_the_dative_plural_ends_in_n_unless_it_cannot(noun, form):
    assert noun_form(lexicon().nouns[noun], True, "dative") == form


@pytest.mark.parametrize(
    ("noun", "form"),
    [("king", "Königs"), ("man", "Mannes"), ("queen", "Königin"), ("prince", "Prinzen"), ("guest", "Gastes")],
)
def test_the_genitive_singular(noun, form):
    assert noun_form(lexicon().nouns[noun], False, "genitive") == form


def test_relative_pronouns_are_articles_but_for_denen_dessen_and_deren():
    assert [relative_pronoun("m", case) for case in CASES] == ["der", "den", "dem", "dessen"]
    assert [relative_pronoun("f", case) for case in CASES] == ["die", "die", "der", "deren"]
    assert [relative_pronoun("p", case) for case in CASES] == ["die", "die", "denen", "deren"]


def test_prepositions_contract_with_the_article():
    pairs = {("in", "dem"): "im", ("in", "das"): "ins", ("an", "dem"): "am", ("zu", "der"): "zur", ("zu", "dem"): "zum"}
    assert {key: contraction(*key) for key in pairs} == pairs
    assert contraction("in", "der") is None
    assert contraction("auf", "das") is None
