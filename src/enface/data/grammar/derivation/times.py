"""Deriving when something happens, what comes first in the sentence, and what somebody goes somewhere for."""

from dataclasses import replace

from enface.data.grammar.derivation.actions import deniable, places_something
from enface.data.grammar.derivation.actors import Actor
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.derivation.objects import object_of
from enface.data.grammar.derivation.phrases import adverb
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.tree import Clause, NounPhrase, Tense

# Whither somebody goes to do what: the place, the verb and the tags of its object.
_PURPOSES = {
    "market": ("buy", ("fruit", "massfood", "flower", "egg", "potato")),
    "bakery": ("buy", ("bakeable",)),
    "library": ("read", ("readable",)),
    "train_station": ("meet", ("kin", "guest", "tourist")),
    "airport": ("meet", ("kin", "guest", "tourist")),
    "bus_stop": ("meet", ("kin", "student", "neighbor")),
    "park": ("feed", ("duck", "bird", "rabbit")),
    "zoo": ("photograph", ("animal",)),
    "lake": ("feed", ("duck", "bird")),
    "farm": ("ride", ("horse",)),
    "museum": ("see", ("picture", "statue", "crown", "sword")),
    "palace": ("greet", ("royal",)),
    "castle": ("see", ("treasure", "throne", "royal")),
    "hospital": ("help", ("doctor", "nurse")),
    "party": ("meet", ("worker", "guest", "kin")),
}
_TIME_KINDS = {
    Tense.PROGRESSIVE: "now",
    Tense.PAST: "past",
    Tense.WILL: "will",
    Tense.CAN: "modal",
    Tense.MUST: "modal",
    Tense.WANT: "modal",
    Tense.SIMPLE: "habit",
}


def timed(deriver: Deriver, actor: Actor, clause: Clause, *, fronting: float) -> Clause:
    """The clause with an adverb of time or frequency, and perhaps something of it put before the subject."""
    stative = "stative" in clause.verb.flags
    if clause.tense is Tense.SIMPLE and not clause.negative and not stative and deriver.chance(0.3):
        return _frequent(deriver, actor, clause)
    if clause.tense is Tense.PERFECT and not clause.negative and deriver.chance(0.35):
        return replace(clause, frequency=adverb(deriver, "already"), manner=None)
    kind = _TIME_KINDS.get(clause.tense, "")
    if kind and not (kind == "habit" and stative) and deriver.chance(0.5 if kind in ("past", "will") else 0.3):
        time = adverb(deriver, kind)
        return replace(clause, front=time) if deriver.chance(fronting) else replace(clause, time=time)
    if clause.place is not None and not places_something(clause) and deriver.chance(fronting * 0.5):
        return replace(clause, front=clause.place, place=None)
    return clause


def _frequent(deriver: Deriver, actor: Actor, clause: Clause) -> Clause:
    never = deriver.chance(0.35) and actor.definite and deniable(clause.verb) and _plain_object(clause)
    return replace(clause, frequency=adverb(deriver, "never" if never else "often"), negative=never, manner=None)


def _plain_object(clause: Clause) -> bool:
    """Whether "never" goes with the object: not with many apples, nor with a cup of tea."""
    target = clause.direct_object
    if clause.recipient is not None or not isinstance(target, NounPhrase):
        return clause.recipient is None
    return target.determiner.german in ("der", "ein", "sein", "ihr") and target.content is None


def purpose(deriver: Deriver, actor: Actor, clause: Clause) -> Clause:
    """The clause with what somebody goes there for, where the place suggests something."""
    target = clause.direct_object
    if not isinstance(target, NounPhrase) or clause.negative:
        return clause
    key = next((tag for tag in _PURPOSES if tag in target.noun.tags), "")
    if not key:
        return clause
    verb_key, tags = _PURPOSES[key]
    verb = lexicon().verbs[verb_key]
    wanted = object_of(deriver, actor, verb, richness=0.3, tags=tags)
    goal = Clause(deriver.anchor(), verb, Tense.WANT, None, actor.plural, actor.feminine, direct_object=wanted)
    return replace(clause, purpose=goal)
