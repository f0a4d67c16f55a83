"""From what the graph found to translations: ids to text, attention over subwords to alignments of words."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float, Int64

from enface.alignment.links import Link, hard_links
from enface.alignment.matrix import AlignmentMatrix
from enface.data.tokenizer import EOS, UNK, Decoded, Encoding, Tokenizer
from enface.inference.beginning import Beginning, agreed_length, begun
from enface.inference.carrying import Draft, carry
from enface.inference.confidence import confidence_of
from enface.inference.options import TranslateOptions
from enface.inference.session import Found
from enface.inference.source import Source
from enface.inference.translation import Hypothesis, Side, Translation
from enface.inference.units import Units, aligned, units_of

_NOTHING = Encoding([], [], [])


@dataclass(frozen=True)
class Beams:
    """The hypotheses of one sentence, best first.

    Each one's ids and score; where they were asked for its attention over the source with its end of sentence, and its
    tokens' log probabilities.
    """

    ids: list[Int64[np.ndarray, " T"]]
    scores: list[float]
    attention: list[Float[np.ndarray, "T S"]] | None = None
    log_probabilities: list[Float[np.ndarray, " T"]] | None = None

    @property
    def ended(self) -> bool:
        """Whether every hypothesis has its end of sentence, so that no further step would change any."""
        return all(ids[-1] == EOS for ids in self.ids)

    def cut(self, place: int, kept: slice | Bool[np.ndarray, " T"]) -> "Beams":
        """One of the hypotheses alone, and of it those tokens alone."""
        attention, log_probabilities = (
            None if rows is None else [rows[place][kept]] for rows in (self.attention, self.log_probabilities)
        )
        return Beams([self.ids[place][kept]], [self.scores[place]], attention, log_probabilities)


def beams_of(found: Found, row: int, source_length: int) -> Beams:
    """The hypotheses of the batch's sentence number `row`, padding of both sides cut off."""
    lengths = list(enumerate(found.lengths[row].tolist()))
    attention = log_probabilities = None
    if found.attention is not None:
        attention = [found.attention[row, beam, :length, :source_length] for beam, length in lengths]
    if found.log_probabilities is not None:
        log_probabilities = [found.log_probabilities[row, beam, :length] for beam, length in lengths]
    ids = [found.tokens[row, beam, :length] for beam, length in lengths]
    return Beams(ids, [float(score) for score in found.scores[row]], attention, log_probabilities)


@dataclass(frozen=True)
class Asked:
    """A source, its units in the answer, and its words."""

    source: Source
    units: Units
    words: Units


@dataclass(frozen=True)
class Assembly:
    """Puts translations together, all by the same options."""

    tokenizer: Tokenizer
    options: TranslateOptions
    link_threshold: float

    def translation(self, source: Source, encoding: Encoding, beams: Beams | None, *, n_best: int) -> Translation:
        """The translation of `source`, with `n_best` - 1 alternatives; the empty one if nothing was searched."""
        asked = self._asked(source, encoding)
        if beams is None:
            return _translation(asked, [self._hypothesis(asked, "", _NOTHING, Beams([], [0.0]))] * n_best)
        return _translation(asked, [self._decoded(asked, beams, place) for place in range(n_best)])

    def beginning(self, source: Source, encoding: Encoding, beams: Beams) -> Beginning:
        """What is decided of the translation of `source`, of whose hypotheses `beams` holds the first tokens.

        Nothing is, where something is to be carried over into it: what that changes shows in the whole alone.
        """
        asked = self._asked(source, encoding)
        if source.carries:
            nothing = None if self.options.alignment == "none" else np.zeros((0, len(asked.units.side.tokens)))
            return Beginning(_side(asked), Side([], []), nothing, [], None)
        agreed = self._decoded(asked, beams.cut(0, slice(agreed_length(beams.ids))), 0)
        return begun(_side(asked), agreed)

    def given(self, pair: tuple[str, str], encodings: tuple[Encoding, Encoding], beams: Beams | None) -> Translation:
        """The given target of a pair, as its translation."""
        asked = self._asked(Source(pair[0]), encodings[0])
        if beams is None:
            return _translation(asked, [self._hypothesis(asked, pair[1], encodings[1], Beams([], [0.0]))])
        return _translation(asked, [self._hypothesis(asked, pair[1], encodings[1], beams.cut(0, slice(-1)))])

    def _asked(self, source: Source, encoding: Encoding) -> Asked:
        words = units_of(source.text, encoding.pieces, encoding.spans, "word")
        if self.options.alignment != "subword":
            return Asked(source, words, words)
        return Asked(source, units_of(source.text, encoding.pieces, encoding.spans, "subword"), words)

    def _decoded(self, asked: Asked, beams: Beams, place: int) -> Hypothesis:
        """One found hypothesis; the end of sentence, missing where the search was cut off, is no token of it."""
        beams = beams.cut(place, beams.ids[place] > UNK)
        decoded = self.tokenizer.decode(beams.ids[0].tolist())
        return self._hypothesis(asked, decoded.text, decoded, beams)

    def _hypothesis(self, asked: Asked, text: str, subwords: Encoding | Decoded, beams: Beams) -> Hypothesis:
        """The one hypothesis in `beams`, which reads `text`; `subwords` says where in it each subword stands."""
        units = units_of(text, subwords.pieces, subwords.spans, self.options.alignment)
        carried = carry(asked.source, self._draft(asked, units, subwords, beams))
        matrix = carried.draft.tokens.matrix
        side = Side(_read(units.side.tokens, carried.draft), carried.spans)
        aligned_as = (None, []) if self.options.alignment == "none" else (matrix.weights, self._links(matrix))
        confidence = None
        if self.options.confidence:
            said = asked.units.side.tokens, side.tokens
            confidence = confidence_of(matrix, _summed(beams, units), carried.draft.origins, said)
        return Hypothesis(
            carried.text, beams.scores[0], side, *aligned_as, reports=carried.reports, confidence=confidence
        )

    def _draft(self, asked: Asked, units: Units, subwords: Encoding | Decoded, beams: Beams) -> Draft:
        attention = beams.attention[0] if beams.attention else None
        words = tokens = aligned(attention, asked.units, units)
        if asked.source.carries and asked.words is not asked.units:
            words = aligned(attention, asked.words, units_of(units.text, subwords.pieces, subwords.spans, "word"))
        return Draft(tokens, words, list(range(len(units.side.tokens))))

    def _links(self, matrix: AlignmentMatrix) -> list[Link]:
        return hard_links(matrix, self.link_threshold)


def _side(asked: Asked) -> Side:
    return Side(asked.units.side.tokens, asked.source.given(asked.units.side.spans))


def _read(tokens: Sequence[str], draft: Draft) -> list[str]:
    """How each of the draft's tokens reads: as the model's, or if it was put in as its characters do."""
    texts = draft.tokens
    return [
        texts.target[start:end] if origin is None else tokens[origin]
        for origin, (start, end) in zip(draft.origins, texts.target_spans, strict=True)
    ]


def _summed(beams: Beams, units: Units) -> Float[np.ndarray, " units"]:
    """The log probability of each unit: its subwords' together."""
    summed = np.zeros(len(units.side.tokens))
    if beams.log_probabilities and len(summed):
        np.add.at(summed, units.of_subword, beams.log_probabilities[0])
    return summed


def _translation(asked: Asked, hypotheses: list[Hypothesis]) -> Translation:
    best = {field.name: getattr(hypotheses[0], field.name) for field in fields(Hypothesis)}
    return Translation(**best, source=_side(asked), alternatives=hypotheses[1:])
