"""Deriving subjects: somebody described, two people, a name, a pronoun for somebody already named."""

from dataclasses import dataclass, replace

from enface.data.grammar.derivation.choices import Pool, adjectives_for, nouns_with
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.derivation.phrases import noun_phrase, wearable
from enface.data.grammar.lexicon.entries import Noun
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.tree import AdjectiveNode, NounPhrase, Pair, PrepositionalPhrase, Pronoun, Subject

_SINGULAR = Pool.of((("the", 50), ("a", 38), ("this", 7), ("every", 5)), lambda item: item[1])
_PLURAL = Pool.of(
    (
        ("the", 30),
        ("two", 18),
        ("three", 13),
        ("four", 6),
        ("five", 6),
        ("many", 9),
        ("several", 8),
        ("some", 8),
        ("a", 8),
        ("this", 5),
    ),
    lambda item: item[1],
)
_BODY_CLOTHES = ("coat", "jacket", "dress", "skirt", "shirt", "sweater", "uniform", "apron", "raincoat", "hat", "boot")


@dataclass(frozen=True, slots=True)
class Actor:
    """The subject of a clause: its node (None where it is said elsewhere), and what its verb must know of it."""

    node: Subject | None
    noun: Noun
    plural: bool
    feminine: bool  # what French agrees with
    owner: str  # the determiner of what belongs to it: "his", "her", "their", "its_m", "its_f" or ""

    @property
    def definite(self) -> bool:
        """Whether the actor is known, so that a sentence may deny something of it."""
        if isinstance(self.node, NounPhrase):
            return self.node.noun.proper or self.node.determiner.german in ("der", "dieser")
        return self.node is None or isinstance(self.node, Pronoun)


def agent(deriver: Deriver, *, richness: float) -> Actor:
    """Somebody to do something: a person, an animal, two of them, or one by name."""
    choice = deriver.random.random()
    if choice < 0.035:
        return actor_of(noun_phrase(deriver, Pool.of(lexicon().names).pick(deriver.random), "none"))
    if choice < 0.085:
        return pair(deriver)
    noun = nouns_with("animal" if choice < 0.16 else "person").pick(deriver.random)
    return actor_of(person_phrase(deriver, noun, plural=some_plural(deriver, noun), richness=richness))


def some_plural(deriver: Deriver, noun: Noun) -> bool:
    """Whether to speak of several: never of fathers, seldom of kings."""
    if "single" in noun.tags:
        return False
    return deriver.chance(0.1 if "royal" in noun.tags else 0.22)


def person_phrase(deriver: Deriver, noun: Noun, *, plural: bool, richness: float) -> NounPhrase:
    """A person or an animal, described and dressed by `richness` from 0 to 1."""
    determiner = (_PLURAL if plural else _SINGULAR).pick(deriver.random)[0]
    if determiner == "every" and noun.tags & {"kin", "ruler"}:
        determiner = "the"
    phrase = noun_phrase(deriver, noun, determiner, plural=plural, adjectives=0.1 + 0.4 * richness)
    if determiner == "the" and not plural and noun.tags & {"kin", "guest"} and deriver.chance(0.2):
        owner = nouns_with("royal").pick(deriver.random)
        return replace(phrase, owner=noun_phrase(deriver, owner, "the")) if owner is not noun else phrase
    if "person" in noun.tags and determiner != "every" and deriver.chance(0.02 + 0.26 * richness):
        return replace(phrase, modifier=_appearance(deriver, noun, plural))
    return phrase


def _appearance(deriver: Deriver, noun: Noun, plural: bool) -> PrepositionalPhrase:
    """In a red coat, with long hair, with a balloon."""
    choice = deriver.random.random()
    if choice < 0.55:
        return PrepositionalPhrase(
            deriver.anchor(), lexicon().prepositions["clothes"], _clothes(deriver, noun, plural=plural)
        )
    if choice < 0.8:
        bearded = noun.sex == "m" and not plural and not noun.tags & {"child", "heir"}
        feature = _feature(deriver, noun, "beard" if bearded and deriver.chance(0.4) else "hair")
        return PrepositionalPhrase(deriver.anchor(), lexicon().prepositions["feature"], feature)
    thing = nouns_with("holdable", "dog", "cat").pick(deriver.random)
    several = plural and "single" not in thing.tags
    phrase = noun_phrase(deriver, thing, "a", plural=several, adjectives=0.3)
    return PrepositionalPhrase(deriver.anchor(), lexicon().prepositions["with"], phrase)


def _clothes(deriver: Deriver, wearer: Noun, *, plural: bool) -> NounPhrase:
    clothes = nouns_with(*_BODY_CLOTHES).pick(deriver.random)
    if not wearable(clothes, wearer) or (plural and "single" in clothes.tags):
        clothes = lexicon().nouns["coat"]
    several = plural or "pairs" in clothes.tags
    colours = adjectives_for(clothes, colour=True)
    adjectives = (AdjectiveNode(deriver.anchor(), colours.pick(deriver.random)),) if deriver.chance(0.75) else ()
    return NounPhrase(deriver.anchor(), clothes, lexicon().determiners["in_clothes"], several, adjectives)


def _feature(deriver: Deriver, noun: Noun, key: str) -> NounPhrase:
    youthful = bool(noun.tags & {"child", "heir"})
    entries = [entry for entry in lexicon().feature_adjectives if key in entry.tags]
    fitting = [entry for entry in entries if not (youthful and entry.english in ("grey", "white"))]
    adjective = AdjectiveNode(deriver.anchor(), fitting[deriver.below(len(fitting))])
    determiner = lexicon().determiners["feature"]
    return NounPhrase(deriver.anchor(), lexicon().nouns[key], determiner, False, (adjective,))


def pair(deriver: Deriver) -> Actor:
    """Two people: the king and the queen."""
    left, right = (nouns_with("person").pick(deriver.random) for _ in range(2))
    if left is right:
        right = lexicon().nouns["woman" if left.sex == "m" else "man"]
    determiner = "the" if deriver.chance(0.7) else "a"
    first = noun_phrase(deriver, left, determiner, adjectives=0.15)
    second = noun_phrase(deriver, right, determiner, adjectives=0.15)
    return actor_of(Pair(deriver.anchor(), first, second, lexicon().conjunctions["and"]))


def actor_of(node: NounPhrase | Pair) -> Actor:
    """The node as a subject."""
    if isinstance(node, Pair):
        feminine = node.left.noun.french_gender == "f" and node.right.noun.french_gender == "f"
        return Actor(node, node.left.noun, True, feminine, "their")
    noun = node.noun
    return Actor(node, noun, node.plural, noun.french_gender == "f", _owner(noun, node.plural))


def _owner(noun: Noun, plural: bool) -> str:
    if plural:
        return "their"
    if noun.sex:
        return "his" if noun.sex == "m" else "her"
    if "animal" in noun.tags:
        return "its_f" if noun.german_gender == "f" else "its_m"
    return ""


def pronoun_for(deriver: Deriver, actor: Actor) -> Actor | None:
    """The same actor as he, she, it or they; None for a child, of whom neither he nor she is known."""
    if not actor.owner:
        return None
    french = ("il", "ils", "elle", "elles")[2 * actor.feminine + actor.plural]
    if actor.plural:
        english, german = "they", "sie"
    elif actor.noun.sex:
        english, german = ("he", "er") if actor.noun.sex == "m" else ("she", "sie")
    else:
        english, german = "it", {"m": "er", "f": "sie", "n": "es"}[actor.noun.german_gender]
    node = Pronoun(deriver.anchor(), english, german, french, actor.plural, actor.feminine)
    return replace(actor, node=node)
