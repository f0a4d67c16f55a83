"""French noun phrases and what is built from them; clauses are in `french_clauses`.

Words come out one by one (de, le, homme): `french_morphology.joined` makes l'homme and du of a whole sentence.
"""

from enface.data.grammar.languages.english import has_determiner
from enface.data.grammar.languages.french_morphology import adjective, determiner
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
from enface.data.grammar.words import DETERMINER, OF, Word, render


def is_plural(phrase: NounPhrase) -> bool:
    """Whether French uses the plural of the noun."""
    fixed = phrase.noun.fixed_french
    return phrase.plural if fixed is None else fixed


def bare_noun_phrase(phrase: NounPhrase, *, negated: bool = False) -> list[Word]:
    """Determiner, adjectives and noun; `negated` turns the indefinite and the partitive article into de."""
    noun, plural, feminine = phrase.noun, is_plural(phrase), phrase.noun.french_gender == "f"
    words = render(noun.french[plural], phrase.anchor)
    before = [node for node in phrase.adjectives if node.entry.before_noun]
    for node in phrase.adjectives:
        if not node.entry.before_noun:
            words.append(Word(adjective(node.entry, feminine=feminine, plural=plural), (node.anchor,)))
    for node in reversed(before):
        text = adjective(node.entry, feminine=feminine, plural=plural, following=words[0].text)
        words.insert(0, Word(text, (node.anchor,)))
    if noun.proper or phrase.determiner.french == "none" or "game" in noun.tags:
        return words
    return _determined(phrase, words, negated=negated, adjective_first=bool(before))


def _determined(phrase: NounPhrase, words: list[Word], *, negated: bool, adjective_first: bool) -> list[Word]:
    noun, plural, feminine = phrase.noun, is_plural(phrase), phrase.noun.french_gender == "f"
    said = has_determiner(phrase)
    sure = (phrase.anchor + DETERMINER,) if said else ()
    possible = () if said else tuple(range(phrase.anchor, phrase.anchor + noun.english_length))
    entry = phrase.determiner.french
    if entry == "un" and (negated or (plural and adjective_first)):
        return [Word("de", sure, possible), *words]
    if entry == "un" and noun.mass:
        article = determiner("le", feminine=feminine, plural=False, following=words[0].text)
        return [Word("de", sure, possible), Word(article, sure, possible), *words]
    text = determiner(entry, feminine=feminine, plural=plural, following=words[0].text)
    of = [Word("de", (), sure or possible)] if entry == "beaucoup" else []
    return [Word(text, sure, possible), *of, *words]


def noun_phrase(phrase: NounPhrase, clause_words: ClauseWords, *, negated: bool = False) -> list[Word]:
    """The words of a noun phrase with all that depends on it."""
    words = bare_noun_phrase(phrase, negated=negated)
    for part in (phrase.content, phrase.owner):
        if part is not None:
            of = Word("de", (part.anchor + OF,))
            inner = bare_noun_phrase(part)
            words += [of, *inner]
    if phrase.modifier is not None:
        words += prepositional_phrase(phrase.modifier, clause_words)
    if phrase.relative is not None:
        words += _relative(phrase.relative, clause_words)
    return words


def nominal(phrase: Subject, clause_words: ClauseWords, *, negated: bool = False) -> list[Word]:
    """The words of a noun phrase, a pair of them or a pronoun."""
    if isinstance(phrase, Pronoun):
        return [Word(phrase.french, (phrase.anchor,))]
    if isinstance(phrase, Pair):
        left = noun_phrase(phrase.left, clause_words)
        conjunction = render(phrase.conjunction.french, phrase.anchor)
        return [*left, *conjunction, *noun_phrase(phrase.right, clause_words)]
    return noun_phrase(phrase, clause_words, negated=negated)


def with_preposition(preposition: Word, phrase: Subject, clause_words: ClauseWords) -> list[Word]:
    """A preposition before a noun phrase, before each of a pair: à la reine et au roi."""
    if not isinstance(phrase, Pair):
        return [preposition, *nominal(phrase, clause_words)]
    conjunction = render(phrase.conjunction.french, phrase.anchor)
    left = noun_phrase(phrase.left, clause_words)
    return [preposition, *left, *conjunction, preposition, *noun_phrase(phrase.right, clause_words)]


def prepositional_phrase(phrase: PrepositionalPhrase, clause_words: ClauseWords) -> list[Word]:
    """Preposition and noun phrase."""
    return render(phrase.preposition.french, phrase.anchor) + noun_phrase(phrase.noun_phrase, clause_words)


def _relative(relative: Relative, clause_words: ClauseWords) -> list[Word]:
    clause = clause_words(relative.clause)
    match relative.role:
        case Role.SUBJECT:
            pronoun = [Word("qui", (relative.anchor,))]
        case Role.OBJECT:
            pronoun = [Word("que", (relative.anchor,))]
        case Role.WITH:
            pronoun = [Word("avec", (relative.anchor + 1,)), Word("qui", (relative.anchor,))]
        case Role.OWNER:
            pronoun = [Word("dont", (relative.anchor,))]
    return pronoun + clause
