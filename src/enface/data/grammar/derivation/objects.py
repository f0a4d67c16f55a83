"""Deriving objects: what fits the verb, and the determiner that fits what it is and whose."""

from dataclasses import replace

from enface.data.grammar.derivation.actors import Actor, person_phrase, some_plural
from enface.data.grammar.derivation.choices import Pool, nouns_with, objects_of
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.derivation.phrases import noun_phrase, wearable
from enface.data.grammar.lexicon.entries import Noun, Verb
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.tree import NounPhrase

_PLURALS = Pool.of(
    (("a", 32), ("the", 22), ("two", 16), ("three", 10), ("some", 8), ("many", 6), ("several", 6)),
    lambda item: item[1],
)
_OFTEN_OWNED = frozenset({"kin", "clothes", "regalia"})
_SOMETIMES_OWNED = frozenset({"drink", "readable", "pet", "owned", "carried", "toy", "royalhome", "dish"})
_OF_ROYALS = frozenset(
    {"crown", "sword", "carriage", "palace", "castle", "horse", "dog", "garden", "treasure", "throne"}
)


def object_of(
    deriver: Deriver, actor: Actor, verb: Verb, *, richness: float, negative: bool = False, tags: tuple[str, ...] = ()
) -> NounPhrase:
    """Something for the verb to be done to, of `tags` if given: not the actor again, and only what suits it."""
    pool = nouns_with(*tags) if tags else objects_of(verb)
    noun = pool.pick(deriver.random)
    while noun is actor.noun or not wearable(noun, actor.noun) or (actor.plural and _for_one(noun)):
        noun = pool.pick(deriver.random)
    return object_phrase(deriver, noun, actor=actor, verb=verb, richness=richness, negative=negative)


def object_phrase(
    deriver: Deriver, noun: Noun, *, actor: Actor, verb: Verb, richness: float, negative: bool = False
) -> NounPhrase:
    """The noun as an object, with a determiner that suits both it and the verb."""
    tags, described = noun.tags, 0.15 + 0.45 * richness
    if "game" in tags or "instrument" in verb.objects:
        return noun_phrase(deriver, noun, "none" if "game" in tags else "instrument")
    if "unique" in tags or "realm" in tags:
        mine = "kingdom" in tags and "royal" in actor.noun.tags and bool(actor.owner) and deriver.chance(0.4)
        return noun_phrase(deriver, noun, actor.owner if mine else "the", adjectives=described)
    if negative and "person" in tags:
        return noun_phrase(deriver, noun, "the", adjectives=described)
    if actor.owner and deriver.chance(_owned_probability(noun, verb, actor)):
        several = not noun.mass and "single" not in tags and noun.fixed_english is None
        plural = several and _owned_plural(deriver, noun, actor)
        return noun_phrase(deriver, noun, actor.owner, plural=plural, adjectives=described * 0.7)
    if noun.mass:
        return _mass_phrase(deriver, noun, described)
    if "person" in tags:
        return person_phrase(deriver, noun, plural=some_plural(deriver, noun), richness=richness * 0.7)
    return _thing_phrase(deriver, noun, described, actor=actor, negative=negative)


def _owned_plural(deriver: Deriver, noun: Noun, actor: Actor) -> bool:
    if noun.tags & {"clothes", "regalia"}:
        return "pairs" in noun.tags or actor.plural
    return deriver.chance(0.6 if actor.plural else 0.1)


def _for_one(noun: Noun) -> bool:
    """Whether several people cannot well have one: a cap, but not a coat, of which there are several."""
    return "clothes" in noun.tags and ("single" in noun.tags or noun.fixed_english is not None)


def _thing_phrase(deriver: Deriver, noun: Noun, described: float, *, actor: Actor, negative: bool) -> NounPhrase:
    tags = noun.tags
    if "pairs" in tags or noun.fixed_english is not None:
        determiner = ("a", "the")[deriver.chance(0.4)]
        return noun_phrase(deriver, noun, determiner, plural="pairs" in tags, adjectives=described)
    plural = "single" not in tags and deriver.chance(0.6 if "plural" in tags else 0.22)
    if "clothes" in tags:
        plural = actor.plural and "single" not in tags
    if negative:
        return noun_phrase(deriver, noun, ("a", "the")[deriver.chance(0.5)], plural=plural, adjectives=described)
    if plural:
        return noun_phrase(deriver, noun, _PLURALS.pick(deriver.random)[0], plural=True, adjectives=described)
    if tags & _OF_ROYALS and deriver.chance(0.2):
        phrase = noun_phrase(deriver, noun, "the", adjectives=described)
        return replace(phrase, owner=noun_phrase(deriver, nouns_with("royal").pick(deriver.random), "the"))
    return noun_phrase(deriver, noun, ("a", "the")[deriver.chance(0.4)], adjectives=described)


def _owned_probability(noun: Noun, verb: Verb, actor: Actor) -> float:
    if "offspring" in noun.tags and "child" in actor.noun.tags:
        return 0.0
    if "animal" in actor.noun.tags:
        return 0.6 if "toy" in noun.tags else 0.0
    if "poss" in verb.flags:
        return 0.6
    if noun.tags & _OFTEN_OWNED:
        return 0.5
    return 0.2 if noun.tags & _SOMETIMES_OWNED else 0.0


def _mass_phrase(deriver: Deriver, noun: Noun, described: float) -> NounPhrase:
    if "drink" in noun.tags and deriver.chance(0.3):
        vessel = lexicon().nouns["cup" if "hot" in noun.tags else ("glass", "bottle")[deriver.chance(0.4)]]
        phrase = noun_phrase(deriver, vessel, "a" if deriver.chance(0.8) else "the")
        return replace(phrase, content=noun_phrase(deriver, noun, "none"))
    return noun_phrase(deriver, noun, "a" if deriver.chance(0.7) else "the", adjectives=described)
