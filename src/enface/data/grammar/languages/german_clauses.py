"""German clauses: the verb second or at the end, the bracket it makes with prefix, participle or infinitive."""

from enface.data.grammar.languages import german
from enface.data.grammar.languages.german_morphology import Case
from enface.data.grammar.tree import (
    MODALS,
    PAST_TENSES,
    AdverbNode,
    Clause,
    Nominal,
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
    render,
    settle_commas,
)

_AUXILIARIES = {"haben": ("hat", "haben"), "sein": ("ist", "sind")}
_MODALS = {
    Tense.WILL: ("wird", "werden"),
    Tense.CAN: ("kann", "können"),
    Tense.MUST: ("muss", "müssen"),
    Tense.WANT: ("will", "wollen"),
}


def _verb_possible(node: Clause) -> tuple[int, ...]:
    """What the verb also renders: an English preposition that German leaves out (to wait for, to look at)."""
    lost = node.verb.english.preposition and not node.verb.german.preposition and node.direct_object is not None
    return (node.anchor + VERB_PREPOSITION,) if lost else ()


def _verbs(node: Clause) -> tuple[Word, list[Word]]:
    """The finite verb and the right end of the bracket (prefix, participle or infinitive)."""
    forms, anchor = node.verb.german, node.anchor
    possible = _verb_possible(node)
    if node.tense in PAST_TENSES:
        auxiliary = Word(_AUXILIARIES[forms.auxiliary][node.plural], (anchor + AUXILIARY,))
        return auxiliary, [Word(forms.participle, (anchor + VERB,), possible)]
    if node.tense in MODALS:
        mark = (anchor + INFINITIVE_MARK,) if node.tense is Tense.WANT else ()
        infinitive = Word(forms.prefix + forms.infinitive, (anchor + VERB,), possible + mark)
        return Word(_MODALS[node.tense][node.plural], (anchor + AUXILIARY,)), [infinitive]
    finite = Word(forms.finite[node.plural], (anchor + VERB,), (anchor + AUXILIARY, *possible))
    prefix = [Word(forms.prefix, (anchor + VERB,), possible)] if forms.prefix else []
    return finite, prefix


def _at_end(finite: Word, right: list[Word], node: Clause) -> list[Word]:
    """The verbs of a clause that has them last: the prefix joins its verb."""
    if right and node.tense not in PAST_TENSES + MODALS:
        return [finite._replace(text=right[0].text + finite.text)]
    return [*right, finite]


def _reflexive(node: Clause) -> list[Word]:
    return [Word("sich", (), (node.anchor + VERB,))] if node.verb.german.reflexive else []


def _object(node: Clause) -> tuple[list[Word], bool]:
    """The object with its preposition, and whether it carries the negation (kein)."""
    forms = node.verb.german
    if node.direct_object is None:
        return [], False
    case: Case = "dative" if forms.case == "dative" else "accusative"
    kein = (
        node.negative
        and node.frequency is None
        and not forms.preposition
        and isinstance(node.direct_object, NounPhrase)
        and node.direct_object.determiner.german == "ein"
    )
    negation = node.anchor + NEGATION if kein else None
    words = german.nominal(node.direct_object, case, final_clause, negation=negation)
    if forms.preposition:
        sure = (node.anchor + VERB_PREPOSITION,) if node.verb.english.preposition else ()
        preposition = Word(forms.preposition, sure, () if sure else (node.anchor + VERB,))
        related = isinstance(node.direct_object, NounPhrase) and node.direct_object.relative is not None
        words = german.contracted(preposition, words, relative=related)
    return words, kein


def _without_article(target: Nominal | None) -> bool:
    """Whether the object makes one notion with the verb, and so stands next to it: Geige spielen."""
    return (
        isinstance(target, NounPhrase)
        and bool(target.noun.tags & {"game", "instrument"})
        and (not target.determiner.german)
    )


def _recipient(node: Clause) -> list[Word]:
    if node.recipient is None:
        return []
    first, *others = german.nominal(node.recipient, "dative", final_clause)
    return [first._replace(possible=(*first.possible, node.anchor + RECIPIENT_MARK)), *others]


def _adverb(node: AdverbNode | None) -> list[Word]:
    return render(node.entry.german, node.anchor) if node is not None else []


