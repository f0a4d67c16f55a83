"""Deriving clauses: what somebody does, to what, where and how. When is in `times`."""

from dataclasses import replace

from enface.data.grammar.derivation.actors import Actor
from enface.data.grammar.derivation.choices import Pool, nouns_with, places_of, places_with, verbs_of
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.derivation.objects import object_of, object_phrase
from enface.data.grammar.derivation.phrases import (
    adverb,
    named_adverb,
    near_phrase,
    place_phrase,
    prepositional_phrase,
    shade_phrase,
)
from enface.data.grammar.lexicon.entries import Noun, Verb
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.tree import PAST_TENSES, Adverbial, AdverbNode, Clause, Tense

PRESENT = (Tense.SIMPLE, Tense.PROGRESSIVE)
_WITH_MANNER = (Tense.SIMPLE, Tense.PROGRESSIVE, Tense.PAST)
_DENIABLE = (Tense.SIMPLE, Tense.PROGRESSIVE, Tense.PAST, Tense.WILL, Tense.CAN, Tense.WANT)
_TENSES = Pool.of(
    (
        (Tense.PROGRESSIVE, 42),
        (Tense.SIMPLE, 20),
        (Tense.PERFECT, 11),
        (Tense.PAST, 11),
        (Tense.WILL, 5),
        (Tense.CAN, 4),
        (Tense.WANT, 4),
        (Tense.MUST, 3),
    ),
    lambda item: item[1],
)
_MANNERS = ("quiet", "loud", "happy", "slow", "fast", "careful", "together")
_SURFACES = ("table", "bench", "chair", "sofa", "bed")


def fitting_tense(deriver: Deriver, actor: Actor, verb: Verb, tense: Tense | None) -> Tense:
    """The tense, any if None, or the nearest that the verb and its subject allow."""
    if "present" in verb.flags and tense not in PRESENT:
        tense = Tense.PROGRESSIVE if tense is None else Tense.SIMPLE
    tense = tense or _TENSES.pick(deriver.random)[0]
    if tense is Tense.SIMPLE and "state" in verb.flags and deriver.chance(0.5):
        tense = Tense.PROGRESSIVE
    if tense in PAST_TENSES and actor.plural and actor.feminine and verb.french.auxiliary == "être":
        tense = Tense.SIMPLE  # arrivées and the like would be too rare to be learnt
    if tense is Tense.PAST and verb.english.past == verb.english.base:
        tense = Tense.PERFECT  # they read, they put: present or past?
    return Tense.SIMPLE if tense is Tense.PROGRESSIVE and "stative" in verb.flags else tense


def action(
    deriver: Deriver, actor: Actor, *, richness: float, tense: Tense | None = None, kind: str = "plain"
) -> Clause:
    """Something that the actor does, in the tense if given (see `fitting_tense`).

    The verb is of the `kind` (see `choices.kinds`): "event" where it must happen rather than be so.
    """
    if kind in ("plain", "event") and "person" in actor.noun.tags:
        choice = deriver.random.random()
        if choice < 0.12:
            return (_giving if choice < 0.07 else _placing)(deriver, actor, richness, tense)
    return action_of(deriver, actor, verbs_of(actor.noun, kind).pick(deriver.random), richness=richness, tense=tense)


def action_of(deriver: Deriver, actor: Actor, verb: Verb, *, richness: float, tense: Tense | None = None) -> Clause:
    """What the actor does with this verb."""
    when = fitting_tense(deriver, actor, verb, tense)
    negative = actor.definite and when in _DENIABLE and deniable(verb) and deriver.chance(0.1)
    return Clause(
        deriver.anchor(),
        verb,
        when,
        actor.node,
        actor.plural,
        actor.feminine,
        negative,
        manner=_manner(deriver, actor, verb) if not negative and when in _WITH_MANNER else None,
        direct_object=object_of(deriver, actor, verb, richness=richness, negative=negative) if verb.objects else None,
        place=_place(deriver, actor, verb, richness),
    )


def deniable(verb: Verb) -> bool:
    """Whether "does not" sounds right with the verb in every language."""
    return not verb.objects & {"game", "instrument"} and "state" not in verb.flags


def _manner(deriver: Deriver, actor: Actor, verb: Verb) -> AdverbNode | None:
    if not deriver.chance(0.2):
        return None
    fitting = [key for key in _MANNERS if key in verb.flags and (key != "together" or actor.plural)]
    return adverb(deriver, fitting[deriver.below(len(fitting))]) if fitting else None


