"""Which sentences go through the graph together: like with like, and no more than memory likes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from enface.data.tokenizer import PAD
from enface.inference.session import Search

FREE = -1
"""In a prefix: the search chooses the token at this position."""

_BATCH_TOKENS = 4_096
_ATTENTION_CELLS = 4_000_000


@dataclass(frozen=True)
class Job:
    """One sentence to search: its place in the caller's list, its ids with EOS, the target to force, and the search."""

    index: int
    source: list[int]
    prefix: list[int]
    search: Search


def batches(jobs: Sequence[Job]) -> list[list[Job]]:
    """The jobs in batches of one search each and about one source length.

    A batch holds at most 4,096 source tokens with padding, and attention of at most 4,000,000 weights (16 MB), or a
    single sentence.
    """
    made: list[list[Job]] = []
    for job in sorted(jobs, key=lambda job: (job.search.max_length, len(job.source), job.index)):
        if made and made[-1][0].search == job.search and _fits(job, len(made[-1]) + 1):
            made[-1].append(job)
        else:
            made.append([job])
    return made


def padded(rows: Sequence[Sequence[int]], filler: int = PAD) -> Int64[np.ndarray, "B length"]:
    """The rows as one array, the shorter ones filled up at their end."""
    array = np.full((len(rows), max(map(len, rows))), filler, dtype=np.int64)
    for place, row in zip(array, rows, strict=True):
        place[: len(row)] = row
    return array


def _fits(longest: Job, count: int) -> bool:
    """Whether that many sentences, none longer than `longest`, make a batch."""
    tokens = count * len(longest.source)
    cells = tokens * longest.search.beam_size * longest.search.max_length
    return tokens <= _BATCH_TOKENS and cells <= _ATTENTION_CELLS
