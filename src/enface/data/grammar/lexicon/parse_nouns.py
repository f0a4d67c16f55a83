"""From a row of the table of nouns to a `Noun`: regular plurals, datives and genitives are made here."""

import re

from enface.data.grammar.lexicon.entries import Noun
from enface.data.grammar.words import Phrase, phrase


def english_plural(singular: str) -> str:
    """The regular plural: bus, buses; story, stories."""
    if singular.endswith(("s", "x", "ch", "sh")) or singular in ("potato",):
        return singular + "es"
    if singular.endswith("y") and singular[-2] not in "aeou":
        return singular[:-1] + "ies"
    return singular + "s"


def french_plural(singular: str) -> str:
    """The regular plural of a noun: cheval, chevaux; gâteau, gâteaux; bus, bus."""
    if singular.endswith(("s", "x", "z")):
        return singular
    if singular.endswith(("eau", "eu")):
        return singular + "x"
    return singular[:-2] + "aux" if singular.endswith("al") else singular + "s"


def french_forms(text: str, english_words: int) -> tuple[Phrase, Phrase]:
    """Singular and plural of "tasse:1 à? café:0": the first word takes the plural, given after "/" or regular."""
    head, _, rest = text.partition(" ")
    forms = re.sub(r"[:?].*", "", head)
    mark = head.removeprefix(forms)
    singular, _, plural = forms.partition("/")
    plural = plural or french_plural(singular)
    return phrase(f"{singular}{mark} {rest}", english_words), phrase(f"{plural}{mark} {rest}", english_words)


def parse_noun(english: str, german: str, french: str, tags: str) -> Noun:
    """One row of the table of nouns."""
    singular, _, plural = english.partition("/")
    gender, *forms = german.split()
    plain, settings, weight = read_tags(tags)
    german_singular, german_plural = forms[0], forms[1]
    marks = dict(mark.partition("=")[::2] for mark in forms[2:])
    french_gender, _, french_text = french.partition(" ")
    length = singular.count(" ") + 1
    return Noun(
        english=(singular, plural or english_plural(singular)),
        german_gender=gender,
        german=(german_singular, german_plural),
        german_oblique=(marks["weak"] or german_plural) if "weak" in marks else german_singular,
        german_genitive=_genitive(gender, german_singular, german_plural, marks),
        german_dative_plural=german_plural if german_plural[-1] in "ns" else german_plural + "n",
        french_gender=french_gender,
        french=french_forms(french_text, length),
        tags=frozenset({*plain, singular.replace(" ", "_")}),
        place=settings.get("at", ""),
        sex=settings.get("sex", ""),
        mass="mass" in plain,
        fixed_english=_number(settings, "en"),
        fixed_german=_number(settings, "de"),
        fixed_french=_number(settings, "fr"),
        weight=weight,
    )


def read_tags(tags: str) -> tuple[list[str], dict[str, str], float]:
    """The plain tags, the settings ("at=in") and the weight ("x3", else 1) of a row."""
    plain = [tag for tag in tags.split() if "=" not in tag]
    weights = [tag for tag in plain if tag[0] == "x" and tag[1:].isdigit()]
    settings = dict(tag.split("=") for tag in tags.split() if "=" in tag)
    return [tag for tag in plain if tag not in weights], settings, float(weights[0][1:]) if weights else 1.0


def _genitive(gender: str, singular: str, plural: str, marks: dict[str, str]) -> str:
    if "gen" in marks:
        return marks["gen"]
    if gender == "f":
        return singular
    if "weak" in marks:
        return marks["weak"] or plural
    return singular + ("es" if singular[-1] in "sßxz" else "s")


def _number(settings: dict[str, str], language: str) -> bool | None:
    return settings[language] == "p" if language in settings else None


def parse_name(name: str, sex: str) -> Noun:
    """The proper name of a person, the same in every language."""
    spelled = phrase(name, 1)
    return Noun(
        english=(name, name),
        german_gender=sex,
        german=(name, name),
        german_oblique=name,
        german_genitive=name + "s",
        german_dative_plural=name,
        french_gender=sex,
        french=(spelled, spelled),
        tags=frozenset({"person", "adult", "name"}),
        sex=sex,
        proper=True,
    )
