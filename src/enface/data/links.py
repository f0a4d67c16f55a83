"""Word alignments as alignments of subwords: what guided training is taught by.

The links of a corpus count words (`enface.alignment.words`); a model sees subwords. The other way, from a model's
attention over subwords to words, stands in `enface.alignment.matrix`.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from enface.alignment.links import Link
from enface.alignment.pharaoh import parse_pharaoh


def linked_subwords(
    line: str, source_words: Sequence[int], target_words: Sequence[int], *, where: str
) -> npt.NDArray[np.int32]:
    """The sure links of a Pharaoh line between the subwords of two texts, as `to_subwords` says.

    Possible links are left out: they say of a word that it only helps, and not where to look.

    Args:
        line: links of words, all of them within the texts.
        source_words: the word of each source subword.
        target_words: the same of the target.
        where: the line's file and number, for the message of a malformed one.
    """
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
    sources: dict[int, list[int]] = {}
    for source, target in sorted(links):
        sources.setdefault(target, []).append(source)
    places: dict[int, list[int]] = {}
    for subword, word in enumerate(source_words):
        places.setdefault(word, []).append(subword)
    rows = [
        (subword, other)
        for other, target in enumerate(target_words)
        for source in sources.get(target, ())
        for subword in places[source]
    ]
    return np.array(rows, dtype=np.int32).reshape(-1, 2)