def _place(node: PrepositionalPhrase | AdverbNode | None) -> list[Word]:
    if isinstance(node, PrepositionalPhrase):
        return german.prepositional_phrase(node, final_clause)
    return _adverb(node)


def _middle(node: Clause) -> list[Word]:
    """What stands between the brackets: time, recipient, manner, object, not, place, predicate."""
    words = _adverb(node.time) + _recipient(node) + _adverb(node.frequency) + _adverb(node.manner)
    target, kein = _object(node)
    late = bool(node.verb.german.preposition) or _without_article(node.direct_object)
    negated = node.negative and node.frequency is None and not kein
    negation = [Word("nicht", (node.anchor + NEGATION,))] if negated else []
    place = _place(node.place)
    words += negation + place + target if late else target + negation + place
    if node.predicate is not None:
        words += _adverb(node.predicate.degree)
        words.append(Word(node.predicate.entry.german_predicate, (node.predicate.anchor,)))
    return words


def _after(node: Clause, *, final: bool) -> list[Word]:
    """What follows the bracket: purpose, second verb, subordinate clause."""
    words: list[Word] = []
    if node.purpose is not None:
        words += _purpose(node.purpose)
    if node.also is not None:
        words.append(Word("und", (node.also.anchor + COMMA,)))
        finite, right = _verbs(node.also)
        middle = _reflexive(node.also) + _middle(node.also)
        if final:
            words += middle + _at_end(finite, right, node.also)
        else:
            words += [*([] if _same_auxiliary(node, node.also) else [finite]), *middle, *right]
        words += _after(node.also, final=final)
    if node.tail is not None:
        comma = Word(",", (), (node.tail.anchor,))
        words += [comma, *_subordinate(node.tail), comma]
    return words


def _same_auxiliary(first: Clause, second: Clause) -> bool:
    """Whether one hat or ist serves both: hat gelesen und geschrieben."""
    return first.tense in PAST_TENSES and first.verb.german.auxiliary == second.verb.german.auxiliary


def _purpose(node: Clause) -> list[Word]:
    mark = node.anchor + INFINITIVE_MARK
    comma = Word(",", (), (mark,))
    infinitive = Word(node.verb.german.infinitive, (node.anchor + VERB,), _verb_possible(node))
    return [comma, Word("um", (), (mark,)), *_middle(node), Word("zu", (mark,)), infinitive, comma]


def _subordinate(node: Subordinate) -> list[Word]:
    return render(node.conjunction.german, node.anchor) + final_clause(node.clause)


def final_clause(node: Clause) -> list[Word]:
    """A clause with its verb at the end."""
    subject = german.nominal(node.subject, "nominative", final_clause) if node.subject is not None else []
    finite, right = _verbs(node)
    words = subject + _reflexive(node) + _middle(node) + _at_end(finite, right, node)
    return words + _after(node, final=True)


def main_clause(node: Clause, *, question: bool = False) -> list[Word]:
    """A clause with its verb second, or first in a question without a question word."""
    subject = german.nominal(node.subject, "nominative", final_clause) if node.subject is not None else []
    finite, right = _verbs(node)
    reflexive = _reflexive(node)
    if node.front is None and not question:
        return [*subject, finite, *reflexive, *_middle(node), *right, *_after(node, final=False)]
    after = subject + reflexive if isinstance(node.subject, Pronoun) else reflexive + subject
    front: list[Word] = []
    if isinstance(node.front, Subordinate):
        front = [*_subordinate(node.front), Word(",", (node.anchor + COMMA,))]
    elif node.front is not None:
        front = _place(node.front)
    return [*front, finite, *after, *_middle(node), *right, *_after(node, final=False)]


def sentence(node: Sentence) -> list[Word]:
    """The words of a sentence, with its capital and its mark at the end."""
    words = main_clause(node.first, question=node.question and not node.subject_asked)
    if node.conjunction is not None and node.second is not None:
        if node.conjunction.english != "and":
            words.append(Word(",", (node.anchor + COMMA,)))
        words += [*render(node.conjunction.german, node.anchor), *main_clause(node.second)]
    words.append(Word("?" if node.question else ".", (node.anchor + END,)))
    return capitalised(settle_commas(words))
