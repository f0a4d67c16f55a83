"""English noun phrases and what is built from them; clauses are in `english_clauses`."""

from enface.data.grammar.tree import (
    ClauseWords,
    NounPhrase,
    Pair,
    PrepositionalPhrase,
    Pronoun,
    Relative,
    Role,
    Subject,
)
from enface.data.grammar.words import DETERMINER, OF, Word, english_words

_CONSONANT_SOUND = ("uni",)


def is_plural(phrase: NounPhrase) -> bool:
    """Whether English uses the plural of the noun."""
    fixed = phrase.noun.fixed_english
    return phrase.plural if fixed is None else fixed


def has_determiner(phrase: NounPhrase) -> bool:
    """Whether English says a determiner, so that another language's has something to be linked to."""
    bare = phrase.noun.mass and phrase.determiner.english[0] == "a"
    return bool(phrase.determiner.english[is_plural(phrase)]) and not bare


def noun_phrase(phrase: NounPhrase, clause_words: ClauseWords) -> list[Word]:
    """The words of a noun phrase with all that depends on it."""
    words: list[Word] = []
    for adjective in phrase.adjectives:
        words.append(Word(adjective.entry.english, (adjective.anchor,)))
    words += english_words(phrase.noun.english[is_plural(phrase)], phrase.anchor)
    if has_determiner(phrase):
        text = phrase.determiner.english[is_plural(phrase)]
        following = words[0].text
        if text == "a" and following[0] in "aeiou" and not following.startswith(_CONSONANT_SOUND):
            text = "an"
        words.insert(0, Word(text, (phrase.anchor + DETERMINER,)))
    for part in (phrase.content, phrase.owner):
        if part is not None:
            words += [Word("of", (part.anchor + OF,)), *noun_phrase(part, clause_words)]
    if phrase.modifier is not None:
        words += prepositional_phrase(phrase.modifier, clause_words)
    if phrase.relative is not None:
        words += _relative(phrase.relative, "person" in phrase.noun.tags, clause_words)
    return words


def nominal(phrase: Subject, clause_words: ClauseWords) -> list[Word]:
    """The words of a noun phrase, a pair of them or a pronoun."""
    if isinstance(phrase, Pronoun):
        return [Word(phrase.english, (phrase.anchor,))]
    if isinstance(phrase, Pair):
        conjunction = Word(phrase.conjunction.english, (phrase.anchor,))
        left = noun_phrase(phrase.left, clause_words)
        return [*left, conjunction, *noun_phrase(phrase.right, clause_words)]
    return noun_phrase(phrase, clause_words)


def prepositional_phrase(phrase: PrepositionalPhrase, clause_words: ClauseWords) -> list[Word]:
    """Preposition and noun phrase."""
    preposition = english_words(phrase.preposition.english, phrase.anchor)
    return preposition + noun_phrase(phrase.noun_phrase, clause_words)


def _relative(relative: Relative, person: bool, clause_words: ClauseWords) -> list[Word]:
    words = clause_words(relative.clause)
    pronoun = Word("who" if person else "that", (relative.anchor,))
    match relative.role:
        case Role.OBJECT if person:
            pronoun = pronoun._replace(text="whom")
        case Role.OWNER:
            pronoun = pronoun._replace(text="whose")
        case Role.WITH:
            return [Word("with", (relative.anchor + 1,)), pronoun._replace(text="whom"), *words]
    return [pronoun, *words]
