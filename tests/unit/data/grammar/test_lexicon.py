"""The tables say nothing that is never used, and every row parses to what it means."""

import pytest

from enface.data.grammar.derivation.choices import kinds, objects_of, places_of, places_with, verbs_of
from enface.data.grammar.lexicon.parse_nouns import english_plural, french_forms, french_plural, parse_noun
from enface.data.grammar.lexicon.parse_verbs import english_verb, french_verb, german_verb
from enface.data.grammar.lexicon.tables import lexicon, parse_adjective

_NO_PLACE = {"near", "shade", "lakes"}  # tags that `actions` knows by name


def test_every_verb_has_somebody_to_do_it_and_something_to_do_it_to():
    for kind in ("plain", "giving", "placing"):
        for verb in kinds()[kind]:
            assert any(verb.subjects & noun.tags for noun in lexicon().nouns.values()), verb.english
            assert not verb.objects or objects_of(verb), verb.english
            for tag in places_of(verb).items:
                assert tag in _NO_PLACE or places_with(tag), (verb.english, tag)


def test_every_adjective_fits_something():
    tags = {tag for noun in lexicon().nouns.values() for tag in noun.tags}
    for adjective in lexicon().adjectives:
        assert adjective.tags <= tags, (adjective.english, adjective.tags - tags)


def test_every_place_has_a_preposition_that_exists():
    for noun in lexicon().nouns.values():
        assert not noun.place or noun.place in lexicon().prepositions, noun.english


def test_people_have_something_to_say_give_put_and_sit_on():
    king = lexicon().nouns["king"]
    assert all(verbs_of(king, kind) for kind in ("plain", "giving", "placing", "calm", "state", "trait", "event"))


@pytest.mark.parametrize(
    ("word", "plural"),
    [("bus", "buses"), ("story", "stories"), ("boy", "boys"), ("potato", "potatoes"), ("bench", "benches")],
)
def test_english_plurals(word, plural):
    assert english_plural(word) == plural


@pytest.mark.parametrize(
    ("word", "plural"), [("cheval", "chevaux"), ("gâteau", "gâteaux"), ("bus", "bus"), ("robe", "robes")]
)
def test_french_plurals(word, plural):
    assert french_plural(word) == plural


def test_french_compounds_put_their_head_in_the_plural():
    singular, plural = french_forms("arrêt/arrêts:1 de? bus:0", 2)
    assert [piece[0] for piece in singular] == ["arrêt", "de", "bus"]
    assert plural[0] == ("arrêts", (1,), ())


def test_a_row_of_nouns():
    noun = parse_noun("boy", "m Junge Jungen weak", "m garçon", "person child sex=m x13")
    assert (noun.english, noun.german, noun.german_oblique) == (("boy", "boys"), ("Junge", "Jungen"), "Jungen")
    assert (noun.sex, noun.weight, noun.tags) == ("m", 13.0, frozenset({"person", "child", "boy"}))


def test_a_row_of_adjectives():
    adjective = parse_adjective("old", "alt", "+vieux,vieille~vieil", "person pred x3")
    assert adjective.french == ("vieux", "vieille", "vieux", "vieilles")
    assert (adjective.french_before_vowel, adjective.before_noun, adjective.predicate) == ("vieil", True, True)
    assert parse_adjective("expensive", "teuer/teur", "cher,chère", "car").german == "teur"


def test_regular_verbs_are_conjugated():
    assert english_verb("carry").past == "carried"
    assert english_verb("dance").progressive == "dancing"
    assert english_verb("look_for looked looked /for").preposition == "for"
    assert german_verb("arbeiten").finite == ("arbeitet", "arbeiten")
    assert german_verb("öffnen").participle == "geöffnet"
    assert german_verb("auf|wachen").participle == "aufgewacht"
    assert french_verb("chanter").finite == ("chante", "chantent")
    assert french_verb("chanter").participle == "chanté"
    assert french_verb("se lever lève lèvent levé").auxiliary == "être"
