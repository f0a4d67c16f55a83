"""Hugging Face data sets by name, `org/name` or `org/name:config`, streamed.

A row has a `translation` column, a mapping from language codes to sentences, or columns called by the codes.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from enface.data.prepared import TRAIN
from enface.data.readers.pair import RawPair, in_order, split_named
from enface.errors import DataError


class HuggingFaceReader:
    """A data set as the `datasets` library finds it: on its hub, or a local folder by its path."""

    def __init__(self, dataset: str, source_language: str, target_language: str) -> None:
        """Asks for the data set's splits.

        Raises:
            DataError: it is not there, cannot be reached, needs a config, or has no train split.
        """
        self._dataset, self._languages = dataset, (source_language, target_language)
        self._streams = _streams(dataset)
        self.splits = in_order(list(self._streams))
        if TRAIN not in self._streams:
            raise DataError(f"data set {dataset}: no {TRAIN} split; need one to train on")

    def pairs(self, split: str) -> Iterator[RawPair]:
        """The split's pairs; a missing sentence (null) is an empty one.

        Raises:
            DataError: the rows have no such languages, or the stream broke off.
        """
        source, target = self._languages
        for number, row in enumerate(self._rows(split), start=1):
            origin = f"{self._dataset}/{split}:{number}"
            sentences = row.get("translation", row)
            if not isinstance(sentences, Mapping) or not {source, target} <= sentences.keys():
                found = ", ".join(map(str, sentences)) if isinstance(sentences, Mapping) else repr(sentences)[:40]
                raise DataError(f"{origin}: need {source} and {target}, there is {found}")
            yield RawPair(str(sentences[source] or ""), str(sentences[target] or ""), None, origin)

    def _rows(self, split: str) -> Iterator[dict[str, Any]]:
        from datasets.exceptions import DatasetsError

        try:
            yield from self._streams[split]
        except (OSError, ValueError, DatasetsError) as error:
            raise DataError(_cannot_read(self._dataset, error)) from error


def _streams(dataset: str) -> dict[str, Any]:
    from datasets import load_dataset
    from datasets.exceptions import DatasetsError

    name, _, config = dataset.partition(":")
    try:
        streams = load_dataset(name, config or None, streaming=True)
    except (OSError, ValueError, DatasetsError) as error:
        raise DataError(_cannot_read(dataset, error)) from error
    found: dict[str, Any] = {}
    for name, rows in streams.items():
        split = split_named(str(name))
        if split in found:
            raise DataError(
                f"data set {dataset}: {name} is the {split} split, and so is another; need a data set with one"
            )
        if split is not None:
            found[split] = rows
    return found


def _cannot_read(dataset: str, error: Exception) -> str:
    reason = str(error).strip().splitlines() or [type(error).__name__]
    return f"data set {dataset}: {reason[0]}; params.yaml corpus.dataset needs org/name or org/name:config"