def _place(deriver: Deriver, actor: Actor, verb: Verb, richness: float) -> Adverbial | None:
    if not verb.places or not ("state" in verb.flags or deriver.chance(0.25 + 0.5 * richness)):
        return None
    if "cattle" in actor.noun.tags or "bird" in actor.noun.tags:
        return place_phrase(deriver, places_with("nature", "fieldwork").pick(deriver.random))
    match places_of(verb).pick(deriver.random):
        case "near":
            return near_phrase(deriver)
        case "shade":
            return shade_phrase(deriver)
        case "lakes":
            return prepositional_phrase(deriver, "in", nouns_with("lakes").pick(deriver.random))
        case "home" if deriver.chance(0.25):
            return named_adverb(deriver, "at home")
        case tag:
            return place_phrase(deriver, places_with(tag).pick(deriver.random))


def _giving(deriver: Deriver, actor: Actor, richness: float, tense: Tense | None) -> Clause:
    """Somebody gives somebody something."""
    verb = verbs_of(actor.noun, "giving").pick(deriver.random)
    when = fitting_tense(deriver, actor, verb, tense)
    receiver = nouns_with("person").pick(deriver.random)
    if receiver is actor.noun:
        receiver = lexicon().nouns["child" if "child" not in actor.noun.tags else "teacher"]
    return Clause(
        deriver.anchor(),
        verb,
        when,
        actor.node,
        actor.plural,
        actor.feminine,
        direct_object=object_of(deriver, actor, verb, richness=richness * 0.6),
        recipient=object_phrase(deriver, receiver, actor=actor, verb=verb, richness=richness * 0.4),
        recipient_first=deriver.chance(0.5),
    )


def _placing(deriver: Deriver, actor: Actor, richness: float, tense: Tense | None) -> Clause:
    """Somebody puts something somewhere."""
    verb = verbs_of(actor.noun, "placing").pick(deriver.random)
    when = fitting_tense(deriver, actor, verb, tense)
    thing = object_of(deriver, actor, verb, richness=richness * 0.6)
    inside = verb is lexicon().verbs["put"] and deriver.chance(0.5)
    goal = _goal(deriver, thing.noun, ("container", "suitcase") if inside else _SURFACES)
    return Clause(
        deriver.anchor(),
        verb,
        when,
        actor.node,
        actor.plural,
        actor.feminine,
        manner=_manner(deriver, actor, verb) if when in _WITH_MANNER else None,
        direct_object=thing,
        place=prepositional_phrase(deriver, "into" if inside else "onto", goal, adjectives=0.25),
    )


def _goal(deriver: Deriver, thing: Noun, tags: tuple[str, ...]) -> Noun:
    goal = nouns_with(*tags).pick(deriver.random)
    while goal is thing:
        goal = nouns_with(*tags).pick(deriver.random)
    return goal


def places_something(clause: Clause) -> bool:
    """Whether the place of the clause is whither something goes, which cannot be said first or left out."""
    return clause.verb in (lexicon().verbs["put"], lexicon().verbs["place"])


def positive(clause: Clause) -> Clause:
    """The clause undenied and unhurried: where it says no apple, an apple."""
    return replace(clause, negative=False, manner=None)


def calm_verbs(deriver: Deriver, actor: Actor, *, richness: float) -> Clause:
    """Two things that one can do at once: sitting on the bench and reading, drinking coffee and talking."""
    tense = Tense.PROGRESSIVE if deriver.chance(0.75) else Tense.SIMPLE
    first = positive(
        action(deriver, actor, richness=richness, tense=tense, kind=("state", "calm")[deriver.chance(0.4)])
    )
    return _with_second(deriver, actor, first, richness=richness, kind="calm")


def successive_verbs(deriver: Deriver, actor: Actor, *, richness: float) -> Clause:
    """Two things that one does one after the other: went into the kitchen and drank a glass of milk."""
    tense = Tense.PAST if deriver.chance(0.6) else Tense.SIMPLE
    first = positive(action(deriver, actor, richness=richness, tense=tense, kind="event"))
    return _with_second(deriver, actor, first, richness=richness, kind="event")


def _with_second(deriver: Deriver, actor: Actor, clause: Clause, *, richness: float, kind: str) -> Clause:
    """The clause with "and" and something else that the actor does; unchanged if tense and verb do not allow it."""
    gap = replace(actor, node=None)
    other = positive(action(deriver, gap, richness=richness * 0.7, tense=clause.tense, kind=kind))
    if other.tense is not clause.tense or other.verb is clause.verb:
        return clause
    return replace(clause, also=replace(other, place=None) if kind == "calm" else other)
