"""Which sentences go through the graph together: like with like, and no more than memory likes."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Int64

from enface.data.tokenizer import PAD
from enface.errors import RequestError
from enface.inference.session import Search

FREE = -1
"""In a prefix: the search chooses the token at this position."""

_BATCH_TOKENS = 4_096
_ATTENTION_CELLS = 4_000_000
_LARGEST_JOB_CELLS = 4_000_000


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


def check_sizes(jobs: Sequence[Job], label: str) -> None:
    """Nothing, if memory and time suffice for every job: beam x target x source subwords are at most 4,000,000.

    Work grows with the square of a text's length, and one text must not hold up a server: with a beam of 5 some 800
    subwords pass, which take seconds.

    Raises:
        RequestError: one line for each job that is larger; its index stands for the braces of `label`.
    """
    problems = [
        f"{label.format(job.index)}: got {len(job.source) - 1:,} source subwords, need <= "
        f"{_LARGEST_JOB_CELLS // _cells_per_token(job.search) - 1:,} where beam_size is {job.search.beam_size} "
        f"and max_length {job.search.max_length:,}; send it in smaller parts, or lower those"
        for job in jobs
        if len(job.source) * _cells_per_token(job.search) > _LARGEST_JOB_CELLS
    ]
    if problems:
        raise RequestError("\n".join(problems))


def padded(rows: Sequence[Sequence[int]], filler: int = PAD) -> Int64[np.ndarray, "B length"]:
    """The rows as one array, the shorter ones filled up at their end."""
    array = np.full((len(rows), max(map(len, rows))), filler, dtype=np.int64)
    for place, row in zip(array, rows, strict=True):
        place[: len(row)] = row
    return array


def _fits(longest: Job, count: int) -> bool:
    """Whether that many sentences, none longer than `longest`, make a batch."""
    tokens = count * len(longest.source)
    return tokens <= _BATCH_TOKENS and tokens * _cells_per_token(longest.search) <= _ATTENTION_CELLS


def _cells_per_token(search: Search) -> int:
    """The attention weights that one source token takes part in."""
    return search.beam_size * search.max_length
