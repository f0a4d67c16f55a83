"""What a lexicon entry is: one meaning with its forms in English, German and French. The tables are elsewhere."""

from dataclasses import dataclass

from enface.data.grammar.words import Phrase

# Indexed by number: False (singular) first, True (plural) second.
Forms = tuple[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Noun:
    """A noun: `fixed_*` is a language's only number where it has one (scissors), `mass` where it is not counted.

    `sex` is that of the person meant ("m", "f" or ""), which decides he or she; genders are grammatical.
    """

    english: Forms
    german_gender: str
    german: Forms
    german_oblique: str  # accusative and dative singular
    german_genitive: str
    german_dative_plural: str
    french_gender: str
    french: tuple[Phrase, Phrase]
    tags: frozenset[str]
    place: str = ""  # the key of the preposition that says where
    sex: str = ""
    mass: bool = False
    proper: bool = False
    fixed_english: bool | None = None
    fixed_german: bool | None = None
    fixed_french: bool | None = None
    weight: float = 1.0

    @property
    def english_length(self) -> int:
        """The number of English words."""
        return self.english[0].count(" ") + 1


@dataclass(frozen=True, slots=True, eq=False)
class Adjective:
    """An adjective: `german` is the stem that endings follow; French has (m, f, m plural, f plural) and a place."""

    english: str
    german: str
    german_predicate: str
    french: tuple[str, str, str, str]
    french_before_vowel: str  # masculine singular before a vowel: bel, vieil
    before_noun: bool
    tags: frozenset[str]
    predicate: bool
    colour: bool
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class EnglishVerb:
    """English forms, with the particle (up) and the preposition before the object (for) that belong to the verb."""

    base: str
    singular: str
    progressive: str
    past: str
    participle: str
    particle: str = ""
    preposition: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class GermanVerb:
    """German forms: `finite` and `infinitive` without the separable prefix; the case and preposition of the object."""

    infinitive: str
    finite: Forms
    participle: str
    prefix: str = ""
    auxiliary: str = "haben"
    reflexive: bool = False
    case: str = "accusative"
    preposition: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class FrenchVerb:
    """French forms; `state` is the participle of "être assis", which agrees and makes the finite form of être."""

    infinitive: str
    finite: Forms
    participle: str
    auxiliary: str = "avoir"
    reflexive: bool = False
    preposition: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Verb:
    """A verb in the three languages, who does it (`subjects`), to what (`objects`), where (`places`: tags of nouns)."""

    english: EnglishVerb
    german: GermanVerb
    french: FrenchVerb
    subjects: frozenset[str]
    objects: frozenset[str]
    places: frozenset[str]
    flags: frozenset[str]
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Adverb:
    """An adverb or a fixed adverbial phrase (in the morning); `kind` says when it fits."""

    english: str
    german: Phrase
    french: Phrase
    kind: str


@dataclass(frozen=True, slots=True, eq=False)
class Preposition:
    """A preposition of place or company; German governs a case."""

    english: str
    german: Phrase
    case: str
    french: Phrase


@dataclass(frozen=True, slots=True, eq=False)
class Determiner:
    """What stands before the noun; `german` and `french` name a declension of the morphology or a fixed phrase."""

    english: Forms
    german: str
    german_endings: str  # of the adjectives after it: weak, mixed or strong
    french: str


@dataclass(frozen=True, slots=True, eq=False)
class Conjunction:
    """What joins clauses; `subordinate` sends the German verb to the end."""

    english: str
    german: Phrase
    french: Phrase
    subordinate: bool = True
