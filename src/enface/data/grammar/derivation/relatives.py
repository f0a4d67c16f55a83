"""Deriving relative clauses: who is reading, that she is reading, with whom he is dancing, whose dog is barking."""

from dataclasses import replace

from enface.data.grammar.derivation.actions import action, action_of, fitting_tense, places_something, positive
from enface.data.grammar.derivation.actors import Actor, actor_of
from enface.data.grammar.derivation.choices import Pool, nouns_with, verbs_of
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.derivation.phrases import noun_phrase
from enface.data.grammar.lexicon.entries import Noun, Verb
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.tree import Clause, NounPhrase, Relative, Role, Tense

_ROLES = Pool.of(((Role.SUBJECT, 60), (Role.OBJECT, 20), (Role.WITH, 10), (Role.OWNER, 10)), lambda item: item[1])
_OWNED = ("dog", "cat", "horse", "offspring", "sibling")
_PLAIN_VERBS = ("sleep", "run", "rest", "sit", "stand", "sing", "dance", "cry", "play")


def related(deriver: Deriver, phrase: NounPhrase, *, richness: float, role: Role | None = None) -> NounPhrase:
    """The noun phrase with a relative clause, in the role if given; unchanged where nothing fits."""
    chosen = role or _role(deriver, phrase.noun)
    clause = _clause(deriver, phrase, chosen, richness, kind="plain")
    return replace(phrase, relative=Relative(deriver.anchor(), chosen, clause)) if clause is not None else phrase


def identified(deriver: Deriver, phrase: NounPhrase, *, richness: float) -> NounPhrase:
    """The subject of a clause with a relative clause that tells who is meant, whatever the clause goes on to say."""
    chosen = _role(deriver, phrase.noun)
    clause = _clause(deriver, phrase, chosen, richness, kind="trait")
    return replace(phrase, relative=Relative(deriver.anchor(), chosen, clause)) if clause is not None else phrase


def _role(deriver: Deriver, noun: Noun) -> Role:
    if "person" in noun.tags:
        return _ROLES.pick(deriver.random)[0]
    return Role.SUBJECT if "animal" in noun.tags and deriver.chance(0.6) else Role.OBJECT


def _clause(deriver: Deriver, phrase: NounPhrase, role: Role, richness: float, *, kind: str) -> Clause | None:
    tense = Tense.SIMPLE if deriver.chance(0.3) else Tense.PROGRESSIVE
    if role is Role.SUBJECT:
        gap = replace(actor_of(phrase), node=None)
        return positive(action(deriver, gap, richness=richness, tense=tense, kind=kind))
    if role is Role.OWNER:
        return _owner_clause(deriver, richness, tense)
    somebody = _somebody(deriver, but=phrase.noun)
    if role is Role.WITH:
        verb = lexicon().verbs["talk_with" if deriver.chance(0.6) else "dance_with"]
        return Clause(deriver.anchor(), verb, tense, somebody.node, somebody.plural, somebody.feminine)
    verbs = _verbs_for(somebody.noun, phrase.noun)
    if not verbs:
        return None
    verb = verbs[deriver.below(len(verbs))]
    when = fitting_tense(deriver, somebody, verb, tense)
    return Clause(deriver.anchor(), verb, when, somebody.node, somebody.plural, somebody.feminine)


def _verbs_for(subject: Noun, target: Noun) -> list[Verb]:
    """What the subject may do to the target, with an object that is no more than an accusative or a dative."""
    return [
        verb
        for verb in verbs_of(subject, "plain").items
        if verb.objects & target.tags
        and not verb.german.preposition + verb.french.preposition + verb.english.preposition
    ]


def _somebody(deriver: Deriver, *, but: Noun) -> Actor:
    noun = nouns_with("person").pick(deriver.random)
    if noun is but:
        noun = lexicon().nouns["queen" if but.sex == "m" else "king"]
    plural = "single" not in noun.tags and deriver.chance(0.12)
    return actor_of(noun_phrase(deriver, noun, "the" if deriver.chance(0.7) else "a", plural=plural))


def _owner_clause(deriver: Deriver, richness: float, tense: Tense) -> Clause:
    noun = nouns_with(*_OWNED).pick(deriver.random)
    owned = actor_of(noun_phrase(deriver, noun, "whose", adjectives=0.2))
    verbs = [lexicon().verbs[key] for key in _PLAIN_VERBS if lexicon().verbs[key].subjects & noun.tags]
    verb = verbs[deriver.below(len(verbs))]
    return positive(action_of(deriver, owned, verb, richness=richness * 0.6, tense=tense))


def related_object(deriver: Deriver, clause: Clause, *, richness: float) -> Clause:
    """The clause with a relative clause after its object, where that ends the sentence well; else unchanged."""
    target = clause.direct_object
    open_end = clause.tense in (Tense.SIMPLE, Tense.PROGRESSIVE) and not clause.verb.german.prefix
    if not open_end or clause.recipient or clause.negative or places_something(clause):
        return clause
    if not isinstance(target, NounPhrase) or target.noun.fixed_english is not None or target.modifier:
        return clause
    fits = target.noun.tags & {"person", "readable", "toy", "animal", "visible", "clothes", "vehicle", "gift"}
    if not fits or target.content or target.owner or target.determiner.german not in ("der", "ein"):
        return clause
    phrase = related(deriver, target, richness=richness)
    return replace(clause, direct_object=phrase, place=None, time=None) if phrase.relative else clause
