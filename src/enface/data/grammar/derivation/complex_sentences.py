"""Deriving sentences of several clauses: because, while, when, that, but, and the long ones made of all of these."""

from dataclasses import replace

from enface.data.grammar.derivation.actions import action, calm_verbs, positive
from enface.data.grammar.derivation.actors import Actor, actor_of, agent, person_phrase, pronoun_for, some_plural
from enface.data.grammar.derivation.choices import nouns_with
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.derivation.phrases import noun_phrase
from enface.data.grammar.derivation.relatives import related_object
from enface.data.grammar.derivation.sentences import being, described_agent, weather
from enface.data.grammar.derivation.times import timed
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.tree import PAST_TENSES, Clause, Pronoun, Sentence, Subordinate, Tense

_SPEAKING = ("say", "say", "know_that", "think_that", "hope", "believe", "ask")
_OF_ONESELF = (Tense.WILL, Tense.CAN, Tense.MUST)  # what one hopes, believes or asks oneself
_REASONS = (Tense.PROGRESSIVE, Tense.PROGRESSIVE, Tense.SIMPLE, Tense.WANT, Tense.MUST)
_TOGETHER = (Tense.PROGRESSIVE, Tense.PROGRESSIVE, Tense.SIMPLE, Tense.PAST)


def _again(deriver: Deriver, actor: Actor, richness: float) -> Actor:
    """The same actor by a pronoun, or somebody else."""
    same = pronoun_for(deriver, actor) if deriver.chance(0.55) else None
    return same or _somebody_else(deriver, actor, richness)


def _somebody_else(deriver: Deriver, actor: Actor, richness: float) -> Actor:
    other = agent(deriver, richness=richness * 0.6)
    if other.noun is actor.noun:
        return actor_of(noun_phrase(deriver, lexicon().nouns["king" if actor.noun.sex == "f" else "queen"], "the"))
    return other


def _subordinate(deriver: Deriver, conjunction: str, clause: Clause) -> Subordinate:
    return Subordinate(deriver.anchor(), lexicon().conjunctions[conjunction], clause)


def _reason(deriver: Deriver, actor: Actor, richness: float, *, past: bool) -> Subordinate:
    choice = deriver.random.random()
    reason: Clause | None = None
    if choice < 0.15:
        reason = weather(deriver)
    elif choice < 0.55:
        reason = being(deriver, _again(deriver, actor, richness))
    if reason is None:
        tense = Tense.PAST if past else _REASONS[deriver.below(len(_REASONS))]
        reason = action(deriver, _again(deriver, actor, richness), richness=richness * 0.7, tense=tense, kind="event")
    return _subordinate(deriver, "because", reason)


def because(deriver: Deriver, richness: float) -> Sentence:
    """Somebody does something because ..."""
    actor = described_agent(deriver, richness * 0.8)
    clause = action(deriver, actor, richness=richness * 0.8, kind="event")
    return Sentence(
        deriver.anchor(), replace(clause, tail=_reason(deriver, actor, richness, past=clause.tense in PAST_TENSES))
    )


def meanwhile(deriver: Deriver, richness: float) -> Sentence:
    """While somebody does this, somebody does that; or the other way round."""
    actor = agent(deriver, richness=richness)
    first, second = _at_once(deriver, actor, richness * 0.8)
    if isinstance(second.subject, Pronoun) or deriver.chance(0.5):
        return Sentence(deriver.anchor(), replace(second, front=_subordinate(deriver, "while", first)))
    return Sentence(deriver.anchor(), replace(first, tail=_subordinate(deriver, "while", second)))


def _at_once(deriver: Deriver, actor: Actor, richness: float) -> tuple[Clause, Clause]:
    """Two clauses that hold at the same time: of one sitting person, or of two."""
    same = pronoun_for(deriver, actor)
    tense = Tense.PROGRESSIVE
    if same is not None and "person" in actor.noun.tags and deriver.chance(0.5):
        posture = positive(action(deriver, actor, richness=richness, tense=tense, kind="state"))
        calm = positive(action(deriver, same, richness=richness, tense=tense, kind="calm"))
        return posture, replace(calm, place=None)
    other = _somebody_else(deriver, actor, richness)
    first = positive(action(deriver, actor, richness=richness, tense=tense, kind="event"))
    return first, positive(action(deriver, other, richness=richness, tense=tense, kind="event"))


