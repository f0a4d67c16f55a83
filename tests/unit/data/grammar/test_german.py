"""German sentences worked out by hand, one phenomenon each."""

import pytest

from enface.data.grammar.tree import Role, Tense


def german(make, clause, **sentence):
    return make.say(clause, "de", **sentence)[1]


@pytest.mark.parametrize(
    ("determiner", "plural", "text"),
    [
        ("the", False, "Der alte König liebt den kleinen Hund."),
        ("a", False, "Der alte König liebt einen kleinen Hund."),
        ("his", False, "Der alte König liebt seinen kleinen Hund."),
        ("this", False, "Der alte König liebt diesen kleinen Hund."),
        ("the", True, "Der alte König liebt die kleinen Hunde."),
        ("a", True, "Der alte König liebt kleine Hunde."),
        ("two", True, "Der alte König liebt zwei kleine Hunde."),
        ("his", True, "Der alte König liebt seine kleinen Hunde."),
        ("many", True, "Der alte König liebt viele kleine Hunde."),
    ],
)
def test_adjective_endings_follow_the_determiner(make, determiner, plural, text):
    dog = make.noun("dog", determiner, "small", plural=plural)
    clause = make.clause("love", make.noun("king", "the", "old"), Tense.SIMPLE, direct_object=dog)
    assert german(make, clause) == text


def test_mass_nouns_take_strong_endings(make):
    clause = make.clause("drink", make.noun("queen"), direct_object=make.noun("water", "a", "cold"))
    assert german(make, clause) == "Die Königin trinkt kaltes Wasser."


@pytest.mark.parametrize(
    ("place", "noun", "text"),
    [
        ("in", "park", "im Park"),
        ("in", "kitchen", "in der Küche"),
        ("at/an/à", "window", "am Fenster"),
        ("on/auf/sur", "bench", "auf der Bank"),
        ("on/an/sur", "beach", "am Strand"),
        ("front", "house", "vor dem Haus"),
    ],
)
def test_places_take_the_dative_and_contract(make, place, noun, text):
    clause = make.clause("play", make.noun("boy"), place=make.at(place, make.noun(noun)))
    assert german(make, clause) == f"Der Junge spielt {text}."


@pytest.mark.parametrize(
    ("verb", "noun", "text"),
    [
        ("go_into", "house", "ins Haus"),
        ("go_into", "garden", "in den Garten"),
        ("go_into", "kitchen", "in die Küche"),
        ("go_to", "market", "zum Markt"),
        ("go_to", "school", "zur Schule"),
    ],
)
def test_motion_takes_the_accusative_and_zu_the_dative(make, verb, noun, text):
    clause = make.clause(verb, make.noun("woman"), direct_object=make.noun(noun))
    assert german(make, clause) == f"Die Frau geht {text}."


def test_in_dem_stays_two_words_before_a_relative_clause(make):
    visited = make.related(make.noun("park"), Role.OBJECT, make.clause("visit", make.noun("girl")))
    clause = make.clause("play", make.noun("boy"), place=make.at("in", visited))
    assert german(make, clause) == "Der Junge spielt in dem Park, den das Mädchen besucht."


def test_a_separable_verb_leaves_its_prefix_at_the_end(make):
    coat = make.noun("coat", "his", "red")
    assert (
        german(make, make.clause("put_on", make.noun("man"), direct_object=coat))
        == "Der Mann zieht seinen roten Mantel an."
    )


def test_a_separable_verb_is_one_word_in_a_subordinate_clause_and_as_infinitive(make):
    he = make.pronoun("he", "er", "il")
    tail = make.sub("because", make.clause("get_up", he))
    clause = make.clause("put_on", make.noun("man"), Tense.WILL, direct_object=make.noun("coat"), tail=tail)
    assert german(make, clause) == "Der Mann wird den Mantel anziehen, weil er aufsteht."


@pytest.mark.parametrize(
    ("verb", "tense", "text"),
    [
        ("eat", Tense.PERFECT, "Das Mädchen hat den Apfel gegessen."),
        ("eat", Tense.PAST, "Das Mädchen hat den Apfel gegessen."),
        ("eat", Tense.CAN, "Das Mädchen kann den Apfel essen."),
        ("eat", Tense.WANT, "Das Mädchen will den Apfel essen."),
        ("pick_up", Tense.PERFECT, "Das Mädchen hat den Apfel aufgehoben."),
        ("climb", Tense.PERFECT, "Das Mädchen ist auf den Apfel geklettert."),
    ],
)
def test_participle_and_infinitive_close_the_bracket(make, verb, tense, text):
    assert german(make, make.clause(verb, make.noun("girl"), tense, direct_object=make.noun("apple"))) == text


@pytest.mark.parametrize("conjunction", ["because", "that", "when", "while", "whether"])
def test_subordinate_clauses_are_verb_final(make, conjunction):
    inner = make.clause("read", make.noun("boy"), Tense.PERFECT, direct_object=make.noun("book", "a"))
    text = german(make, make.clause("say", make.noun("king"), Tense.SIMPLE, tail=make.sub(conjunction, inner)))
    assert text.endswith(" der Junge ein Buch gelesen hat.")
    assert text.startswith("Der König sagt, ")


