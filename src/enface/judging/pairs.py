"""Which pairs of a prepared corpus the judge learns from and is tested on."""

import itertools

from enface.data.prepared import SIDES, PreparedFolder, read_lines
from enface.judging.corruption import Pair


def pairs_of(prepared: PreparedFolder, split: str, *, most: int) -> list[Pair]:
    """The pairs of a split as text, in order; of a split larger than `most`, every n-th, so that memory stays flat."""
    every = -(-prepared.meta.pairs[split] // most)
    source, target = (itertools.islice(read_lines(prepared.path / f"{split}.{side}"), 0, None, every) for side in SIDES)
    return list(zip(source, target, strict=True))
