"""Deriving noun phrases, adjectives, adverbs and places: what a thing is called, not what is done with it."""

from enface.data.grammar.derivation.choices import adjectives_for, adverbs_of, nouns_with
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.lexicon.entries import Noun
from enface.data.grammar.lexicon.tables import lexicon
from enface.data.grammar.tree import AdjectiveNode, AdverbNode, NounPhrase, PrepositionalPhrase


def noun_phrase(
    deriver: Deriver, noun: Noun, determiner: str, *, plural: bool = False, adjectives: float = 0.0
) -> NounPhrase:
    """A noun phrase; `adjectives` is the probability of an adjective that suits the noun."""
    described = adjective_nodes(deriver, noun) if adjectives and deriver.chance(adjectives) else ()
    return NounPhrase(deriver.anchor(), noun, lexicon().determiners[determiner], plural, described)


def adjective_nodes(deriver: Deriver, noun: Noun) -> tuple[AdjectiveNode, ...]:
    """One adjective that suits the noun, or two, the second of a colour; none where none suits.

    Only an adjective that French puts before the noun gets company: of two after it, one would need "et".
    """
    pool = adjectives_for(noun)
    if not pool:
        return ()
    first = AdjectiveNode(deriver.anchor(), pool.pick(deriver.random))
    colours = adjectives_for(noun, colour=True)
    if first.entry.before_noun and colours and deriver.chance(0.35):
        return first, AdjectiveNode(deriver.anchor(), colours.pick(deriver.random))
    return (first,)


def adverb(deriver: Deriver, kind: str) -> AdverbNode:
    """An adverb of the kind."""
    return AdverbNode(deriver.anchor(), adverbs_of(kind).pick(deriver.random))


def named_adverb(deriver: Deriver, key: str) -> AdverbNode:
    """The adverb of that name."""
    return AdverbNode(deriver.anchor(), lexicon().adverbs[key])


def prepositional_phrase(
    deriver: Deriver, preposition: str, noun: Noun, *, definite: float = 0.72, adjectives: float = 0.12
) -> PrepositionalPhrase:
    """Preposition and noun, definite with the given probability and always where there is only one such place."""
    determiner = "the" if "unique" in noun.tags or deriver.chance(definite) else "a"
    phrase = noun_phrase(deriver, noun, determiner, adjectives=adjectives)
    return PrepositionalPhrase(deriver.anchor(), lexicon().prepositions[preposition], phrase)


def place_phrase(deriver: Deriver, noun: Noun) -> PrepositionalPhrase:
    """Where: the noun with the preposition that it takes."""
    return prepositional_phrase(deriver, noun.place, noun)


def near_phrase(deriver: Deriver) -> PrepositionalPhrase:
    """In front of, behind or next to something that stands there."""
    preposition = ("front", "behind", "next")[deriver.below(3)]
    return prepositional_phrase(deriver, preposition, nouns_with("landmark").pick(deriver.random), adjectives=0.2)


def shade_phrase(deriver: Deriver) -> PrepositionalPhrase:
    """Under a tree."""
    return prepositional_phrase(deriver, "under", nouns_with("shade").pick(deriver.random), definite=0.5)


def wearable(clothes: Noun, wearer: Noun) -> bool:
    """Whether the clothes suit the wearer's sex; true of everything else."""
    if "feminine" in clothes.tags:
        return wearer.sex == "f"
    return wearer.sex == "m" if "masculine" in clothes.tags else True
