"""The derivation: what a sentence says, before any language says it. Linearisations only read it.

Nodes are not changed once made (they are not frozen only because making them is most of a derivation's work).
Each has its anchor, the first of a block (`words.BLOCK`) that its words on both sides refer to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from enface.data.grammar.lexicon.entries import Adjective, Adverb, Conjunction, Determiner, Noun, Preposition, Verb
from enface.data.grammar.words import Word


class Tense(Enum):
    """The tenses and moods; English tells the simple present from the progressive, the past from the perfect."""

    SIMPLE = "simple"
    PROGRESSIVE = "progressive"
    PERFECT = "perfect"
    PAST = "past"
    WILL = "will"
    CAN = "can"
    MUST = "must"
    WANT = "want"


MODALS = (Tense.WILL, Tense.CAN, Tense.MUST, Tense.WANT)
PAST_TENSES = (Tense.PERFECT, Tense.PAST)


class Role(Enum):
    """What the relative pronoun is in its clause."""

    SUBJECT = "subject"
    OBJECT = "object"
    WITH = "with"  # the woman with whom he is dancing
    OWNER = "owner"  # the man whose dog is barking: of the subject


@dataclass(slots=True, eq=False)
class AdjectiveNode:
    """An adjective before or after its noun, or after to be."""

    anchor: int
    entry: Adjective
    degree: "AdverbNode | None" = None


@dataclass(slots=True, eq=False)
class AdverbNode:
    """An adverb."""

    anchor: int
    entry: Adverb


@dataclass(slots=True, eq=False)
class NounPhrase:
    """A noun with what belongs to it; `plural` as the derivation means it, before a language's fixed number."""

    anchor: int
    noun: Noun
    determiner: Determiner
    plural: bool = False
    adjectives: tuple[AdjectiveNode, ...] = ()
    modifier: "PrepositionalPhrase | None" = None
    owner: "NounPhrase | None" = None  # the crown of the king
    content: "NounPhrase | None" = None  # a cup of tea
    relative: "Relative | None" = None


@dataclass(slots=True, eq=False)
class Pair:
    """Two noun phrases joined by and."""

    anchor: int
    left: NounPhrase
    right: NounPhrase
    conjunction: Conjunction


@dataclass(slots=True, eq=False)
class Pronoun:
    """A pronoun as subject; `plural` and `feminine` are what verb and participle agree with."""

    anchor: int
    english: str
    german: str
    french: str
    plural: bool = False
    feminine: bool = False
    silent_french: str = ""  # il y a


Subject = NounPhrase | Pair | Pronoun
Nominal = NounPhrase | Pair


@dataclass(slots=True, eq=False)
class PrepositionalPhrase:
    """Where, whither or with whom."""

    anchor: int
    preposition: Preposition
    noun_phrase: NounPhrase


Adverbial = PrepositionalPhrase | AdverbNode


@dataclass(slots=True, eq=False)
class Relative:
    """A relative clause; its gap is filled by the noun it stands after."""

    anchor: int
    role: Role
    clause: "Clause"


@dataclass(slots=True, eq=False)
class Subordinate:
    """A clause behind a conjunction: because it is raining."""

    anchor: int
    conjunction: Conjunction
    clause: "Clause"


@dataclass(slots=True, eq=False)
class Clause:
    """A verb and what goes with it. `subject` is None where a relative pronoun or the clause before supplies it.

    `front` comes first in the sentence; `also` is a second verb of the same subject; `purpose` is "in order to".
    """

    anchor: int
    verb: Verb
    tense: Tense
    subject: Subject | None
    plural: bool  # of the subject, also where it stands elsewhere
    feminine: bool
    negative: bool = False
    frequency: AdverbNode | None = None
    manner: AdverbNode | None = None
    time: AdverbNode | None = None
    recipient: Nominal | None = None
    recipient_first: bool = False
    direct_object: Nominal | None = None
    predicate: AdjectiveNode | None = None
    place: Adverbial | None = None
    front: "Adverbial | Subordinate | None" = None
    also: "Clause | None" = None
    purpose: "Clause | None" = None
    tail: Subordinate | None = None


@dataclass(slots=True, eq=False)
class Sentence:
    """One or two main clauses with the mark that ends them; what a question asks for is its `front`."""

    anchor: int
    first: Clause
    conjunction: Conjunction | None = None
    second: Clause | None = None
    question: bool = False
    subject_asked: bool = False  # who ...?, in the order of a statement


# How a language says a clause: its noun phrases, which a relative clause may end, are given this by its clauses.
ClauseWords = Callable[[Clause], list[Word]]
