"""Deriving sentences of one main clause: statements, two verbs, there is, what something is like, questions."""

from dataclasses import replace

from enface.data.grammar.derivation.actions import action, calm_verbs, places_something, successive_verbs
from enface.data.grammar.derivation.actors import Actor, actor_of, agent
from enface.data.grammar.derivation.choices import adjectives_for, nouns_with, places_with
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.derivation.phrases import adverb, named_adverb, noun_phrase, place_phrase
from enface.data.grammar.derivation.relatives import identified, related, related_object
from enface.data.grammar.derivation.times import purpose, timed
from enface.data.grammar.lexicon.entries import Noun
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.tree import AdjectiveNode, Clause, NounPhrase, Pronoun, Role, Sentence, Tense

_COUNTS = ("two", "three", "many", "several", "some", "four", "five")
_QUESTION_TENSES = (
    Tense.PROGRESSIVE,
    Tense.PROGRESSIVE,
    Tense.SIMPLE,
    Tense.PERFECT,
    Tense.CAN,
    Tense.PAST,
    Tense.WILL,
)


def statement(deriver: Deriver, richness: float) -> Sentence:
    """Somebody does something."""
    actor = described_agent(deriver, richness)
    clause = timed(deriver, actor, action(deriver, actor, richness=richness), fronting=0.45)
    if clause.verb is lexicon().verbs["go_to"] and deriver.chance(0.6):
        clause = purpose(deriver, actor, clause)
    if clause.purpose is None and deriver.chance(0.35 * richness):
        clause = related_object(deriver, clause, richness=richness * 0.7)
    return Sentence(deriver.anchor(), clause)


def described_agent(deriver: Deriver, richness: float) -> Actor:
    """Somebody, perhaps with a relative clause that says who."""
    actor = agent(deriver, richness=richness)
    if not isinstance(actor.node, NounPhrase) or not deriver.chance(0.25 * richness):
        return actor
    if actor.node.noun.proper or actor.node.owner or actor.node.modifier or "person" not in actor.noun.tags:
        return actor
    return replace(actor, node=identified(deriver, actor.node, richness=richness * 0.6))


def double(deriver: Deriver, richness: float) -> Sentence:
    """One actor, two verbs: is drinking coffee and reading a newspaper."""
    actor = described_agent(deriver, richness)
    if "person" in actor.noun.tags and deriver.chance(0.65):
        clause = calm_verbs(deriver, actor, richness=richness)
    else:
        clause = successive_verbs(deriver, actor, richness=richness)
    if clause.tense is Tense.PAST and deriver.chance(0.3):
        return Sentence(deriver.anchor(), replace(clause, front=adverb(deriver, "past")))
    elsewhere = clause.also is not None and clause.also.place is not None
    if clause.place is not None and not (elsewhere or places_something(clause)) and deriver.chance(0.25):
        clause = replace(clause, front=clause.place, place=None)
    return Sentence(deriver.anchor(), clause)


def weather(deriver: Deriver, tense: Tense = Tense.PROGRESSIVE) -> Clause:
    """It is raining; the sun is shining."""
    key = ("rain", "snow", "shine", "blow")[deriver.below(4)]
    verb = lexicon().verbs[key]
    if key in ("rain", "snow"):
        node = Pronoun(deriver.anchor(), "it", "es", "il")
        return Clause(deriver.anchor(), verb, tense, node, False, False)
    sky = actor_of(noun_phrase(deriver, lexicon().nouns["sun" if key == "shine" else "wind"], "the"))
    return Clause(deriver.anchor(), verb, tense, sky.node, False, sky.feminine)


def sky(deriver: Deriver, richness: float) -> Sentence:
    """The weather alone, now and then."""
    clause = weather(deriver)
    if deriver.chance(richness):
        place = place_phrase(deriver, places_with("nature", "village", "city").pick(deriver.random))
        return Sentence(deriver.anchor(), replace(clause, front=place))
    return Sentence(deriver.anchor(), replace(clause, time=adverb(deriver, "now")))


