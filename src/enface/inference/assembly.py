"""From what the graph found to translations: ids to text, attention over subwords to alignments of words."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int64

from enface.data.tokenizer import UNK, Encoding, Tokenizer
from enface.inference.session import Found
from enface.inference.translation import Hypothesis, Translation
from enface.inference.units import AlignmentKind, Units, aligned, units_of


@dataclass(frozen=True)
class Beams:
    """The hypotheses of one sentence, best first; each one's ids, score, and attention over the source with its EOS."""

    ids: list[Int64[np.ndarray, " T"]]
    scores: list[float]
    attention: list[Float[np.ndarray, "T S"]] | None


def beams_of(found: Found, row: int, source_length: int) -> Beams:
    """The hypotheses of the batch's sentence number `row`, padding of both sides cut off."""
    lengths = found.lengths[row].tolist()
    ids = [found.tokens[row, beam, :length] for beam, length in enumerate(lengths)]
    scores = [float(score) for score in found.scores[row]]
    if found.attention is None:
        return Beams(ids, scores, None)
    return Beams(ids, scores, [found.attention[row, k, :length, :source_length] for k, length in enumerate(lengths)])


@dataclass(frozen=True)
class Assembly:
    """Puts translations together, all with alignments of one kind."""

    tokenizer: Tokenizer
    kind: AlignmentKind
    link_threshold: float

    def translation(self, text: str, encoding: Encoding, beams: Beams | None, *, n_best: int) -> Translation:
        """The translation of `text`, with `n_best` - 1 alternatives; the empty one if nothing was searched."""
        source = units_of(text, encoding.pieces, encoding.spans, self.kind)
        if beams is None:
            nothing = self._hypothesis("", 0.0, (source, units_of("", [], [], self.kind)), None)
            return _translation(source, [nothing] * n_best)
        return _translation(source, [self._decoded(source, beams, place) for place in range(n_best)])

    def given(self, pair: tuple[str, str], encodings: tuple[Encoding, Encoding], beams: Beams | None) -> Translation:
        """The given target of a pair, as its translation."""
        source, target = (
            units_of(text, encoding.pieces, encoding.spans, self.kind)
            for text, encoding in zip(pair, encodings, strict=True)
        )
        attention = beams.attention[0][:-1] if beams and beams.attention else None
        score = beams.scores[0] if beams else 0.0
        return _translation(source, [self._hypothesis(pair[1], score, (source, target), attention)])

    def _decoded(self, source: Units, beams: Beams, place: int) -> Hypothesis:
        """One found hypothesis; the end of sentence, missing where the search was cut off, is no token of it."""
        ids = beams.ids[place]
        is_text = ids > UNK
        decoded = self.tokenizer.decode(ids[is_text].tolist())
        target = units_of(decoded.text, decoded.pieces, decoded.spans, self.kind)
        attention = None if beams.attention is None else beams.attention[place][is_text]
        return self._hypothesis(decoded.text, beams.scores[place], (source, target), attention)

    def _hypothesis(
        self,
        text: str,
        score: float,
        units: tuple[Units, Units],
        attention: Float[np.ndarray, "T S"] | None,
    ) -> Hypothesis:
        source, target = units
        if self.kind == "none":
            return Hypothesis(text, score, target.side, None, [])
        matrix, links = aligned(attention, source, target, self.link_threshold)
        return Hypothesis(text, score, target.side, matrix, links)


def _translation(source: Units, hypotheses: list[Hypothesis]) -> Translation:
    best = hypotheses[0]
    return Translation(best.text, best.score, best.target, best.matrix, best.links, source.side, hypotheses[1:])
