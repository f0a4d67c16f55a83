"""Pairs made wrong on purpose, in the ways in which noisy corpora are wrong.

    shuffled         the target of another pair, of one with about as many words
    truncated        one side ends early, half of the times with the mark that ends the whole of it
    dropped          one side lacks some of its words
    wrong_language   the source stands on both sides, or the target does

Each is made such that nothing but reading both sides tells it from a translation, as far as that goes: of a shuffled
pair the length would tell otherwise, of a truncated one the missing full stop. Text in, text out; what is learnt from
it stands elsewhere. Chance comes from the caller's generator, so equal seeds give equal pairs.
"""

from collections.abc import Callable, Sequence
from typing import Literal, get_args

import numpy as np
from jaxtyping import Float32

from enface.alignment.words import PUNCTUATION, split_words, word_spans

Pair = tuple[str, str]
Kind = Literal["shuffled", "truncated", "dropped", "wrong_language"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_DROPPED_PART = 0.2
_MARK_KEPT_PART = 0.5


def corrupted(pairs: Sequence[Pair], kind: Kind, random: np.random.Generator) -> list[Pair]:
    """The pairs made wrong, in their order; those that cannot be made so (of a single word, say) are left out."""
    match kind:
        case "shuffled":
            return _shuffled(pairs, random)
        case "truncated":
            return _on_one_side(pairs, _truncated, random)
        case "dropped":
            return _on_one_side(pairs, _dropped, random)
        case "wrong_language":
            sides = random.integers(2, size=len(pairs))
            return [(pair[side], pair[side]) for pair, side in zip(pairs, sides, strict=True) if pair[0] != pair[1]]


def mixture(pairs: Sequence[Pair], random: np.random.Generator) -> tuple[list[Pair], Float32[np.ndarray, " P"]]:
    """All pairs and, behind them, each once more made wrong in a way drawn by chance; and 1 or 0 for each of these."""
    kinds = random.integers(len(KINDS), size=len(pairs))
    wrong: list[Pair] = []
    for number, kind in enumerate(KINDS):
        drawn = [pair for pair, of_pair in zip(pairs, kinds, strict=True) if of_pair == number]
        wrong += corrupted(drawn, kind, random)
    return [*pairs, *wrong], np.repeat(np.array([1, 0], np.float32), [len(pairs), len(wrong)])


def _shuffled(pairs: Sequence[Pair], random: np.random.Generator) -> list[Pair]:
    """Each source with the next target in the order of length, which is by chance among equal ones."""
    words = np.array([len(split_words(target)) for _, target in pairs], dtype=np.int64)
    order = np.lexsort((random.random(len(pairs)), words))
    partners = np.empty_like(order)
    partners[order] = np.roll(order, -1)
    targets = [pairs[partner][1] for partner in partners]
    return [(source, other) for (source, target), other in zip(pairs, targets, strict=True) if other != target]


def _on_one_side(
    pairs: Sequence[Pair], change: Callable[[str, np.random.Generator], str | None], random: np.random.Generator
) -> list[Pair]:
    """The pairs with `change` made to one of their sides, drawn by chance; not those that it answers None for."""
    changed = []
    for source, target in pairs:
        on_source = random.random() < 0.5
        text = change(source if on_source else target, random)
        if text is not None:
            changed.append((text, target) if on_source else (source, text))
    return changed


def _truncated(text: str, random: np.random.Generator) -> str | None:
    """The first words of `text`, at least one and not all; None where it has no two."""
    pieces = _pieces(text)
    places = _places_of_words(pieces)
    if len(places) < 2:
        return None
    kept = places[int(random.integers(len(places) - 1))]  # the last word that is
    ending = pieces[places[-1] + 1 :] if random.random() < _MARK_KEPT_PART else []
    return "".join([*pieces[: kept + 1], *ending]).strip()


def _dropped(text: str, random: np.random.Generator) -> str | None:
    """`text` without some of its words, at least one and not all; None where it has no two."""
    pieces = _pieces(text)
    places = _places_of_words(pieces)
    if len(places) < 2:
        return None
    kept, *others = random.permutation(places).tolist()
    gone = {place for place in others if random.random() < _DROPPED_PART} or {others[0]}
    assert kept not in gone
    return "".join(piece for place, piece in enumerate(pieces) if place not in gone).strip()


def _pieces(text: str) -> list[str]:
    """`text` cut up after each word and each mark of punctuation; blanks go with what follows them."""
    ends = [end for _, end in word_spans(text)]
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False)]


def _places_of_words(pieces: Sequence[str]) -> list[int]:
    """Where the words stand among the pieces, marks of punctuation aside."""
    return [place for place, piece in enumerate(pieces) if piece.strip() not in PUNCTUATION]
