"""Word alignments for training pairs that come without any, found in the pairs themselves.

They are what `train.guided_weight` guides attention by. Gold alignments, of a corpus or made by hand, are never
replaced, and nothing is scored against links that were found.
"""

import itertools
import logging
from pathlib import Path

from enface.alignment.aligner import align_corpus
from enface.alignment.pharaoh import format_pharaoh
from enface.alignment.words import split_words
from enface.data.prepared import SIDES, read_lines
from enface.data.writing import LINKS

logger = logging.getLogger(__name__)

_PAIRS_AT_ONCE = 100_000
"""Pairs that the aligner learns from together: enough to know the words, and some 2.5 GB at 13 words a side."""


def write_found_links(folder: Path, split: str, *, at_once: int = _PAIRS_AT_ONCE) -> None:
    """Writes `<split>.links` for the text of a split, a Pharaoh line a pair; a split that has links keeps them.

    Args:
        folder: where the split's text lies.
        split: its name.
        at_once: the most pairs of a part; a larger split is aligned part after part, all about as large.
    """
    path = folder / f"{split}.{LINKS}"
    if path.exists():
        return
    count = sum(1 for _ in read_lines(folder / f"{split}.{SIDES[0]}"))
    size = -(-count // -(-count // at_once)) if count else at_once
    pairs = zip(*(read_lines(folder / f"{split}.{side}") for side in SIDES), strict=True)
    with path.open("w", encoding="utf-8", newline="\n") as file:
        while part := list(itertools.islice(pairs, size)):
            logger.info("%s: finding the word alignments of %d pairs", split, len(part))
            words = [(split_words(source.lower()), split_words(target.lower())) for source, target in part]
            file.writelines(f"{format_pharaoh(links)}\n" for links in align_corpus(words))