def condition(deriver: Deriver, richness: float) -> Sentence:
    """When, if or as soon as something is so, somebody does something."""
    key = ("when", "if", "as soon as")[deriver.below(3)]
    if deriver.chance(0.3):
        opening = weather(deriver, Tense.SIMPLE)
        actor = agent(deriver, richness=richness)
    else:
        first = agent(deriver, richness=richness * 0.7)
        state = being(deriver, first) if key != "as soon as" and deriver.chance(0.5) else None
        opening = state or action(deriver, first, richness=richness * 0.6, tense=Tense.SIMPLE, kind="event")
        actor = _again(deriver, first, richness)
    tense = Tense.WILL if key == "if" or deriver.chance(0.3) else Tense.SIMPLE
    then = action(deriver, actor, richness=richness * 0.8, tense=tense, kind="event")
    subordinate = _subordinate(deriver, key, opening)
    if isinstance(then.subject, Pronoun) or deriver.chance(0.6):
        return Sentence(deriver.anchor(), replace(then, front=subordinate))
    return Sentence(deriver.anchor(), replace(then, tail=subordinate))


def saying(deriver: Deriver, richness: float) -> Sentence:
    """Somebody says that ..., or asks whether ..."""
    noun = nouns_with("person").pick(deriver.random)
    plural = some_plural(deriver, noun)
    speaker = actor_of(person_phrase(deriver, noun, plural=plural, richness=richness * 0.6))
    key = _SPEAKING[deriver.below(len(_SPEAKING))]
    subject = _again(deriver, speaker, richness)
    oneself = isinstance(subject.node, Pronoun)
    content = being(deriver, subject) if deriver.chance(0.25) and not (oneself and key == "ask") else None
    tense = _OF_ONESELF[deriver.below(3)] if oneself and key != "say" else None
    content = content or action(deriver, subject, richness=richness * 0.9, tense=tense)
    verb = lexicon().verbs[key]
    clause = Clause(deriver.anchor(), verb, Tense.SIMPLE, speaker.node, speaker.plural, speaker.feminine)
    tail = _subordinate(deriver, "whether" if key == "ask" else "that", content)
    return Sentence(deriver.anchor(), replace(clause, tail=tail))


def two_clauses(deriver: Deriver, richness: float) -> Sentence:
    """Two main clauses joined by and or but."""
    actor = described_agent(deriver, richness)
    tense = _TOGETHER[deriver.below(len(_TOGETHER))]
    first = timed(
        deriver, actor, action(deriver, actor, richness=richness * 0.9, tense=tense, kind="event"), fronting=0.4
    )
    other = _again(deriver, actor, richness)
    second = action(deriver, other, richness=richness * 0.9, tense=tense, kind="event")
    conjunction = lexicon().conjunctions["but" if deriver.chance(0.4) else "and"]
    return Sentence(deriver.anchor(), first, conjunction, second)


def story(deriver: Deriver, richness: float) -> Sentence:
    """A long sentence: two main clauses, each with more hung on it."""
    actor = described_agent(deriver, 1.0)
    if "person" in actor.noun.tags and deriver.chance(0.5):
        first = calm_verbs(deriver, actor, richness=0.7)
    else:
        first, meanwhile_clause = _at_once(deriver, actor, 0.7)
        first = replace(first, tail=_subordinate(deriver, "while", meanwhile_clause))
    other = _somebody_else(deriver, actor, 1.0)
    second = action(deriver, other, richness=richness, tense=Tense.PROGRESSIVE, kind="event")
    if deriver.chance(0.6):
        second = replace(second, tail=_reason(deriver, other, richness, past=False))
    else:
        second = related_object(deriver, second, richness=richness)
    conjunction = lexicon().conjunctions["but" if deriver.chance(0.4) else "and"]
    return Sentence(deriver.anchor(), first, conjunction, second)