def being(deriver: Deriver, actor: Actor) -> Clause | None:
    """The actor is tired, or not; None if nothing of the kind can be said of it."""
    pool = adjectives_for(actor.noun, predicate=True)
    if not pool:
        return None
    if isinstance(actor.node, NounPhrase):
        actor = replace(actor, node=replace(actor.node, adjectives=()))
    negative = actor.definite and deriver.chance(0.12)
    degree = named_adverb(deriver, "very") if deriver.chance(0.3) and not negative else None
    predicate = AdjectiveNode(deriver.anchor(), pool.pick(deriver.random), degree)
    verb = lexicon().verbs["be"]
    clause = Clause(deriver.anchor(), verb, Tense.SIMPLE, actor.node, actor.plural, actor.feminine, negative)
    return replace(clause, predicate=predicate)


def description(deriver: Deriver, richness: float) -> Sentence:
    """The queen is very proud; the soup is hot."""
    clause = being(deriver, agent(deriver, richness=richness) if deriver.chance(0.5) else _thing(deriver))
    return Sentence(deriver.anchor(), clause) if clause is not None else statement(deriver, richness)


def _thing(deriver: Deriver) -> Actor:
    tags = ("food", "drink", "vessel", "carried", "readable", "vehicle", "washable", "fixable", "visit", "gadget")
    noun = nouns_with(*tags).pick(deriver.random)
    if noun.fixed_english is not None:
        noun = lexicon().nouns["soup"]
    plural = not noun.mass and "single" not in noun.tags and deriver.chance(0.35)
    determiner = "the" if deriver.chance(0.8) else "this"
    return actor_of(noun_phrase(deriver, noun, determiner, plural=plural, adjectives=0.1))


def existence(deriver: Deriver, richness: float) -> Sentence:
    """There is a dog in the garden."""
    noun = nouns_with("youngish", "animal", "visible", "vehicle").pick(deriver.random)
    plural = "single" not in noun.tags and deriver.chance(0.35)
    determiner = _COUNTS[deriver.below(len(_COUNTS))] if plural else "a"
    phrase = noun_phrase(deriver, noun, determiner, plural=plural, adjectives=0.4)
    there = Pronoun(deriver.anchor(), "there", "es", "il", silent_french="y")
    clause = Clause(deriver.anchor(), lexicon().verbs["be_there"], Tense.SIMPLE, there, False, False)
    place = place_phrase(deriver, places_with(*_where(noun)).pick(deriver.random))
    if "person" in noun.tags and deriver.chance(0.6 * richness):
        phrase = related(deriver, phrase, richness=richness * 0.6, role=Role.SUBJECT)
        return Sentence(deriver.anchor(), replace(clause, direct_object=phrase, front=place))
    if deriver.chance(0.35):
        return Sentence(deriver.anchor(), replace(clause, direct_object=phrase, front=place))
    return Sentence(deriver.anchor(), replace(clause, direct_object=phrase, place=place))


def _where(noun: Noun) -> tuple[str, ...]:
    if noun.tags & {"person", "pet"}:
        return ("out", "in")
    return ("nature", "fieldwork") if "animal" in noun.tags else ("nature", "street", "village", "city", "realm")


def question(deriver: Deriver, richness: float) -> Sentence:
    """Is somebody doing something? Who is, and where?"""
    choice = deriver.random.random()
    tense = _QUESTION_TENSES[deriver.below(len(_QUESTION_TENSES))]
    if choice < 0.2:
        who = Pronoun(deriver.anchor(), "who", "wer", "qui")
        asked = Actor(who, lexicon().nouns["man"], False, False, "")
        clause = replace(action(deriver, asked, richness=richness, tense=tense), negative=False)
        return Sentence(deriver.anchor(), clause, question=True, subject_asked=True)
    actor = agent(deriver, richness=richness * 0.7)
    if isinstance(actor.node, NounPhrase) and not actor.definite:
        actor = replace(actor, node=replace(actor.node, determiner=lexicon().determiners["the"]))
    clause = replace(action(deriver, actor, richness=richness * 0.8, tense=tense), negative=False)
    if choice < 0.4 and clause.verb.places:
        clause = replace(clause, front=named_adverb(deriver, "where"), place=None)
    return Sentence(deriver.anchor(), clause, question=True)
