import pytest

from enface.data.grammar.languages.french_morphology import adjective, begins_with_vowel, determiner, joined, participle
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.words import Word


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("le homme", "l'homme"),
        ("la écharpe", "l'écharpe"),
        ("de le homme", "de l'homme"),
        ("de le roi", "du roi"),
        ("de les roses", "des roses"),
        ("à le marché", "au marché"),
        ("à les échecs", "aux échecs"),
        ("à la reine", "à la reine"),
        ("parce que il", "parce qu'il"),
        ("si il", "s'il"),
        ("si elle", "si elle"),
        ("ne est pas", "n'est pas"),
        ("se endort", "s'endort"),
        ("de des pommes", "de pommes"),
        ("de de la limonade", "de la limonade"),
        ("la haute tour", "la haute tour"),
        ("que Emma", "qu'Emma"),
    ],
)
def test_words_that_meet_elide_or_contract(words, text):
    assert " ".join(word.text for word in joined([Word(word) for word in words.split()])) == text


def test_a_joined_word_keeps_the_anchors_of_both():
    assert joined([Word("de", (1,)), Word("le", (2,), (3,)), Word("homme", (4,))]) == [
        Word("de", (1,)),
        Word("l'homme", (2, 4), (3,)),
    ]


def test_a_mute_h_begins_with_a_vowel_and_an_aspirated_one_does_not():
    assert begins_with_vowel("hôpital")
    assert not begins_with_vowel("haut")


def test_adjectives_agree_and_some_change_before_a_vowel():
    entries = {entry.english: entry for entry in lexicon().adjectives}
    assert adjective(entries["white"], feminine=True, plural=True) == "blanches"
    assert adjective(entries["beautiful"], feminine=False, plural=True) == "beaux"
    assert adjective(entries["old"], feminine=False, plural=False, following="homme") == "vieil"
    assert adjective(entries["old"], feminine=False, plural=False, following="roi") == "vieux"
    assert adjective(entries["new"], feminine=False, plural=False, following="uniforme") == "nouvel"


def test_determiners_agree_and_avoid_the_hiatus():
    assert determiner("son", feminine=True, plural=False, following="écharpe") == "son"
    assert determiner("son", feminine=True, plural=False, following="robe") == "sa"
    assert determiner("ce", feminine=False, plural=False, following="homme") == "cet"
    assert determiner("ce", feminine=False, plural=True, following="hommes") == "ces"
    assert determiner("leur", feminine=True, plural=True, following="robes") == "leurs"
    assert determiner("deux", feminine=True, plural=True, following="robes") == "deux"


def test_participles_agree():
    assert participle("arrivé", feminine=True, plural=True) == "arrivées"
    assert participle("assis", feminine=False, plural=True) == "assis"
    assert participle("debout", feminine=True, plural=True) == "debout"
