"""The corpus that comes with Enface: sentence pairs with gold alignments, made by a grammar."""

from collections.abc import Iterator

from enface.alignment.pharaoh import format_pharaoh
from enface.data.grammar.generate import generate
from enface.data.prepared import TRAIN, VALIDATION
from enface.data.readers.held_out import TEST
from enface.data.readers.pair import RawPair
from enface.errors import DataError

SOURCE_LANGUAGE = "en"
TARGET_LANGUAGES = ("de", "fr")


class BuiltinReader:
    """The grammar's pairs in one direction."""

    def __init__(self, source_language: str, target_language: str, *, seed: int, sizes: dict[str, int]) -> None:
        """Sets up the grammar.

        Args:
            source_language: English, `en`.
            target_language: `de` or `fr`.
            seed: the same seed makes the same pairs.
            sizes: the number of pairs for each of train, validation and test.

        Raises:
            DataError: the grammar does not have that direction.
        """
        if source_language != SOURCE_LANGUAGE or target_language not in TARGET_LANGUAGES:
            raise DataError(
                f"params.yaml corpus: got {source_language} to {target_language}, but the built-in corpus is "
                f"{SOURCE_LANGUAGE} to {' or '.join(TARGET_LANGUAGES)}; set source_language and target_language"
            )
        self._languages = (source_language, target_language)
        self._seed, self._sizes = seed, sizes
        self.splits = [TRAIN, VALIDATION, TEST]

    def pairs(self, split: str) -> Iterator[RawPair]:
        """The split's pairs; their place is `builtin/train:1`, from 1."""
        source_language, target_language = self._languages
        made = generate(
            target_language=target_language, source_language=source_language, seed=self._seed, sizes=self._sizes
        )
        pairs = (pair for name, pair in made if name == split)
        for number, pair in enumerate(pairs, start=1):
            yield RawPair(pair.source, pair.target, format_pharaoh(pair.links), f"builtin/{split}:{number}")
            if number == self._sizes[split]:
                return