def test_the_verb_stays_second_after_an_adverb_a_place_and_a_clause(make):
    newspaper = make.noun("newspaper", "a")
    today = make.clause("read", make.noun("man"), direct_object=newspaper, front=make.adverb("today"))
    assert german(make, today) == "Heute liest der Mann eine Zeitung."
    park = make.at("in", make.noun("park"))
    assert (
        german(make, make.clause("play", make.noun("boy", "two", plural=True), front=park))
        == "Im Park spielen zwei Jungen."
    )
    rain = make.sub("when", make.clause("rain", make.pronoun("it", "es", "il"), Tense.SIMPLE))
    assert german(make, make.clause("sleep", make.noun("cat"), front=rain)) == "Wenn es regnet, schläft die Katze."


@pytest.mark.parametrize(
    ("noun", "role", "text"),
    [
        ("man", Role.SUBJECT, "Der Mann, der die Königin kennt, lacht."),
        ("woman", Role.SUBJECT, "Die Frau, die die Königin kennt, lacht."),
        ("girl", Role.SUBJECT, "Das Mädchen, das die Königin kennt, lacht."),
    ],
)
def test_the_relative_pronoun_agrees_with_its_noun(make, noun, role, text):
    person = make.noun(noun)
    knows = make.clause("know", person, Tense.SIMPLE, direct_object=make.noun("queen"))
    assert german(make, make.clause("laugh", make.related(person, role, knows))) == text


def test_the_case_of_the_relative_pronoun_is_that_of_its_clause(make):
    def laughs(role, verb, **parts):
        inner = make.clause(verb, make.noun("queen"), Tense.SIMPLE, **parts)
        return german(make, make.clause("laugh", make.related(make.noun("man"), role, inner)))

    assert laughs(Role.OBJECT, "see") == "Der Mann, den die Königin sieht, lacht."
    assert laughs(Role.OBJECT, "help") == "Der Mann, dem die Königin hilft, lacht."
    assert laughs(Role.WITH, "talk_with") == "Der Mann, mit dem die Königin spricht, lacht."


def test_whose_is_dessen_or_deren(make):
    bark = make.clause("bark", make.noun("dog", "whose"))
    assert german(make, make.clause("laugh", make.related(make.noun("king"), Role.OWNER, bark))) == (
        "Der König, dessen Hund bellt, lacht."
    )


def test_giving_puts_the_dative_first(make):
    clause = make.clause(
        "give", make.noun("queen"), direct_object=make.noun("book", "a"), recipient=make.noun("child", plural=True)
    )
    source, target, _ = make.say(clause, "de")
    assert source == "The queen is giving a book to the children."
    assert target == "Die Königin gibt den Kindern ein Buch."


def test_negation_is_kein_or_nicht(make):
    def eats(determiner, **parts):
        apple = make.noun("apple", determiner)
        return german(make, make.clause("eat", make.noun("king"), direct_object=apple, negative=True, **parts))

    assert eats("a") == "Der König isst keinen Apfel."
    assert eats("the") == "Der König isst den Apfel nicht."
    assert eats("a", tense=Tense.PERFECT) == "Der König hat keinen Apfel gegessen."
    wait = make.clause("wait_for", make.noun("king"), direct_object=make.noun("bus", "a"), negative=True)
    assert german(make, wait) == "Der König wartet nicht auf einen Bus."


def test_reflexive_verbs_keep_sich_by_the_verb_or_the_subject(make):
    today = make.adverb("today")
    assert german(make, make.clause("rest", make.noun("cat"), front=today)) == "Heute ruht sich die Katze aus."
    tail = make.sub("because", make.clause("rest", make.noun("cat")))
    assert (
        german(make, make.clause("laugh", make.noun("king"), tail=tail))
        == "Der König lacht, weil die Katze sich ausruht."
    )


def test_purpose_is_um_zu(make):
    buy = make.clause("buy", make.noun("man"), Tense.WANT, direct_object=make.noun("apple", "a", plural=True))
    buy.subject = None
    clause = make.clause("go_to", make.noun("man"), direct_object=make.noun("market"), purpose=buy)
    source, target, _ = make.say(clause, "de")
    assert source == "The man is going to the market to buy apples."
    assert target == "Der Mann geht zum Markt, um Äpfel zu kaufen."


def test_questions_begin_with_the_verb(make):
    clause = make.clause(
        "take_off", make.noun("boy"), Tense.SIMPLE, direct_object=make.noun("shoe", "his", plural=True)
    )
    source, target, _ = make.say(clause, "de", question=True)
    assert source == "Does the boy take off his shoes?"
    assert target == "Zieht der Junge seine Schuhe aus?"


def test_a_language_may_have_the_only_number_of_a_noun(make):
    trousers = make.noun("trousers", "a", "blue")
    source, target, _ = make.say(make.clause("wear", make.noun("man"), direct_object=trousers), "de")
    assert source == "The man is wearing blue trousers."
    assert target == "Der Mann trägt eine blaue Hose."


def test_the_genitive_says_whose(make):
    crown = make.noun("crown", "the", owner=make.noun("king"))
    assert german(make, make.clause("see", make.noun("queen"), Tense.SIMPLE, direct_object=crown)) == (
        "Die Königin sieht die Krone des Königs."
    )


def test_one_auxiliary_serves_two_participles(make):
    def did(second):
        also = make.clause(second, make.noun("king"), Tense.PAST)
        also.subject = None
        return german(make, make.clause("laugh", make.noun("king"), Tense.PAST, also=also))

    assert did("sing") == "Der König hat gelacht und gesungen."
    assert did("get_up") == "Der König hat gelacht und ist aufgestanden."
