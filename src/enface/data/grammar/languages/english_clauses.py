"""English clauses: auxiliaries and do, the progressive, where not and adverbs stand, inversion in questions."""

from enface.data.grammar.languages.english import is_plural, nominal, prepositional_phrase
from enface.data.grammar.tree import (
    AdverbNode,
    Clause,
    NounPhrase,
    PrepositionalPhrase,
    Pronoun,
    Sentence,
    Subordinate,
    Tense,
)
from enface.data.grammar.words import (
    AUXILIARY,
    COMMA,
    END,
    INFINITIVE_MARK,
    NEGATION,
    RECIPIENT_MARK,
    VERB,
    VERB_PREPOSITION,
    Word,
    capitalised,
    english_words,
    settle_commas,
)

_AUXILIARIES = {
    Tense.SIMPLE: ("does", "do"),
    Tense.PAST: ("did", "did"),
    Tense.PROGRESSIVE: ("is", "are"),
    Tense.PERFECT: ("has", "have"),
    Tense.WILL: ("will", "will"),
    Tense.CAN: ("can", "can"),
    Tense.MUST: ("must", "must"),
    Tense.WANT: ("wants", "want"),
}


def comma_after(front: object) -> bool:
    """Whether English sets a comma after what stands before the subject: unless it is one word, or asks."""
    return not isinstance(front, AdverbNode) or " " in front.entry.english


def _auxiliary(node: Clause, inverted: bool) -> list[Word]:
    """The finite verb before the main verb, with not where it clings (cannot), or nothing."""
    be = node.verb.english.base == "be"
    plain = node.tense in (Tense.SIMPLE, Tense.PAST)
    asks = inverted or (node.negative and node.frequency is None)
    anchor = node.anchor + AUXILIARY
    if be and plain:
        form = ("is", "are")[_agrees_plural(node)]
        return [Word(form, (node.anchor + VERB,), (anchor,))]
    if plain and not asks:
        return []
    if node.tense is Tense.WANT and asks:
        return [Word(_AUXILIARIES[Tense.SIMPLE][node.plural], (), (anchor,))]
    text = _AUXILIARIES[node.tense][_agrees_plural(node)]
    if node.tense is Tense.CAN and node.negative and not inverted:
        return [Word("cannot", (anchor, node.anchor + NEGATION))]
    return [Word(text, (anchor,))]


def _agrees_plural(node: Clause) -> bool:
    """Number of the finite verb: that of the subject, but of what there is after "there"."""
    there = isinstance(node.subject, Pronoun) and node.subject.english == "there"
    if there and isinstance(node.direct_object, NounPhrase):
        return is_plural(node.direct_object)
    return node.plural


def _main_verb(node: Clause, finite: bool) -> list[Word]:
    forms, anchor = node.verb.english, node.anchor
    if forms.base == "be" and node.tense is Tense.SIMPLE:
        return []
    match node.tense:
        case Tense.PROGRESSIVE:
            text = forms.progressive
        case Tense.PERFECT:
            text = forms.participle
        case Tense.PAST if finite:
            text = forms.past
        case Tense.SIMPLE if finite and not node.plural:
            text = forms.singular
        case _:
            text = forms.base
    possible = (anchor + AUXILIARY,) if finite else ()
    words = [Word(text, (anchor + VERB,), possible)]
    if forms.particle:
        words.append(Word(forms.particle, (anchor + VERB,)))
    return words


def _verb_phrase(node: Clause, *, auxiliary: list[Word], bare: bool = False) -> list[Word]:
    """From the negation to the main verb and its complements, without the auxiliary unless it stands here."""
    words: list[Word] = []
    if node.negative and node.frequency is None and "cannot" not in [word.text for word in auxiliary]:
        words.append(Word("not", (node.anchor + NEGATION,)))
    if node.frequency is not None:
        words += english_words(node.frequency.entry.english, node.frequency.anchor)
    if node.tense is Tense.WANT:
        if auxiliary and not auxiliary[0].sure:
            words.append(Word("want", (node.anchor + AUXILIARY,)))
        words.append(Word("to", (node.anchor + INFINITIVE_MARK,)))
    main = _main_verb(node, finite=not auxiliary and not bare)
    manner = english_words(node.manner.entry.english, node.manner.anchor) if node.manner is not None else []
    words += main + manner if node.direct_object is None else manner + main
    return words + _complements(node) + _after(node)


def _complements(node: Clause) -> list[Word]:
    words: list[Word] = []
    if node.recipient is not None and node.recipient_first:
        words += nominal(node.recipient, clause)
    if node.direct_object is not None:
        if node.verb.english.preposition:
            words.append(Word(node.verb.english.preposition, (node.anchor + VERB_PREPOSITION,)))
        words += nominal(node.direct_object, clause)
    if node.recipient is not None and not node.recipient_first:
        words += [Word("to", (node.anchor + RECIPIENT_MARK,)), *nominal(node.recipient, clause)]
    if node.predicate is not None:
        if node.predicate.degree is not None:
            words += english_words(node.predicate.degree.entry.english, node.predicate.degree.anchor)
        words.append(Word(node.predicate.entry.english, (node.predicate.anchor,)))
    return words


def _after(node: Clause) -> list[Word]:
    """Place, time, and the clauses that follow."""
    words: list[Word] = []
    if node.place is not None:
        words += _adverbial(node.place)
    if node.time is not None:
        words += english_words(node.time.entry.english, node.time.anchor)
    if node.purpose is not None:
        words += _verb_phrase(node.purpose, auxiliary=[], bare=True)
    if node.also is not None:
        words.append(Word("and", (node.also.anchor + COMMA,)))
        words += _verb_phrase(node.also, auxiliary=[])
    if node.tail is not None:
        words += _subordinate(node.tail)
    return words


def _adverbial(node: PrepositionalPhrase | AdverbNode | Subordinate) -> list[Word]:
    if isinstance(node, PrepositionalPhrase):
        return prepositional_phrase(node, clause)
    if isinstance(node, Subordinate):
        return _subordinate(node)
    return english_words(node.entry.english, node.anchor)


def _subordinate(node: Subordinate) -> list[Word]:
    return english_words(node.conjunction.english, node.anchor) + clause(node.clause)


def clause(node: Clause, *, inverted: bool = False) -> list[Word]:
    """The words of a clause; `inverted` puts the auxiliary before the subject."""
    words: list[Word] = []
    if node.front is not None:
        words += _adverbial(node.front)
        if comma_after(node.front):
            words.append(Word(",", (node.anchor + COMMA,)))
    subject = nominal(node.subject, clause) if node.subject is not None else []
    auxiliary = _auxiliary(node, inverted)
    words += auxiliary + subject if inverted else subject + auxiliary
    return words + _verb_phrase(node, auxiliary=auxiliary)


def sentence(node: Sentence) -> list[Word]:
    """The words of a sentence, with its capital and its mark at the end."""
    words = clause(node.first, inverted=node.question and not node.subject_asked)
    if node.conjunction is not None and node.second is not None:
        words += [Word(",", (node.anchor + COMMA,)), Word(node.conjunction.english, (node.anchor,))]
        words += clause(node.second)
    words.append(Word("?" if node.question else ".", (node.anchor + END,)))
    return capitalised(settle_commas(words))
