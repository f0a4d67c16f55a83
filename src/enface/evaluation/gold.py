"""Alignment error against links made by hand, whatever the hand-made file's own tokens are.

A gold file comes cut into tokens by blanks (`Hut , der`), which is not how a model has met its language, so the text
that is aligned is the same sentence as the test split has it (`Hut, der`), found by its characters without blanks;
where no split has it, the gold line as it stands. Gold tokens and our words are then two ways to cut up one text:
each is a character span, and a link between two of our words is a link between all the gold tokens they overlap.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from enface.alignment.error_rate import AlignmentScores, alignment_error_rate
from enface.alignment.links import Link
from enface.alignment.pharaoh import GoldAlignment, parse_pharaoh
from enface.alignment.words import Span, word_spans
from enface.errors import DataError
from enface.evaluation.engine import Ask, Translation, ask_all
from enface.evaluation.section import GoldSection

Pair = tuple[str, str]


@dataclass(frozen=True)
class GoldPair:
    """A sentence pair, the spans of its gold tokens on both sides, and their gold links."""

    texts: Pair
    source_tokens: list[Span]
    target_tokens: list[Span]
    alignment: GoldAlignment


def gold_of_split(pairs: Sequence[Pair], lines: Sequence[str], *, where: str) -> list[GoldPair]:
    """The gold pairs of a split whose links count our own words.

    Raises:
        DataError: a line is no alignment or links a word that is not there; `where` names the file of the links.
    """
    return [
        _gold_pair(texts, (word_spans(texts[0]), word_spans(texts[1])), parse_pharaoh(line, place), place)
        for texts, line, place in zip(pairs, lines, _places(where, len(pairs)), strict=True)
    ]


def read_gold(section: GoldSection, languages: Pair, *, known: Iterable[Pair]) -> list[GoldPair]:
    """The pairs of the section's folder in the direction `languages`; none where there is no folder for them.

    Args:
        section: the folder, and which language its links count first.
        languages: the source and target language of the model.
        known: sentence pairs as a model would be given them.

    Raises:
        DataError: a file is missing, the three are not of one length, or a line of links is wrong.
    """
    gold_languages = (section.source_language, section.target_language)
    if not section.folder or languages not in (gold_languages, gold_languages[::-1]):
        return []
    folder = Path(section.folder)
    lines = {name: _lines(folder / f"gold.{name}") for name in (*languages, "align")}
    if len({len(found) for found in lines.values()}) > 1:
        counts = ", ".join(f"gold.{name} {len(found)}" for name, found in lines.items())
        raise DataError(f"{folder}: got unequal counts of lines: {counts}; need one each for every pair")
    texts_of = {(_key(source), _key(target)): (source, target) for source, target in known}
    pairs = []
    places = _places(str(folder / "gold.align"), len(lines["align"]))
    for source, target, line, place in zip(*lines.values(), places, strict=True):
        texts = texts_of.get((_key(source), _key(target)), (source, target))
        tokens = (token_spans(source.split(), texts[0]), token_spans(target.split(), texts[1]))
        alignment = parse_pharaoh(line, place)
        pairs.append(_gold_pair(texts, tokens, alignment if languages == gold_languages else _turned(alignment), place))
    return pairs


def token_spans(tokens: Sequence[str], text: str) -> list[Span]:
    """Where each token stands in `text`, which has the characters of all tokens in order, and blanks anywhere."""
    places = [place for place, character in enumerate(text) if not character.isspace()]
    spans, used = [], 0
    for token in tokens:
        spans.append((places[used], places[used + len(token) - 1] + 1))
        used += len(token)
    return spans


def score_gold(align: Ask[Pair], pairs: Sequence[GoldPair], *, what: str) -> AlignmentScores:
    """The scores of the links that `align` gives for the gold pairs."""
    answers = ask_all(align, [pair.texts for pair in pairs], what=what)
    predicted = [gold_links(answer, pair) for answer, pair in zip(answers, pairs, strict=True)]
    return alignment_error_rate(predicted, [pair.alignment for pair in pairs])


def gold_links(answer: Translation, pair: GoldPair) -> set[Link]:
    """The links of `answer`, from our words to the gold tokens of `pair`."""
    sources = _overlaps(answer.source.spans, pair.source_tokens)
    targets = _overlaps(answer.target.spans, pair.target_tokens)
    return {(i, j) for source, target in answer.links for i in sources[source] for j in targets[target]}


def _gold_pair(texts: Pair, tokens: tuple[list[Span], list[Span]], alignment: GoldAlignment, where: str) -> GoldPair:
    for source, target in sorted(alignment.possible):
        if source >= len(tokens[0]) or target >= len(tokens[1]):
            raise DataError(
                f"{where}: got a link of source {source} and target {target}, but there are {len(tokens[0])} source "
                f"and {len(tokens[1])} target tokens, counted from 0"
            )
    return GoldPair(texts, *tokens, alignment)


def _turned(alignment: GoldAlignment) -> GoldAlignment:
    """The alignment of the opposite direction."""
    return GoldAlignment(
        frozenset((target, source) for source, target in alignment.sure),
        frozenset((target, source) for source, target in alignment.possible),
    )


def _overlaps(words: Sequence[Span], tokens: Sequence[Span]) -> list[list[int]]:
    """For each word, the tokens that share a character with it."""
    return [
        [index for index, (start, end) in enumerate(tokens) if start < word_end and word_start < end]
        for word_start, word_end in words
    ]


def _lines(path: Path) -> list[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise DataError(f'{path}: no such file; mend evaluate.gold.folder in params.yaml, or make it ""') from None
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 at byte {error.start}; save it as UTF-8") from None
    return unicodedata.normalize("NFC", text).removesuffix("\n").split("\n")


def _places(where: str, count: int) -> list[str]:
    return [f"{where}:{number}" for number in range(1, count + 1)]


def _key(text: str) -> str:
    return "".join(text.split())
