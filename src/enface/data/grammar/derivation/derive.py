"""Deriving one sentence: the kinds that there are and how often each comes."""

from collections.abc import Callable
from random import Random

from enface.data.grammar.derivation import complex_sentences, sentences
from enface.data.grammar.derivation.choices import Pool
from enface.data.grammar.derivation.deriver import Deriver
from enface.data.grammar.tree import Sentence

_WEIGHTED: tuple[tuple[Callable[[Deriver, float], Sentence], float], ...] = (
    (sentences.statement, 40),
    (sentences.double, 10),
    (sentences.existence, 4),
    (sentences.description, 4),
    (sentences.question, 6),
    (sentences.sky, 0.5),
    (complex_sentences.because, 7),
    (complex_sentences.meanwhile, 6),
    (complex_sentences.condition, 6),
    (complex_sentences.saying, 7),
    (complex_sentences.two_clauses, 8),
    (complex_sentences.story, 4),
)
_KINDS = Pool.of(_WEIGHTED, lambda item: item[1])


def derive(random: Random) -> Sentence:
    """One sentence by chance; how much it says varies widely."""
    deriver = Deriver(random)
    richness = 0.1 + 0.9 * random.random()
    kind = _KINDS.pick(random)[0]
    return kind(deriver, richness)
