"""The part of speech of the words of the built-in corpus, as the lexicon has them."""

from collections.abc import Iterator

from enface.data.grammar.lexicon.entries import Adjective, Noun, Verb
from enface.data.grammar.lexicon.tables import lexicon

PARTS_OF_SPEECH = ("noun", "verb", "adjective", "adverb")

_GERMAN_ENDINGS = ("", "e", "em", "en", "er", "es")
_FRENCH_ENDINGS = ("", "e", "s", "es")


def parts_of_speech(language: str) -> dict[str, str]:
    """One of PARTS_OF_SPEECH for each noun, verb, adjective and adverb of the built-in corpus in `language`.

    Names are nouns. A word of two kinds is of the first of them. The small words (articles, pronouns, prepositions,
    conjunctions, auxiliaries) and those of fixed phrases (in the evening) are not listed, and of other languages than
    the lexicon's no word is. Words stand there as they are spelt in a sentence and at its beginning.
    """
    found: dict[str, str] = {}
    for part, word in _words(language):
        found.setdefault(word, part)
        found.setdefault(word[:1].upper() + word[1:], part)
    return found


def _words(language: str) -> Iterator[tuple[str, str]]:
    entries = lexicon()
    for noun in (*entries.nouns.values(), *entries.names):
        yield from (("noun", word) for word in _noun_forms(noun, language))
    for verb in entries.verbs.values():
        yield from (("verb", word) for word in _verb_forms(verb, language) if verb.english.base != "be")
    for adjective in (*entries.adjectives, *entries.feature_adjectives):
        yield from (("adjective", word) for word in _adjective_forms(adjective, language))
    for adverb in entries.adverbs.values():
        words = {"en": adverb.english.split(), "de": [piece[0] for piece in adverb.german]}
        words["fr"] = [piece[0] for piece in adverb.french]
        if len(words.get(language, [])) == 1 and adverb.kind != "asking":
            yield "adverb", words[language][0]


def _noun_forms(noun: Noun, language: str) -> list[str]:
    match language:
        case "en":
            return [word for form in noun.english for word in form.split()]
        case "de":
            return [*noun.german, noun.german_oblique, noun.german_genitive, noun.german_dative_plural]
        case "fr":
            return [phrase[0][0] for phrase in noun.french]
        case _:
            return []


def _verb_forms(verb: Verb, language: str) -> list[str]:
    match language:
        case "en":
            english = verb.english
            return [english.base, english.singular, english.progressive, english.past, english.participle]
        case "de":
            german = verb.german
            infinitives = [german.prefix + german.infinitive, f"{german.prefix}zu{german.infinitive}"]
            joined = [german.prefix + form for form in german.finite]
            return [*german.finite, *joined, *infinitives, german.participle]
        case "fr":
            french = verb.french
            if french.state:  # "être assis", whose verb is the auxiliary
                return [french.state + ending for ending in _FRENCH_ENDINGS]
            return [french.infinitive, *french.finite, *(french.participle + ending for ending in _FRENCH_ENDINGS)]
        case _:
            return []


def _adjective_forms(adjective: Adjective, language: str) -> list[str]:
    match language:
        case "en":
            return adjective.english.split()
        case "de":
            return [adjective.german_predicate, *(adjective.german + ending for ending in _GERMAN_ENDINGS)]
        case "fr":
            return [*adjective.french, adjective.french_before_vowel]
        case _:
            return []
