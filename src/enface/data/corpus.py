"""Which corpus: the `corpus` section of params.yaml, and the reader it asks for."""

import logging
from pathlib import Path
from typing import Annotated, Literal, assert_never

from pydantic import Field

from enface.data.pin import check_pinned
from enface.data.readers.files import FilesReader
from enface.data.readers.held_out import with_held_out
from enface.data.readers.pair import Reader
from enface.data.readers.tmx import TmxReader
from enface.data.readers.tsv import TsvReader
from enface.errors import DataError, ParamsError
from enface.params import Section

logger = logging.getLogger(__name__)

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]


class SplitSizes(Section):
    """Pairs made of the built-in corpus; of others, pairs held out for validation and test where they have none."""

    train: int = Field(ge=1)
    validation: int = Field(ge=1)
    test: int = Field(ge=1)


class CorpusSection(Section):
    """`corpus`: which sentence pairs, from where, in which direction."""

    name: Literal["builtin", "multi30k", "files", "tsv", "tmx", "huggingface"]
    path: str
    dataset: str
    source_language: Language
    target_language: Language
    seed: int = Field(ge=0)
    sizes: SplitSizes


def corpus_title(section: CorpusSection, path: Path) -> str:
    """How a model says what it was trained on: `multi30k`, `files:my-folder`, `org/name:config`."""
    match section.name:
        case "builtin" | "multi30k":
            return section.name
        case "huggingface":
            return section.dataset
        case _:
            return f"{section.name}:{path.resolve().name}"


def open_corpus(section: CorpusSection, path: Path) -> Reader:
    """The reader of the corpus, with validation and test splits whatever the corpus has itself.

    Args:
        section: the settings; their `path` is not looked at.
        path: the file or folder; the built-in corpus and Hugging Face need none.

    Raises:
        ParamsError: the settings contradict each other.
        DataError: the corpus is missing, not the pinned one, or not in these languages.
    """
    source, target = section.source_language, section.target_language
    if source == target:
        raise ParamsError(f"params.yaml corpus.target_language: got {target!r}, the source language too; need another")
    match section.name:
        case "builtin":
            from enface.data.readers.builtin import BuiltinReader

            return BuiltinReader(source, target, seed=section.seed, sizes=section.sizes.model_dump())
        case "multi30k":
            reader: Reader = FilesReader(_fetched(path), source, target)
        case "files":
            reader = FilesReader(path, source, target)
        case "tsv":
            reader = TsvReader(path)
        case "tmx":
            reader = TmxReader(path, source, target)
        case "huggingface":
            reader = _huggingface(section)
        case _:
            assert_never(section.name)
    sizes = section.sizes
    return with_held_out(reader, validation=sizes.validation, test=sizes.test, seed=section.seed)


def _fetched(path: Path) -> Path:
    """`path`, if the corpus is there and, where a file pins it, is the one that was pinned."""
    if not path.is_dir():
        raise DataError(f"{path}: the corpus is not here; run: enface corpus fetch")
    check_pinned(path)
    return path


def _huggingface(section: CorpusSection) -> Reader:
    from enface.data.readers.huggingface import HuggingFaceReader

    if not section.dataset:
        raise ParamsError("params.yaml corpus.dataset: got '', need a data set's name, as org/name or org/name:config")
    return HuggingFaceReader(section.dataset, section.source_language, section.target_language)
