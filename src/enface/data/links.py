"""Word alignments as alignments of subwords: what guided training is taught by.

The links of a corpus count words (`enface.alignment.words`); a model sees subwords. The other way, from a model's
attention over subwords to words, stands in `enface.alignment.matrix`.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from enface.alignment.links import Link
from enface.alignment.matrix import words_of
from enface.alignment.pharaoh import parse_pharaoh
from enface.alignment.words import word_spans
from enface.data.tokenizer import Encoding


def linked_subwords(
    line: str, source: tuple[str, Encoding], target: tuple[str, Encoding], *, where: str
) -> npt.NDArray[np.int32]:
    """The sure links of a Pharaoh line between the subwords of two texts, as `to_subwords` says.

    Possible links are left out: they say of a word that it only helps, and not where to look.

    Args:
        line: links of words, all of them within the texts.
        source: the text and its subwords.
        target: the same of the translation.
        where: the line's file and number, for the message of a malformed one.
    """
    source_words, target_words = (words_of(encoded.spans, word_spans(text)) for text, encoded in (source, target))
    return to_subwords(parse_pharaoh(line, where).sure, source_words=source_words, target_words=target_words)


def to_subwords(
    links: Iterable[Link], *, source_words: Sequence[int], target_words: Sequence[int]
) -> npt.NDArray[np.int32]:
    """Rows (source subword, target subword) for each two whose words are linked, by target and then by source.

    Args:
        links: links of words.
        source_words: the word of each source subword, as `words_of` gives it; every linked word has one.
        target_words: the same of the target.
    """
    linked = np.zeros((max(target_words, default=-1) + 1, max(source_words, default=-1) + 1), dtype=bool)
    for source, target in links:
        linked[target, source] = True
    of_subwords = linked[np.ix_(target_words, source_words)]
    return np.argwhere(of_subwords)[:, ::-1].astype(np.int32)
