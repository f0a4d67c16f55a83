"""The judge: how likely it is that two sentences are translations of each other.

It is used where a corpus is cleaned, and beside a translation as a second opinion. It imports ONNX Runtime, tokenizers
and numpy, never torch. A probability is that of a pair drawn where half of the pairs are translations: how it was
learnt, and how far it can be trusted, is said in docs/judge.md.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32

from enface.data.tokenizer import EOS, Tokenizer
from enface.errors import BundleError
from enface.inference.batches import padded
from enface.inference.session import open_graph
from enface.judge_folder import GRAPH, GRAPH_INPUTS, GRAPH_OUTPUTS, TOKENIZER, JudgeManifest, read_manifest

_BATCH_CELLS = 250_000
"""The most attention weights of a batch, padding counted; the graph holds some dozens of numbers for each."""

_TEXTS_AT_ONCE = 8_192


class Look(NamedTuple):
    """Where the judge looked: the tokens of the pair as one sequence, and a row of weights for each, summing to 1."""

    tokens: list[str]
    weights: Float32[np.ndarray, "L L"]


class Judge:
    """Judges pairs of sentences.

    Args:
        folder: the folder that the judge stage wrote.
        device: "cpu", "cuda", or "cuda:1" for another GPU than the first.
        threads: threads of one call; 0 takes as many as this process has cores.

    Raises:
        BundleError: the folder holds no judge, or an altered one.
        ParamsError: no such device here.
    """

    def __init__(self, folder: Path | str, *, device: str = "cpu", threads: int = 0) -> None:
        self._folder = folder = Path(folder)
        self.manifest: JudgeManifest = read_manifest(folder)
        self._session = open_graph(
            folder / GRAPH, inputs=GRAPH_INPUTS, outputs=GRAPH_OUTPUTS, device=device, threads=threads
        )
        self._tokenizer = Tokenizer.from_file(folder / TOKENIZER)

    def check_languages(self, source: str, target: str) -> None:
        """Nothing, if these are the languages of the pairs that it learnt from.

        Raises:
            BundleError: they are others.
        """
        known = (self.manifest.source_language, self.manifest.target_language)
        if known != (source, target):
            raise BundleError(
                f"{self._folder}: judges pairs of {known[0]} and {known[1]}, need one for {source} and {target}; "
                "train it on a corpus of these: dvc repro judge"
            )

    def probability(self, pairs: Sequence[tuple[str, str]]) -> Float[np.ndarray, " P"]:
        """For each pair (source, target) the probability that they are translations of each other.

        0 where a side has no visible character. What is said of a pair does not depend on the others beside it. Of a
        pair longer than the judge's limit, the beginnings are judged; memory does not grow with the number of pairs.
        """
        found = np.zeros(len(pairs))
        for start in range(0, len(pairs), _TEXTS_AT_ONCE):
            rows = joined_ids(self._tokenizer, pairs[start : start + _TEXTS_AT_ONCE], self.manifest.max_length_tokens)
            for batch in _batches(rows):
                tokens = padded([row for index in batch if (row := rows[index])])
                (found[[start + index for index in batch]],) = self._session.run(["probability"], {"tokens": tokens})
        return found

    def look(self, source: str, target: str) -> Look:
        """Where the judge looks in a pair whose sides both have a visible character."""
        (row,) = joined_ids(self._tokenizer, [(source, target)], self.manifest.max_length_tokens)
        assert row is not None
        (weights,) = self._session.run(["attention"], {"tokens": padded([row])})
        sides = [self._tokenizer.encode(text).pieces for text in (source, target)]
        ends = row.index(EOS), len(row) - row.index(EOS) - 1
        return Look([*sides[0][: ends[0]], "</s>", *sides[1][: ends[1]]], weights[0])


def joined_ids(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], limit: int) -> list[list[int] | None]:
    """Each pair as the one sequence that is judged; None where a side has no visible character.

    That is the source's subwords, the end of sentence, and the target's. Of more than `limit` in all, each side keeps
    its share, so that both end at about the same place of what they say.
    """
    sides = [tokenizer.encode_ids([pair[side] for pair in pairs]) for side in (0, 1)]
    return [_joined(source, target, limit) for source, target in zip(*sides, strict=True)]


def _joined(source: list[int], target: list[int], limit: int) -> list[int] | None:
    if not source or not target:
        return None
    room, length = limit - 1, len(source) + len(target)
    if length > room:
        kept = min(max(room * len(source) // length, 1), room - 1)
        source, target = source[:kept], target[: room - kept]
    return [*source, EOS, *target]


def _batches(rows: Sequence[list[int] | None]) -> Iterator[list[int]]:
    """The places of the sequences there are, those of about one length together, as many as memory likes."""
    lengths = {index: len(row) for index, row in enumerate(rows) if row is not None}
    batch: list[int] = []
    for index in sorted(lengths, key=lambda index: (lengths[index], index)):
        if batch and (len(batch) + 1) * lengths[index] ** 2 > _BATCH_CELLS:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
