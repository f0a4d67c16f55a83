"""From a row of the table of verbs to a `Verb`: regular conjugation in the three languages is made here."""

from enface.data.grammar.lexicon.entries import EnglishVerb, FrenchVerb, GermanVerb, Verb
from enface.data.grammar.lexicon.parse_nouns import read_tags

_FRENCH_BE = ("est", "sont")


def parse_verb(english: str, german: str, french: str, use: str, flags: str) -> Verb:
    """One row of a table of verbs."""
    subjects, _, rest = use.partition(":")
    objects, _, places = rest.partition("@")
    words, _, weight = read_tags(flags)
    return Verb(
        english=english_verb(english),
        german=german_verb(german),
        french=french_verb(french),
        subjects=frozenset(subjects.split()),
        objects=frozenset(objects.split()),
        places=frozenset(places.split()),
        flags=frozenset(words),
        weight=weight,
    )


def english_verb(row: str) -> EnglishVerb:
    """The forms of "look_for looked looked /for"."""
    words = row.split()
    forms = [word for word in words if word[0] not in "+/"]
    base = forms[0].partition("_")[0]
    past = forms[1] if len(forms) > 1 else _regular_past(base)
    return EnglishVerb(
        base=base,
        singular="is" if base == "be" else _third_person(base),
        progressive=forms[3] if len(forms) > 3 else _progressive(base),
        past=past,
        participle=forms[2] if len(forms) > 2 else past,
        particle=next((word[1:] for word in words if word[0] == "+"), ""),
        preposition=next((word[1:] for word in words if word[0] == "/"), ""),
    )


def _third_person(base: str) -> str:
    if base.endswith(("s", "x", "ch", "sh", "o")):
        return base + "es"
    return base[:-1] + "ies" if base.endswith("y") and base[-2] not in "aeou" else base + "s"


def _regular_past(base: str) -> str:
    if base.endswith("e"):
        return base + "d"
    return base[:-1] + "ied" if base.endswith("y") and base[-2] not in "aeou" else base + "ed"


def _progressive(base: str) -> str:
    silent_e = base.endswith("e") and not base.endswith(("ee", "be"))
    return (base[:-1] if silent_e else base) + "ing"


def german_verb(row: str) -> GermanVerb:
    """The forms of "sich aus|ruhen", "fahren fährt gefahren (sein)", "warten /auf:accusative"."""
    words = row.split()
    forms = [word for word in words if word[0] not in "(/" and word != "sich"]
    prefix, _, infinitive = forms[0].rpartition("|")
    stem = infinitive.removesuffix("n").removesuffix("e")
    preposition, _, case = next((word[1:] for word in words if word[0] == "/"), "").partition(":")
    return GermanVerb(
        infinitive=infinitive,
        finite=(forms[1] if len(forms) > 1 else _german_t(stem), "sind" if infinitive == "sein" else infinitive),
        participle=forms[2] if len(forms) > 2 else f"{prefix}ge{_german_t(stem)}",
        prefix=prefix,
        auxiliary="sein" if "(sein)" in words else "haben",
        reflexive="sich" in words,
        case=case or "accusative",
        preposition=preposition,
    )


def _german_t(stem: str) -> str:
    return stem + ("et" if stem[-1] in "td" or stem.endswith(("ffn", "chn", "gn")) else "t")


def french_verb(row: str) -> FrenchVerb:
    """The forms of "se promener promène promènent promené", "aller va vont allé (être) /à", "être assis"."""
    words = row.split()
    preposition = next((word[1:] for word in words if word[0] == "/"), "")
    if words[0] == "être" and len(words) == 2:
        return FrenchVerb("être", _FRENCH_BE, "été", state=words[1])
    forms = [word for word in words if word[0] not in "(/" and word != "se"]
    stem = forms[0].removesuffix("r")
    reflexive = "se" in words
    return FrenchVerb(
        infinitive=forms[0],
        finite=(forms[1], forms[2]) if len(forms) > 2 else (stem, stem + "nt"),
        participle=forms[3] if len(forms) > 3 else stem.removesuffix("e") + "é",
        auxiliary="être" if reflexive or "(être)" in words else "avoir",
        reflexive=reflexive,
        preposition=preposition,
    )
