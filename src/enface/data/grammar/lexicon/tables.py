"""The lexicon, parsed once from the tables: entries of `entries.py` by class of word. What may be said is elsewhere."""

from dataclasses import dataclass
from functools import cache

from enface.data.grammar.lexicon import adjectives, nouns, small_words, verbs
from enface.data.grammar.lexicon.entries import Adjective, Adverb, Conjunction, Determiner, Noun, Preposition, Verb
from enface.data.grammar.lexicon.parse_nouns import parse_name, parse_noun, read_tags
from enface.data.grammar.lexicon.parse_verbs import parse_verb
from enface.data.grammar.words import phrase


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Every entry; the dictionaries are in the order of the tables."""

    nouns: dict[str, Noun]
    names: list[Noun]
    adjectives: list[Adjective]
    feature_adjectives: list[Adjective]
    verbs: dict[str, Verb]
    verb_kinds: dict[str, str]
    determiners: dict[str, Determiner]
    prepositions: dict[str, Preposition]
    adverbs: dict[str, Adverb]
    conjunctions: dict[str, Conjunction]


def rows(table: str) -> list[list[str]]:
    """The cells of each row of a table, stripped; an indented line goes on with the row above it."""
    lines = table.strip().replace("\n    ", " ").splitlines()
    return [[cell.strip() for cell in line.split(" | ")] for line in lines]


def parse_adjective(english: str, german: str, french: str, tags: str) -> Adjective:
    """One row of the table of adjectives."""
    predicative, _, stem = german.partition("/")
    forms, _, before_vowel = french.removeprefix("+").partition("~")
    masculine, feminine, plural = [*forms.split(","), "", ""][:3]
    feminine = feminine or (masculine if masculine.endswith("e") else masculine + "e")
    plural = plural or (masculine if masculine[-1] in "sx" else masculine + "s")
    words, _, weight = read_tags(tags)
    return Adjective(
        english=english,
        german=stem or predicative,
        german_predicate=predicative,
        french=(masculine, feminine, plural, feminine + "s"),
        french_before_vowel=before_vowel or masculine,
        before_noun=french.startswith("+"),
        tags=frozenset(words) - {"pred", "colour"},
        predicate="pred" in words,
        colour="colour" in words,
        weight=weight,
    )


def _adverb(english: str, german: str, french: str, kind: str) -> Adverb:
    length = english.count(" ") + 1
    return Adverb(english, phrase(german, length), phrase(french, length), kind)


def _determiner(english: str, german: str, french: str) -> Determiner:
    singular, plural = (form.strip() for form in english.split(","))
    declension, endings = (part.strip() for part in german.split(","))
    return Determiner((singular, plural), declension, endings, french)


def _preposition(english: str, german: str, french: str) -> Preposition:
    length = english.count(" ") + 1
    words, case = german.split(":")
    return Preposition(english, phrase(words, length), case, phrase(french, length))


def _conjunctions() -> dict[str, Conjunction]:
    found: dict[str, Conjunction] = {}
    for table, subordinate in ((small_words.CONJUNCTIONS, True), (small_words.COORDINATIONS, False)):
        for english, german, french in rows(table):
            length = english.count(" ") + 1
            found[english] = Conjunction(english, phrase(german, length), phrase(french, length), subordinate)
    return found


@cache
def lexicon() -> Lexicon:
    """The whole lexicon, parsed at the first call."""
    all_nouns = [parse_noun(*row) for table in nouns.TABLES for row in rows(table)]
    verb_tables = {
        "plain": verbs.INTRANSITIVE + verbs.TRANSITIVE.lstrip() + verbs.PREPOSITIONAL.lstrip(),
        "giving": verbs.DITRANSITIVE,
        "placing": verbs.PLACING,
        "special": verbs.SPECIAL,
    }
    verb_rows = [(kind, row) for kind, table in verb_tables.items() for row in rows(table)]
    return Lexicon(
        nouns={noun.english[0] if "game" not in noun.tags else f"game:{noun.english[0]}": noun for noun in all_nouns},
        names=[parse_name(*name.split(":")) for name in nouns.NAMES.split()],
        adjectives=[parse_adjective(*row) for row in rows(adjectives.ADJECTIVES)],
        feature_adjectives=[parse_adjective(*row) for row in rows(adjectives.FEATURE_ADJECTIVES)],
        verbs={row[0].split()[0]: parse_verb(*row) for _, row in verb_rows},
        verb_kinds={row[0].split()[0]: kind for kind, row in verb_rows},
        determiners={row[0]: _determiner(*row[1:]) for row in rows(small_words.DETERMINERS)},
        prepositions={row[0]: _preposition(*row[1:]) for row in rows(small_words.PREPOSITIONS)},
        adverbs={row[0]: _adverb(*row) for row in rows(small_words.ADVERBS)},
        conjunctions=_conjunctions(),
    )
