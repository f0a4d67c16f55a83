"""Aligned texts for tests: made by hand from links, and any that there could be."""

import numpy as np
from hypothesis import strategies as st

from enface.alignment.matrix import AlignmentMatrix
from enface.alignment.projection import AlignedTexts
from enface.alignment.words import word_spans

TOKENS = ["dog", "Hund", "a", "H2O", ".", ",", "(", "<", "&", "&amp;", "{a}", "{b}", "%s", "5", "3.5", "3,5", "$5", "ä"]
TAGS = ["<b>", "</b>", "<i class='x > y'>", "</i>", "<br>", "<p>", "</p>", "<x/>", "<!-- c -->", "<script>1<2</script>"]


def aligned(source, target, links):
    """Words linked as `links` say, evenly where a target word has several; without a link: aligned to nothing."""
    source_words, target_words = word_spans(source), word_spans(target)
    weights = np.zeros((len(target_words), len(source_words)))
    for source_word, target_word in links:
        weights[target_word, source_word] = 1.0
    null = (weights.sum(axis=1) == 0).astype(float)
    weights[null > 0] = 1.0
    weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1.0)
    return AlignedTexts(source, source_words, target, target_words, AlignmentMatrix(weights, null))


def monotone(source, target):
    """Word i aligned to word i."""
    return aligned(
        source, target, [(word, word) for word in range(min(len(word_spans(source)), len(word_spans(target))))]
    )


def at_random(source, target, seed):
    """The texts with some alignment or other."""
    random = np.random.default_rng(seed)
    source_words, target_words = word_spans(source), word_spans(target)
    sharp = random.choice([0.05, 0.5, 5.0])
    weights = random.gamma(sharp, size=(len(target_words), len(source_words))) + 1e-9
    weights /= weights.sum(axis=1, keepdims=True) if len(source_words) else 1.0
    null = random.choice([0.0, 0.4, 0.9], size=len(target_words)) if len(source_words) else np.ones(len(target_words))
    return AlignedTexts(source, source_words, target, target_words, AlignmentMatrix(weights, null))


def texts(*, tags=False):
    """Texts of plausible pieces, with blanks between or not, or of anything at all."""
    pieces = st.sampled_from(TOKENS + (TAGS if tags else []))
    blanks = st.sampled_from([" ", " ", "", "\n"])
    likely = st.lists(st.tuples(pieces, blanks), max_size=12).map(lambda parts: "".join(map("".join, parts)))
    anything = st.text(max_size=30)
    near = st.text(alphabet="<>/&;!?-=\"' abi{}%s5.,@#[]\u0301ß", max_size=30)
    return st.one_of(likely, likely, near, anything)


seeds = st.integers(0, 10_000)
