"""French sentences worked out by hand, one phenomenon each."""

import pytest

from enface.data.grammar.tree import Role, Tense


def french(make, clause, **sentence):
    return make.say(clause, "fr", **sentence)[1]


def test_adjectives_stand_before_or_after_the_noun(make):
    car = make.noun("car", "a", "small", "red")
    clause = make.clause("wash", make.noun("woman", "the", "young"), direct_object=car)
    assert make.say(clause, "fr")[:2] == (
        "The young woman is washing a small red car.",
        "La jeune femme lave une petite voiture rouge.",
    )


@pytest.mark.parametrize(
    ("noun", "determiner", "adjectives", "plural", "text"),
    [
        ("apple", "a", (), False, "une pomme"),
        ("apple", "a", (), True, "des pommes"),
        ("house", "a", ("old",), True, "de vieilles maisons"),
        ("apple", "many", (), True, "beaucoup de pommes"),
        ("coffee", "a", (), False, "du café"),
        ("milk", "a", (), False, "du lait"),
        ("lemonade", "a", (), False, "de la limonade"),
        ("water", "a", (), False, "de l'eau"),
        ("orange", "the", (), False, "l'orange"),
        ("sword", "her", (), False, "son épée"),
        ("tree", "this", (), False, "cet arbre"),
        ("tree", "this", ("beautiful",), False, "ce bel arbre"),
        ("coffee cup", "a", ("blue",), True, "des tasses à café bleues"),
    ],
)
def test_determiners(make, noun, determiner, adjectives, plural, text):
    thing = make.noun(noun, determiner, *adjectives, plural=plural)
    assert (
        french(make, make.clause("see", make.noun("queen"), Tense.SIMPLE, direct_object=thing))
        == f"La reine voit {text}."
    )


@pytest.mark.parametrize(
    ("noun", "determiner", "text"),
    [
        ("apple", "a", "Le roi ne mange pas de pomme."),
        ("orange", "a", "Le roi ne mange pas d'orange."),
        ("bread", "a", "Le roi ne mange pas de pain."),
        ("apple", "the", "Le roi ne mange pas la pomme."),
        ("apple", "his", "Le roi ne mange pas sa pomme."),
    ],
)
def test_negation_is_ne_pas_and_makes_articles_de(make, noun, determiner, text):
    thing = make.noun(noun, determiner)
    assert french(make, make.clause("eat", make.noun("king"), direct_object=thing, negative=True)) == text


def test_negation_surrounds_the_finite_verb(make):
    assert french(make, make.clause("rest", make.noun("cat"), negative=True)) == "Le chat ne se repose pas."
    perfect = make.clause("arrive", make.noun("queen"), Tense.PERFECT, negative=True)
    assert french(make, perfect) == "La reine n'est pas arrivée."
    never = make.clause("sing", make.noun("king"), Tense.SIMPLE, negative=True, frequency=make.adverb("never"))
    assert french(make, never) == "Le roi ne chante jamais."


@pytest.mark.parametrize(
    ("place", "noun", "text"),
    [
        ("at/auf/à", "market", "au marché"),
        ("at/in/à", "school", "à l'école"),
        ("by", "lake", "au bord du lac"),
        ("next", "church", "à côté de l'église"),
        ("in", "hospital", "dans l'hôpital"),
    ],
)
def test_prepositions_contract_and_elide(make, place, noun, text):
    clause = make.clause("work", make.noun("man"), place=make.at(place, make.noun(noun)))
    assert french(make, clause) == f"L'homme travaille {text}."


def test_elision_of_conjunctions(make):
    he = make.pronoun("he", "er", "il")
    tail = make.sub("because", make.clause("be", he, Tense.SIMPLE, predicate=make.adjective("tired")))
    assert french(make, make.clause("sleep", make.noun("boy"), tail=tail)) == "Le garçon dort parce qu'il est fatigué."
    tail = make.sub("if", make.clause("rain", make.pronoun("it", "es", "il"), Tense.SIMPLE))
    assert (
        french(make, make.clause("sleep", make.noun("boy"), Tense.WILL, tail=tail)) == "Le garçon va dormir s'il pleut."
    )


def test_participles_and_postures_agree_with_the_subject(make):
    women = make.noun("woman", "two", plural=True)
    sit = make.clause("sit", women, place=make.at("on/auf/sur", make.noun("bench")))
    assert french(make, sit) == "Deux femmes sont assises sur le banc."
    assert french(make, make.clause("get_up", make.noun("girl"), Tense.PERFECT)) == "La fille s'est levée."


@pytest.mark.parametrize(
    ("role", "verb", "text"),
    [
        (Role.OBJECT, "see", "L'homme que la reine voit rit."),
        (Role.WITH, "dance_with", "L'homme avec qui la reine danse rit."),
    ],
)
def test_relative_clauses(make, role, verb, text):
    inner = make.clause(verb, make.noun("queen"), Tense.SIMPLE)
    assert french(make, make.clause("laugh", make.related(make.noun("man"), role, inner))) == text


def test_who_and_whose(make):
    man = make.noun("man")
    wears = make.clause("wear", man, direct_object=make.noun("hat", "a", "red"))
    assert french(make, make.clause("laugh", make.related(man, Role.SUBJECT, wears))) == (
        "L'homme qui porte un chapeau rouge rit."
    )
    bark = make.clause("bark", make.noun("dog", "whose"))
    assert french(make, make.clause("laugh", make.related(man, Role.OWNER, bark))) == "L'homme dont le chien aboie rit."


def test_games_and_instruments(make):
    chess = make.clause("play_game", make.noun("boy", plural=True), direct_object=make.noun("game:chess", "none"))
    assert french(make, chess) == "Les garçons jouent aux échecs."
    violin = make.clause("play_instrument", make.noun("girl"), direct_object=make.noun("violin", "instrument"))
    assert make.say(violin, "fr")[1] == "La fille joue du violon."
    assert make.say(violin, "de")[1] == "Das Mädchen spielt Geige."


def test_clothes_and_hair_describe_without_an_article_or_with_the_definite_one(make):
    dressed = make.noun("woman", "a", modifier=make.at("clothes", make.noun("coat", "in_clothes", "red")))
    source, target, _ = make.say(make.clause("laugh", dressed), "fr")
    assert (source, target) == ("A woman in a red coat is laughing.", "Une femme en manteau rouge rit.")
    haired = make.noun("woman", "a", modifier=make.at("feature", make.noun("hair", "feature", "long")))
    assert make.say(make.clause("laugh", haired), "fr")[1] == "Une femme aux cheveux longs rit."
    assert make.say(make.clause("laugh", haired), "de")[1] == "Eine Frau mit langen Haaren lacht."


def test_there_is_and_questions(make):
    there = make.pronoun("there", "es", "il", silent_french="y")
    clause = make.clause(
        "be_there", there, Tense.SIMPLE, direct_object=make.noun("dog", "a"), front=make.at("in", make.noun("garden"))
    )
    assert make.say(clause, "fr")[:2] == ("In the garden, there is a dog.", "Dans le jardin, il y a un chien.")
    assert make.say(clause, "de")[1] == "Im Garten gibt es einen Hund."
    question = make.clause("sing", make.noun("uncle"), Tense.CAN)
    assert french(make, question, question=True) == "Est-ce que l'oncle peut chanter ?"
