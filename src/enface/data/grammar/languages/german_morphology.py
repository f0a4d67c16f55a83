"""German declension: articles, adjective endings, nouns, relative pronouns, contractions. No trees here."""

from typing import Literal

from enface.data.grammar.lexicon.entries import Noun

Case = Literal["nominative", "accusative", "dative", "genitive"]
Agreement = Literal["m", "f", "n", "p"]  # gender, or plural

_COLUMNS = "mfnp"

# Endings in the order masculine, feminine, neuter, plural.
_DER = {
    "nominative": ("der", "die", "das", "die"),
    "accusative": ("den", "die", "das", "die"),
    "dative": ("dem", "der", "dem", "den"),
    "genitive": ("des", "der", "des", "der"),
}
_DIESER = {
    "nominative": ("er", "e", "es", "e"),
    "accusative": ("en", "e", "es", "e"),
    "dative": ("em", "er", "em", "en"),
    "genitive": ("es", "er", "es", "er"),
}
_EIN = {**_DIESER, "nominative": ("", "e", "", "e"), "accusative": ("en", "e", "", "e")}
_ADJECTIVES = {
    "weak": {
        "nominative": ("e", "e", "e", "en"),
        "accusative": ("en", "e", "e", "en"),
        "dative": ("en", "en", "en", "en"),
        "genitive": ("en", "en", "en", "en"),
    },
    "mixed": {
        "nominative": ("er", "e", "es", "en"),
        "accusative": ("en", "e", "es", "en"),
        "dative": ("en", "en", "en", "en"),
        "genitive": ("en", "en", "en", "en"),
    },
    "strong": {**_DIESER, "genitive": ("en", "er", "en", "er")},
}
_LIKE_DIESER = {"dieser": "dies", "jeder": "jed"}
_LIKE_EIN = ("ein", "kein", "sein", "ihr")
_PLURAL_ONLY = {"viele": "viel", "mehrere": "mehrer", "einige": "einig"}
_CONTRACTIONS = {
    ("in", "dem"): "im",
    ("in", "das"): "ins",
    ("an", "dem"): "am",
    ("an", "das"): "ans",
    ("von", "dem"): "vom",
    ("zu", "dem"): "zum",
    ("zu", "der"): "zur",
    ("bei", "dem"): "beim",
}


def agreement(noun: Noun, plural: bool) -> Agreement:
    """What determiner and adjectives agree with: the plural, or the gender of the noun."""
    if plural:
        return "p"
    return "m" if noun.german_gender == "m" else "f" if noun.german_gender == "f" else "n"


def determiner(declension: str, agrees: Agreement, case: Case) -> str:
    """The form of a determiner of the lexicon ("der", "ein", "zwei", ...); "" where it is not said."""
    column = _COLUMNS.index(agrees)
    if declension == "der":
        return _DER[case][column]
    if declension in _LIKE_DIESER:
        return _LIKE_DIESER[declension] + _DIESER[case][column]
    if declension in _LIKE_EIN:
        return "" if declension == "ein" and agrees == "p" else declension + _EIN[case][column]
    if declension in _PLURAL_ONLY:
        return _PLURAL_ONLY[declension] + _DIESER[case][_COLUMNS.index("p")]
    return declension


def adjective(stem: str, endings: str, agrees: Agreement, case: Case) -> str:
    """The adjective with its ending; `endings` is "weak", "mixed" or "strong", as the determiner asks."""
    return stem + _ADJECTIVES[endings][case][_COLUMNS.index(agrees)]


def noun_form(noun: Noun, plural: bool, case: Case) -> str:
    """The form of the noun itself, with the n-declension and the n of the dative plural."""
    if plural:
        return noun.german_dative_plural if case == "dative" else noun.german[1]
    if case == "nominative":
        return noun.german[0]
    return noun.german_genitive if case == "genitive" else noun.german_oblique


def relative_pronoun(agrees: Agreement, case: Case) -> str:
    """The relative pronoun: the article, but denen, dessen and deren."""
    if case == "genitive":
        return "dessen" if agrees in "mn" else "deren"
    return "denen" if case == "dative" and agrees == "p" else _DER[case][_COLUMNS.index(agrees)]


def contraction(preposition: str, article: str) -> str | None:
    """Preposition and definite article in one word (in dem: im), or None where they stay two."""
    return _CONTRACTIONS.get((preposition, article))
