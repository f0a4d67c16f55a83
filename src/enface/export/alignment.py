"""Which attention of a model is its word alignment: measured on validation pairs, and stored in the bundle.

A Transformer attends with every head of every layer, and some of them look where a word comes from when it is written
(the row of step t), others when it has been read again (the row of step t + 1; Chen et al. 2020, section 3.1). Every
layer, each head and the mean of heads is tried with both rows, the model being led through the reference. Where the
corpus has gold links, the least alignment error is best; elsewhere the most agreement with an alignment made in the
opposite direction, of source words to target words, by IBM Model 1 learnt from the training pairs. Several models that
translate together offer the attentions of each.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import torch
from jaxtyping import Float

from enface.alignment.error_rate import alignment_error_rate
from enface.alignment.lexicon import learn_lexicon
from enface.alignment.links import Link, hard_links
from enface.alignment.matrix import AlignmentMatrix, from_attention, to_words, words_of
from enface.alignment.pharaoh import GoldAlignment, parse_pharaoh
from enface.alignment.words import word_spans
from enface.data.batches import collate, in_order_of_length
from enface.data.prepared import TRAIN, VALIDATION, EncodedSplit, PreparedFolder
from enface.data.tokenizer import Tokenizer
from enface.model.seq2seq import Seq2Seq
from enface.model.transformer import AlignmentHead

SHIFTS: tuple[Literal[0], Literal[1]] = (0, 1)

_LEXICON_PAIRS = 20_000
_SENTENCES_AT_ONCE = 64

Rows = Float[np.ndarray, "T_and_end S_and_end"]


class AlignmentChoice(NamedTuple):
    """An attention of one of the models, and which of its rows is a target token's, with how well it aligns."""

    member: int
    head: AlignmentHead
    shift: Literal[0, 1]
    error_rate: float  # against gold links, or against the opposite direction's


@dataclass(frozen=True)
class _Pair:
    """A validation pair: which word each subword of either side belongs to, and how the words are known to align."""

    source_words: list[int]
    target_words: list[int]
    known: GoldAlignment


def choose_alignment(
    members: Sequence[Seq2Seq], prepared: PreparedFolder, *, sentences: int, link_threshold: float
) -> list[AlignmentChoice]:
    """All choices that the models offer, the best first; among equals the earlier model, layer, the mean, the row of t.

    Afterwards the model whose the best is aligns with it. One attention with no other rows to try is measured too.
    """
    split = prepared.split(VALIDATION)
    count = min(sentences, len(split))
    pairs = _pairs(prepared, split, count, link_threshold)
    choices = []
    for number, member in enumerate(members):
        for head, rows in _attentions(member, split, count):
            choices += [
                AlignmentChoice(number, head, shift, _error_rate(rows, pairs, shift, link_threshold))
                for shift in SHIFTS
            ]
    choices.sort(key=lambda choice: choice.error_rate)
    members[choices[0].member].align_with(choices[0].head)
    return choices


def _pairs(prepared: PreparedFolder, split: EncodedSplit, count: int, link_threshold: float) -> list[_Pair]:
    sides = list(zip(split.source_sentences()[:count], split.target_sentences()[:count], strict=True))
    words = [tuple(_words(text, prepared.tokenizer) for text in pair) for pair in sides]
    gold = split.gold_links()
    if gold is not None:
        known = [parse_pharaoh(line, f"{prepared.path}/{VALIDATION}.links:{n}") for n, line in enumerate(gold, start=1)]
    else:
        known = _opposite_direction(prepared, split, words, link_threshold)
    return [_Pair(source, target, links) for (source, target), links in zip(words, known, strict=False)]


def _opposite_direction(
    prepared: PreparedFolder, split: EncodedSplit, words: Sequence[tuple[list[int], ...]], link_threshold: float
) -> list[GoldAlignment]:
    """The links of source words to target words that IBM Model 1 gives for the first pairs of `split`."""
    train = prepared.split(TRAIN)
    chosen = np.linspace(0, len(train) - 1, min(_LEXICON_PAIRS, len(train)), dtype=np.int64).tolist()
    lexicon = learn_lexicon([(train.target(index), train.source(index)) for index in chosen])
    alignments = []
    for index, (source, target) in enumerate(words):
        matrix = from_attention(lexicon.posteriors(split.target(index), split.source(index)))
        backward = hard_links(to_words(matrix, source_words=target, target_words=source), link_threshold)
        links = frozenset((source_word, target_word) for target_word, source_word in backward)
        alignments.append(GoldAlignment(sure=links, possible=links))
    return alignments


def _attentions(model: Seq2Seq, split: EncodedSplit, count: int) -> Iterator[tuple[AlignmentHead, list[Rows]]]:
    """Each attention that the model could align with, and where it looks in the first pairs of `split`."""
    for head in model.alignment_heads():
        model.align_with(head)
        yield head, _attention(model, split, count)


def _attention(model: Seq2Seq, split: EncodedSplit, count: int) -> list[Rows]:
    """Where the model looks while it is led through the first targets of `split`, its end's row and column with it."""
    found: dict[int, Rows] = {}
    for indices in in_order_of_length(split.source_lengths[:count], at_once=_SENTENCES_AT_ONCE):
        batch = collate(split, indices)
        with torch.inference_mode():
            weights = model(batch.source, batch.source_valid, batch.target_input).weights.float().numpy()
        for row, index in enumerate(indices):
            rows, columns = int(split.target_lengths[index]) + 1, int(split.source_lengths[index]) + 1
            found[index] = weights[row, :rows, :columns]
    return [found[index] for index in range(count)]


def _error_rate(rows: Sequence[Rows], pairs: Sequence[_Pair], shift: int, link_threshold: float) -> float:
    found = [_links(each, pair, shift, link_threshold) for each, pair in zip(rows, pairs, strict=True)]
    return alignment_error_rate(found, [pair.known for pair in pairs]).aer


def _links(rows: Rows, pair: _Pair, shift: int, link_threshold: float) -> set[Link]:
    of_tokens: AlignmentMatrix = from_attention(rows[shift : len(pair.target_words) + shift])
    matrix = to_words(of_tokens, source_words=pair.source_words, target_words=pair.target_words)
    return set(hard_links(matrix, link_threshold))


def _words(text: str, tokenizer: Tokenizer) -> list[int]:
    return words_of(tokenizer.encode(text).spans, word_spans(text))
