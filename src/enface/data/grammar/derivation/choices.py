"""What fits what: weighted choices among the lexicon's entries by their tags. Chance comes from the caller."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

from enface.data.grammar.lexicon.entries import Adjective, Adverb, Noun, Verb
from enface.data.grammar.lexicon.tables import lexicon

T = TypeVar("T")

_PLAYING = ("play_game", "play_instrument")


@dataclass(frozen=True, slots=True)
class Pool(Generic[T]):
    """Entries to choose from, each with a weight."""

    items: Sequence[T]
    cumulative: Sequence[float]

    @classmethod
    def of(cls, items: Iterable[T], weight: Callable[[T], float] = lambda _: 1.0) -> "Pool[T]":
        """A pool of `items`, equally likely unless weighted."""
        chosen = list(items)
        return cls(chosen, list(accumulate(weight(item) for item in chosen)))

    def pick(self, random: Random) -> T:
        """One of the items, by its weight."""
        return self.items[bisect_right(self.cumulative, random.random() * self.cumulative[-1])]

    def __bool__(self) -> bool:
        return bool(self.items)


@cache
def nouns_with(*tags: str) -> Pool[Noun]:
    """The nouns that have one of the tags; people are held back where things are meant as well."""
    wanted = frozenset(tags)
    found = [noun for noun in lexicon().nouns.values() if noun.tags & wanted]
    mixed = any("person" not in noun.tags for noun in found)
    return Pool.of(found, lambda noun: noun.weight / (8.0 if mixed and "person" in noun.tags else 1.0))


@cache
def places_with(*tags: str) -> Pool[Noun]:
    """The places that have one of the tags."""
    return Pool.of((noun for noun in nouns_with(*tags).items if noun.place), lambda noun: noun.weight)


@cache
def objects_of(verb: Verb) -> Pool[Noun]:
    """What the verb may be done to."""
    return nouns_with(*sorted(verb.objects))


@cache
def places_of(verb: Verb) -> Pool[str]:
    """The tags of the places where it is done, each weighted by how many nouns have it."""
    return Pool.of(sorted(verb.places))


@cache
def verbs_of(noun: Noun, kind: str) -> Pool[Verb]:
    """The verbs of a table (see `kinds`) that the noun may be the subject of; its own come more often: a king rules."""
    general = {"person", "animal", "adult", "child", "pet", "ground"}

    def weight(verb: Verb) -> float:
        return verb.weight * (1.0 if verb.subjects & noun.tags & general else 3.0)

    return Pool.of((verb for verb in kinds()[kind] if verb.subjects & noun.tags), weight)


@cache
def adjectives_for(noun: Noun, *, colour: bool = False, predicate: bool = False) -> Pool[Adjective]:
    """The adjectives that fit the noun; `colour` only those that may follow another, `predicate` those after is."""
    fitting = (
        adjective
        for adjective in lexicon().adjectives
        if adjective.tags & noun.tags and (adjective.colour or not colour) and (adjective.predicate or not predicate)
    )
    return Pool.of(fitting, lambda adjective: adjective.weight)


@cache
def adverbs_of(kind: str) -> Pool[Adverb]:
    """The adverbs whose kind is, or contains, the given one."""
    return Pool.of(adverb for adverb in lexicon().adverbs.values() if kind in adverb.kind.split())


@cache
def kinds() -> dict[str, list[Verb]]:
    """The verbs by the shape of their clause; of the plain ones again those done sitting ("calm"), those that are
    a posture ("state"), that tell who is meant ("trait") and that happen ("event")."""
    by_kind: dict[str, list[Verb]] = {"plain": [], "giving": [], "placing": [], "special": []}
    by_kind |= {"calm": [], "state": [], "trait": [], "event": []}
    for key, verb in lexicon().verbs.items():
        kind = lexicon().verb_kinds[key]
        by_kind["plain" if key in _PLAYING else kind].append(verb)
    for verb in by_kind["plain"]:
        for kind in ("calm", "state", "trait"):
            if kind in verb.flags:
                by_kind[kind].append(verb)
        if not verb.flags & {"stative", "state"}:
            by_kind["event"].append(verb)
    return by_kind
