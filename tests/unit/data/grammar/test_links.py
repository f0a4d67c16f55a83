"""Gold links worked out by hand, shown as the words themselves ("is?liest reading-liest"), in order."""

import re

import pytest

from enface.alignment.words import split_words
from enface.data.grammar.tree import Role, Tense


def links(make, clause, language, **sentence):
    """Each linked pair of words, separated by spaces."""
    source, target, line = make.say(clause, language, **sentence)
    english, other = split_words(source), split_words(target)
    found = [re.fullmatch(r"(\d+)([-?])(\d+)", link).groups() for link in line.split()]
    return " ".join(f"{english[int(i)]}{mark}{other[int(j)]}" for i, mark, j in found)


def test_a_contraction_is_preposition_and_article(make):
    park = make.clause("play", make.noun("boy"), place=make.at("in", make.noun("park")))
    assert links(make, park, "de") == "The-Der boy-Junge is?spielt playing-spielt in-im the-im park-Park .-."
    lake = make.clause("play", make.noun("boy"), place=make.at("by", make.noun("lake")))
    assert links(make, lake, "fr").endswith("by?au by-bord by?du the-du lake-lac .-.")


def test_a_compound_is_all_its_parts(make):
    clause = make.clause("stand", make.noun("man"), place=make.at("at/an/à", make.noun("bus stop")))
    assert links(make, clause, "de").endswith("at-an the-der bus-Bushaltestelle stop-Bushaltestelle .-.")
    assert links(make, clause, "fr").endswith("at-à the-l'arrêt bus?de bus-bus stop-l'arrêt stop?de .-.")
    wait = make.clause("wait_for", make.noun("man"), direct_object=make.noun("hot air balloon", "a"))
    assert links(make, wait, "de").endswith("hot-Heißluftballon air-Heißluftballon balloon-Heißluftballon .-.")


def test_a_french_compound_links_part_by_part(make):
    clause = make.clause("wait_for", make.noun("man"), direct_object=make.noun("apple juice bottle", "the"))
    assert links(make, clause, "fr") == (
        "The-L'homme man-L'homme is?attend waiting-attend for?attend the-la apple?de apple?de apple-pomme "
        "juice?de juice-jus juice?de bottle-bouteille bottle?de bottle?de .-."
    )


def test_a_separable_verb_is_linked_with_stem_and_prefix(make):
    clause = make.clause("put_on", make.noun("man"), direct_object=make.noun("coat", "his"))
    assert links(make, clause, "de") == (
        "The-Der man-Mann is?zieht putting-zieht putting-an on-zieht on-an his-seinen coat-Mantel .-."
    )


def test_the_perfect_links_auxiliary_and_participle(make):
    apple = make.noun("apple", "the")
    perfect = make.clause("eat", make.noun("girl"), Tense.PERFECT, direct_object=apple)
    assert links(make, perfect, "de") == "The-Das girl-Mädchen has-hat eaten-gegessen the-den apple-Apfel .-."
    past = make.clause("eat", make.noun("girl"), Tense.PAST, direct_object=apple)
    assert links(make, past, "fr") == "The-La girl-fille ate?a ate-mangé the-la apple-pomme .-."


def test_not_is_sure_of_pas_and_only_possibly_ne_and_do_only_possibly_the_verb(make):
    clause = make.clause("sing", make.noun("king"), Tense.SIMPLE, negative=True)
    assert links(make, clause, "fr") == "The-Le king-roi does?chante not?ne not-pas sing-chante .-."
    assert links(make, clause, "de") == "The-Der king-König does?singt not-nicht sing-singt .-."


def test_kein_is_both_not_and_the_article(make):
    clause = make.clause("eat", make.noun("king"), direct_object=make.noun("apple", "a"), negative=True)
    assert links(make, clause, "de") == "The-Der king-König is?isst not-keinen eating-isst an-keinen apple-Apfel .-."


def test_inserted_commas_belong_possibly_to_what_opens_the_clause(make):
    man = make.noun("man")
    wears = make.clause("know", man, Tense.SIMPLE, direct_object=make.noun("queen"))
    clause = make.clause("laugh", make.related(man, Role.SUBJECT, wears))
    assert links(make, clause, "de") == (
        "The-Der man-Mann who?, who-der who?, knows-kennt the-die queen-Königin is?lacht laughing-lacht .-."
    )
    tail = make.sub("because", make.clause("laugh", make.noun("king")))
    assert "because?," in links(make, make.clause("sing", make.noun("girl"), tail=tail), "de")


@pytest.mark.parametrize(("language", "link"), [("de", "Today-Heute"), ("fr", "Today-Aujourd'hui")])
def test_a_comma_that_only_french_sets_is_possible(make, language, link):
    found = links(make, make.clause("sing", make.noun("girl"), front=make.adverb("today")), language)
    assert found.startswith(link)
    assert ("Today?," in found) == (language == "fr")


def test_inserted_articles_are_possible_with_their_noun(make):
    milk = make.clause("drink", make.noun("girl"), direct_object=make.noun("milk", "a"))
    assert links(make, milk, "fr") == "The-La girl-fille is?boit drinking-boit milk?du milk-lait .-."
    cup = make.noun("cup", "a", content=make.noun("tea", "none"))
    tea = make.clause("drink", make.noun("girl"), direct_object=cup)
    assert links(make, tea, "de").endswith("a-eine cup-Tasse of?Tee tea-Tee .-.")
    assert links(make, tea, "fr").endswith("a-une cup-tasse of-de tea-thé .-.")
