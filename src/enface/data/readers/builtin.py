"""The corpus that comes with Enface: sentence pairs with gold alignments, made by a grammar."""

import itertools
from collections.abc import Iterable, Iterator
from typing import Any

from enface.data.grammar.generate import GrammarPair, generate
from enface.data.prepared import TRAIN, VALIDATION
from enface.data.readers.held_out import TEST
from enface.data.readers.pair import RawPair


class BuiltinReader:
    """The grammar's pairs in one direction; each run of the grammar makes all splits, the small ones first."""

    def __init__(self, source_language: str, target_language: str, *, seed: int, sizes: dict[str, int]) -> None:
        """Sets up the grammar.

        Args:
            source_language: English, `en`, unless the target is.
            target_language: `de` or `fr`, unless the source is.
            seed: the same seed makes the same pairs.
            sizes: the number of pairs for each of train, validation and test; the last two are kept in memory.
        """
        self._languages = (source_language, target_language)
        self._seed = seed
        self._sizes = {split: sizes[split] for split in (TEST, VALIDATION, TRAIN)}
        self._held_out: dict[str, list[GrammarPair]] = {}
        self._training: Iterator[GrammarPair] | None = None
        self.splits = [TRAIN, VALIDATION, TEST]

    def pairs(self, split: str) -> Iterator[RawPair]:
        """The split's pairs; their place is `builtin/train:1`, from 1.

        Raises:
            ParamsError: the grammar does not have the direction.
            DataError: it has not as many different sentences.
        """
        if split == TRAIN:
            training, self._training = self._training, None
            return _numbered(split, training or self._run())
        if not self._held_out:
            self._training = self._run()
        return _numbered(split, self._held_out[split])

    def __getstate__(self) -> dict[str, Any]:
        """All but the run that is under way: sent to another process, it is begun there again."""
        return self.__dict__ | {"_training": None}

    def _run(self) -> Iterator[GrammarPair]:
        """The training pairs, yet to be made, of a run whose held-out splits are made."""
        source_language, target_language = self._languages
        made = generate(
            source_language=source_language, target_language=target_language, seed=self._seed, sizes=self._sizes
        )
        for split, group in itertools.groupby(made, key=lambda entry: entry[0]):
            if split == TRAIN:
                return (pair for _, pair in group)
            self._held_out[split] = [pair for _, pair in group]
        return iter(())


def _numbered(split: str, pairs: Iterable[GrammarPair]) -> Iterator[RawPair]:
    for number, pair in enumerate(pairs, start=1):
        yield RawPair(pair.source, pair.target, pair.links, f"builtin/{split}:{number}")
