"""French clauses: ne ... pas around the finite verb, pronoun verbs, agreement with être, the fronted comma."""

from enface.data.grammar.languages import french
from enface.data.grammar.languages.english_clauses import comma_after
from enface.data.grammar.languages.french_morphology import adjective, joined, participle
from enface.data.grammar.tree import (
    MODALS,
    PAST_TENSES,
    AdverbNode,
    Clause,
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
    render,
    settle_commas,
)

_AUXILIARIES = {"avoir": ("a", "ont"), "être": ("est", "sont")}
_MODALS = {
    Tense.WILL: ("va", "vont"),
    Tense.CAN: ("peut", "peuvent"),
    Tense.MUST: ("doit", "doivent"),
    Tense.WANT: ("veut", "veulent"),
}


def _verb_possible(node: Clause) -> tuple[int, ...]:
    """What the verb also renders: an English preposition that French leaves out (to wait for)."""
    lost = node.verb.english.preposition and not node.verb.french.preposition and node.direct_object is not None
    return (node.anchor + VERB_PREPOSITION,) if lost else ()


def _verbs(node: Clause) -> tuple[Word, list[Word]]:
    """The finite verb and what follows it: participle, infinitive or state."""
    forms, anchor = node.verb.french, node.anchor
    possible = _verb_possible(node)
    if node.tense in PAST_TENSES:
        form = forms.participle
        if forms.auxiliary == "être":
            form = participle(form, feminine=node.feminine, plural=node.plural)
        auxiliary = Word(_AUXILIARIES[forms.auxiliary][node.plural], (anchor + AUXILIARY,))
        return auxiliary, [Word(form, (anchor + VERB,), possible)]
    if node.tense in MODALS:
        mark = (anchor + INFINITIVE_MARK,) if node.tense is Tense.WANT else ()
        infinitive = [Word(forms.infinitive, (anchor + VERB,), possible + mark)]
        modal = Word(_MODALS[node.tense][node.plural], (anchor + AUXILIARY,))
        return modal, [*_reflexive(node), *infinitive]
    if forms.state:
        state = participle(forms.state, feminine=node.feminine, plural=node.plural)
        be = Word(forms.finite[node.plural], (anchor + AUXILIARY,))
        return be, [Word(state, (anchor + VERB,))]
    return Word(forms.finite[node.plural], (anchor + VERB,), (anchor + AUXILIARY, *possible)), []


def _reflexive(node: Clause) -> list[Word]:
    return [Word("se", (), (node.anchor + VERB,))] if node.verb.french.reflexive else []


def _silent(node: Clause) -> list[Word]:
    """The y of il y a."""
    if isinstance(node.subject, Pronoun) and node.subject.silent_french:
        return [Word(node.subject.silent_french, (), (node.subject.anchor,))]
    return []


def _verb_group(node: Clause) -> list[Word]:
    """From ne to the last verb form."""
    finite, others = _verbs(node)
    before = _silent(node) + ([] if node.tense in MODALS else _reflexive(node))
    if not node.negative:
        return [*before, finite, *_adverb(node.frequency), *others]
    if node.frequency is not None:
        negation, anchor = _adverb(node.frequency), node.frequency.anchor
    else:
        anchor = node.anchor + NEGATION
        negation = [Word("pas", (anchor,))]
    return [Word("ne", (), (anchor,)), *before, finite, *negation, *others]


def _adverb(node: AdverbNode | None) -> list[Word]:
    return render(node.entry.french, node.anchor) if node is not None else []


def _object(node: Clause) -> list[Word]:
    if node.direct_object is None:
        return []
    text = node.verb.french.preposition
    if not text:
        return french.nominal(node.direct_object, plain_clause, negated=node.negative)
    sure = (node.anchor + VERB_PREPOSITION,) if node.verb.english.preposition else ()
    preposition = Word(text, sure, () if sure else (node.anchor + VERB,))
    return french.with_preposition(preposition, node.direct_object, plain_clause)


def _recipient(node: Clause) -> list[Word]:
    if node.recipient is None:
        return []
    sure = () if node.recipient_first else (node.anchor + RECIPIENT_MARK,)
    preposition = Word("à", sure, () if sure else (node.anchor + VERB,))
    return french.with_preposition(preposition, node.recipient, plain_clause)


def _place(node: PrepositionalPhrase | AdverbNode | None) -> list[Word]:
    if isinstance(node, PrepositionalPhrase):
        return french.prepositional_phrase(node, plain_clause)
    return _adverb(node)


def _predicate(node: Clause) -> list[Word]:
    if node.predicate is None:
        return []
    text = adjective(node.predicate.entry, feminine=node.feminine, plural=node.plural)
    return [*_adverb(node.predicate.degree), Word(text, (node.predicate.anchor,))]


def _complements(node: Clause) -> list[Word]:
    words = _adverb(node.manner) + _object(node) + _recipient(node) + _predicate(node)
    words += _place(node.place) + _adverb(node.time)
    if node.purpose is not None:
        mark = node.purpose.anchor + INFINITIVE_MARK
        infinitive = Word(
            node.purpose.verb.french.infinitive, (node.purpose.anchor + VERB,), _verb_possible(node.purpose)
        )
        words += [Word("pour", (mark,)), *_reflexive(node.purpose), infinitive, *_complements(node.purpose)]
    if node.also is not None:
        words.append(Word("et", (node.also.anchor + COMMA,)))
        words += _verbs(node.also)[1] if _same_auxiliary(node, node.also) else _verb_group(node.also)
        words += _complements(node.also)
    if node.tail is not None:
        words += _subordinate(node.tail)
    return words


def _same_auxiliary(first: Clause, second: Clause) -> bool:
    """Whether one a or ont serves both: a lu et écrit."""
    return first.tense in PAST_TENSES and first.verb.french.auxiliary == second.verb.french.auxiliary == "avoir"


def _subordinate(node: Subordinate) -> list[Word]:
    return render(node.conjunction.french, node.anchor) + plain_clause(node.clause)


def _front(node: Clause) -> list[Word]:
    """What stands before the subject, with its comma."""
    if node.front is None:
        return []
    words = _subordinate(node.front) if isinstance(node.front, Subordinate) else _place(node.front)
    if isinstance(node.front, AdverbNode) and node.front.entry.kind == "asking":
        return words
    said = comma_after(node.front)
    comma = Word(",", (node.anchor + COMMA,)) if said else Word(",", (), (node.front.anchor,))
    return [*words, comma]


def plain_clause(node: Clause) -> list[Word]:
    """The words of a clause, main or subordinate: French keeps one order."""
    subject = french.nominal(node.subject, plain_clause) if node.subject is not None else []
    return [*_front(node), *subject, *_verb_group(node), *_complements(node)]


def sentence(node: Sentence) -> list[Word]:
    """The words of a sentence, with elisions, its capital and its mark at the end."""
    words = plain_clause(node.first)
    if node.question and not node.subject_asked and node.first.front is None:
        asked = (node.first.anchor + (VERB if node.first.verb.english.base == "be" else AUXILIARY),)
        words = [Word("est-ce", (), asked), Word("que", (), asked), *words]
    if node.conjunction is not None and node.second is not None:
        if node.conjunction.english != "and":
            words.append(Word(",", (node.anchor + COMMA,)))
        words += [*render(node.conjunction.french, node.anchor), *plain_clause(node.second)]
    words.append(Word("?" if node.question else ".", (node.anchor + END,)))
    return capitalised(joined(settle_commas(words)))
