"""The built-in corpus: sentence pairs with exact gold word alignments, made by chance and the same for the same seed.

Every draw has its own seed, so that a sentence depends on nothing but the corpus seed and its number. Which split a
sentence belongs to is decided by a hash of the sentence itself: none is ever in two, and all splits are alike.
"""

import sqlite3
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b
from itertools import accumulate
from random import Random

from enface.data.grammar.derivation.derive import derive
from enface.data.grammar.languages import english_clauses, french_clauses, german_clauses
from enface.data.grammar.tree import Sentence
from enface.data.grammar.words import Word, pharaoh, text_of
from enface.errors import DataError, ParamsError

LANGUAGES = ("de", "en", "fr")
MIN_WORDS, MAX_WORDS = 4, 41  # of the source, its full stop included
MAX_REPEATS = 20_000  # draws in a row that bring no new sentence: then there is none left to bring

_LINEARISE: dict[str, Callable[[Sentence], list[Word]]] = {
    "en": english_clauses.sentence,
    "de": german_clauses.sentence,
    "fr": french_clauses.sentence,
}


@dataclass(frozen=True, slots=True)
class GrammarPair:
    """A sentence, its translation, and the gold links ("0-0 1-2 3?4") between their words, by `split_words`."""

    source: str
    target: str
    links: str


def pair_of(sentence: Sentence, *, source_language: str = "en", target_language: str) -> GrammarPair:
    """What a derivation says in two languages."""
    source, target = _LINEARISE[source_language](sentence), _LINEARISE[target_language](sentence)
    return _pair(source, target, source_language, target_language)


def _pair(source: list[Word], target: list[Word], source_language: str, target_language: str) -> GrammarPair:
    return GrammarPair(_text(source, source_language), _text(target, target_language), pharaoh(source, target))


def generate(
    *, target_language: str, seed: int, sizes: Mapping[str, int], source_language: str = "en"
) -> Iterator[tuple[str, GrammarPair]]:
    """The pairs of each split, in the order of `sizes`, as (split, pair); no source sentence comes twice.

    One of the two languages is "en", the other "de" or "fr". Raises ParamsError for other languages or sizes, and
    DataError where the grammar has not as many different sentences as asked for.
    """
    _check(source_language, target_language, sizes)
    draws = _Draws(seed, source_language, sizes)
    for split, size in sizes.items():
        for sentence, source in draws.of_split(split, size):
            target = _LINEARISE[target_language](sentence)
            yield split, _pair(source, target, source_language, target_language)


def _check(source_language: str, target_language: str, sizes: Mapping[str, int]) -> None:
    languages = (source_language, target_language)
    if languages.count("en") != 1 or any(language not in LANGUAGES for language in languages):
        raise ParamsError(
            f"built-in corpus: got {source_language} to {target_language}, but it has en to de, en to fr and back; "
            "choose one of these, or another corpus"
        )
    for split, size in sizes.items():
        if size < 0:
            raise ParamsError(f"built-in corpus, split {split}: got {size} pairs, need >= 0")


def _text(words: list[Word], language: str) -> str:
    return text_of(words, space_before_question_mark=language == "fr")


class _Draws:
    """The sentences of each split, found in one pass; those of later splits wait as the numbers of their draws."""

    def __init__(self, seed: int, source_language: str, sizes: Mapping[str, int]) -> None:
        self._seed = seed
        self._source_language = source_language
        self._wanted = dict(sizes)
        self._waiting = {split: array("Q") for split in sizes}
        self._seen = _Digests()
        self._number = 0
        floor = max(1, sum(sizes.values()) // 1000)  # so that a tiny split need not be waited for
        shares = [max(size, floor) if size else 0 for size in sizes.values()]
        self._bounds = list(zip(accumulate(shares), sizes, strict=True))
        self._total = max(1, sum(shares))

    def of_split(self, split: str, size: int) -> Iterator[tuple[Sentence, list[Word]]]:
        """`size` derivations of the split with their source words."""
        waiting = self._waiting.pop(split)
        for number in waiting:
            yield self._draw(number)
        for _ in range(size - len(waiting)):
            yield self._next_of(split)

    def _next_of(self, split: str) -> tuple[Sentence, list[Word]]:
        repeats = 0
        while repeats < MAX_REPEATS:
            number = self._number
            self._number += 1
            sentence, source = self._draw(number)
            digest = self._digest(source)
            if not MIN_WORDS <= len(source) <= MAX_WORDS or not self._seen.add(digest):
                repeats += 1
                continue
            repeats = 0
            owner = self._owner(digest)
            if owner == split:
                return sentence, source
            waiting = self._waiting.get(owner)
            if waiting is not None and len(waiting) < self._wanted[owner]:
                waiting.append(number)
        raise DataError(
            f"built-in corpus, split {split}: {len(self._seen)} different sentences found and no new one in {repeats} "
            f"draws, but {sum(self._wanted.values())} pairs are asked for; ask for fewer"
        )

    def _draw(self, number: int) -> tuple[Sentence, list[Word]]:
        sentence = derive(Random((self._seed << 40) + number))
        return sentence, _LINEARISE[self._source_language](sentence)

    def _digest(self, source: list[Word]) -> int:
        text = _text(source, self._source_language)
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")

    def _owner(self, digest: int) -> str:
        place = digest % self._total
        return next(split for bound, split in self._bounds if place < bound)


class _Digests:
    """A set of 64-bit numbers on the disk: memory stays flat, however many there are."""

    def __init__(self) -> None:
        self._database = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._count = 0
        for statement in (
            "PRAGMA journal_mode = OFF",
            "PRAGMA synchronous = OFF",
            "CREATE TABLE digests (digest INTEGER PRIMARY KEY)",
            "BEGIN",
        ):
            self._database.execute(statement)

    def add(self, digest: int) -> bool:
        """Whether it is new; from now on it is not."""
        signed = digest - (1 << 63)
        new = self._database.execute("INSERT OR IGNORE INTO digests VALUES (?)", (signed,)).rowcount == 1
        self._count += new
        return new

    def __len__(self) -> int:
        return self._count
