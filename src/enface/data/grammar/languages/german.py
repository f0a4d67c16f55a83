"""German noun phrases and what is built from them; clauses are in `german_clauses`."""

from enface.data.grammar.languages.english import has_determiner
from enface.data.grammar.languages.german_morphology import (
    Agreement,
    Case,
    adjective,
    agreement,
    contraction,
    determiner,
    noun_form,
    relative_pronoun,
)
from enface.data.grammar.lexicon.entries import Preposition
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
    """Whether German uses the plural of the noun."""
    fixed = phrase.noun.fixed_german
    return phrase.plural if fixed is None else fixed


def noun_anchors(phrase: NounPhrase) -> tuple[int, ...]:
    """The anchors of the English words of the noun: a compound renders them all."""
    return tuple(range(phrase.anchor, phrase.anchor + phrase.noun.english_length))


def bare_noun_phrase(phrase: NounPhrase, case: Case, *, negation: int | None = None) -> list[Word]:
    """Determiner, adjectives and noun; with a `negation` anchor the indefinite article becomes kein."""
    noun, plural = phrase.noun, is_plural(phrase)
    agrees = agreement(noun, plural)
    declension, endings = phrase.determiner.german, phrase.determiner.german_endings
    if noun.proper:
        return [Word(noun_form(noun, False, case), noun_anchors(phrase))]
    if declension == "ein" and negation is not None:
        declension = "kein"
    elif declension == "ein" and (noun.mass or plural):
        declension, endings = "", "strong"
    words: list[Word] = []
    text = determiner(declension, agrees, case) if declension else ""
    if text:
        said = has_determiner(phrase)
        negated = (negation,) if negation is not None and declension == "kein" else ()
        sure = ((phrase.anchor + DETERMINER,) if said else ()) + negated
        words.append(Word(text, sure, () if sure else noun_anchors(phrase)))
    for node in phrase.adjectives:
        words.append(Word(adjective(node.entry.german, endings, agrees, case), (node.anchor,)))
    words.append(Word(noun_form(noun, plural, case), noun_anchors(phrase)))
    return words


def noun_phrase(
    phrase: NounPhrase, case: Case, clause_words: ClauseWords, *, negation: int | None = None
) -> list[Word]:
    """The words of a noun phrase with all that depends on it."""
    words = bare_noun_phrase(phrase, case, negation=negation)
    if phrase.content is not None:
        content = bare_noun_phrase(phrase.content, "nominative")
        words += [word._replace(possible=(*word.possible, phrase.content.anchor + OF)) for word in content]
    if phrase.owner is not None:
        first, *others = bare_noun_phrase(phrase.owner, "genitive")
        words += [first._replace(possible=(*first.possible, phrase.owner.anchor + OF)), *others]
    if phrase.modifier is not None:
        words += prepositional_phrase(phrase.modifier, clause_words)
    if phrase.relative is not None:
        words += _relative(phrase.relative, agreement(phrase.noun, is_plural(phrase)), clause_words)
    return words


def nominal(phrase: Subject, case: Case, clause_words: ClauseWords, *, negation: int | None = None) -> list[Word]:
    """The words of a noun phrase, a pair of them or a pronoun (which is always nominative)."""
    if isinstance(phrase, Pronoun):
        return [Word(phrase.german, (phrase.anchor,))]
    if isinstance(phrase, Pair):
        left = noun_phrase(phrase.left, case, clause_words)
        right = noun_phrase(phrase.right, case, clause_words)
        return [*left, *render(phrase.conjunction.german, phrase.anchor), *right]
    return noun_phrase(phrase, case, clause_words, negation=negation)


def contracted(preposition: Word, words: list[Word], *, relative: bool) -> list[Word]:
    """The preposition before `words`, in one word with the article where German does so, not before a relative."""
    first = words[0]
    text = None if relative else contraction(preposition.text, first.text)
    if text is None:
        return [preposition, *words]
    return [Word(text, preposition.sure + first.sure, preposition.possible + first.possible), *words[1:]]


def prepositional_phrase(phrase: PrepositionalPhrase, clause_words: ClauseWords) -> list[Word]:
    """Preposition and noun phrase in the case that it governs."""
    case = case_of(phrase.preposition)
    words = noun_phrase(phrase.noun_phrase, case, clause_words)
    preposition = render(phrase.preposition.german, phrase.anchor)[0]
    return contracted(preposition, words, relative=phrase.noun_phrase.relative is not None)


def case_of(preposition: Preposition) -> Case:
    """The case that a preposition governs here."""
    return "accusative" if preposition.case == "accusative" else "dative"


def _relative(relative: Relative, agrees: Agreement, clause_words: ClauseWords) -> list[Word]:
    verb = relative.clause.verb.german
    preposition: list[Word] = []
    case: Case = "nominative"
    match relative.role:
        case Role.OBJECT:
            case = "dative" if verb.case == "dative" else "accusative"
        case Role.WITH:
            case = "dative"
            preposition = [Word("mit", (relative.anchor + 1,))]
        case Role.OWNER:
            case = "genitive"
    comma = Word(",", (), (relative.anchor,))
    pronoun = Word(relative_pronoun(agrees, case), (relative.anchor,))
    return [comma, *preposition, pronoun, *clause_words(relative.clause), comma]
