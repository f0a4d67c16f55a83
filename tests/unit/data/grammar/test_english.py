import pytest

from enface.data.grammar.tree import Tense


def english(make, clause, **sentence):
    return make.say(clause, "de", **sentence)[0]


@pytest.mark.parametrize(
    ("noun", "adjectives", "text"),
    [
        ("apple", (), "an apple"),
        ("apple", ("red",), "a red apple"),
        ("uniform", (), "a uniform"),
        ("hat", ("old",), "an old hat"),
    ],
)
def test_a_is_an_before_a_vowel_sound(make, noun, adjectives, text):
    clause = make.clause("see", make.noun("king"), Tense.SIMPLE, direct_object=make.noun(noun, "a", *adjectives))
    assert english(make, clause) == f"The king sees {text}."


@pytest.mark.parametrize(
    ("tense", "negative", "text"),
    [
        (Tense.SIMPLE, False, "The boys sing."),
        (Tense.SIMPLE, True, "The boys do not sing."),
        (Tense.PROGRESSIVE, True, "The boys are not singing."),
        (Tense.PERFECT, False, "The boys have sung."),
        (Tense.PAST, False, "The boys sang."),
        (Tense.PAST, True, "The boys did not sing."),
        (Tense.WILL, True, "The boys will not sing."),
        (Tense.CAN, True, "The boys cannot sing."),
        (Tense.WANT, False, "The boys want to sing."),
        (Tense.WANT, True, "The boys do not want to sing."),
    ],
)
def test_auxiliaries(make, tense, negative, text):
    assert english(make, make.clause("sing", make.noun("boy", plural=True), tense, negative=negative)) == text


@pytest.mark.parametrize(
    ("tense", "text"),
    [
        (Tense.SIMPLE, "Does the girl sing?"),
        (Tense.PROGRESSIVE, "Is the girl singing?"),
        (Tense.PERFECT, "Has the girl sung?"),
        (Tense.WANT, "Does the girl want to sing?"),
        (Tense.PAST, "Did the girl sing?"),
    ],
)
def test_questions_invert(make, tense, text):
    assert english(make, make.clause("sing", make.noun("girl"), tense), question=True) == text


def test_only_longer_openings_take_a_comma(make):
    assert (
        english(make, make.clause("sing", make.noun("girl"), front=make.adverb("today")))
        == "Today the girl is singing."
    )
    assert english(make, make.clause("sing", make.noun("girl"), Tense.SIMPLE, front=make.adverb("every day"))) == (
        "Every day, the girl sings."
    )


def test_two_clauses_are_joined_by_a_comma(make):
    first, second = make.clause("sing", make.noun("girl")), make.clause("sleep", make.noun("boy"))
    said = {language: make.say(first, language, second=second, conjunction="but") for language in ("de", "fr")}
    assert said["de"][0] == "The girl is singing, but the boy is sleeping."
    assert said["de"][1] == "Das Mädchen singt, aber der Junge schläft."
    assert said["fr"][1] == "La fille chante, mais le garçon dort."
    assert make.say(first, "de", second=second, conjunction="and")[1] == "Das Mädchen singt und der Junge schläft."
