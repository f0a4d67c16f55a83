"""The models of a graph: trained folders of the subwords and languages of one prepared corpus."""

from collections.abc import Sequence
from pathlib import Path

from enface.data.prepared import META, TOKENIZER, PreparedFolder, read_meta
from enface.errors import ExportError
from enface.model.seq2seq import Seq2Seq
from enface.model.weights import load_model


def load_trained(folder: Path, prepared: PreparedFolder) -> Seq2Seq:
    """The model in `folder`, which `train` wrote.

    Raises:
        ExportError: it was trained on other subwords than those of `prepared`, or translates other languages.
        TrainingError: the folder holds no trained model, or a broken one.
    """
    return _load(folder, prepared, str(folder))


def load_others(folders: Sequence[str], prepared: PreparedFolder) -> list[Seq2Seq]:
    """The models in `folders`, each of which `train` wrote.

    Raises:
        ExportError: one was trained on other subwords than those of `prepared`, or translates other languages.
        TrainingError: a folder holds no trained model, or a broken one.
    """
    return [_load(Path(folder), prepared, f"params.yaml export.ensemble: {folder}") for folder in folders]


def _load(folder: Path, prepared: PreparedFolder, name: str) -> Seq2Seq:
    model, _ = load_model(folder)
    if not all((folder / name).is_file() for name in (TOKENIZER, META)):
        raise ExportError(f"{name} has no {TOKENIZER} and {META}, which say what it was trained on; train it again")
    if (folder / TOKENIZER).read_bytes() != (prepared.path / TOKENIZER).read_bytes():
        raise ExportError(f"{name} was trained on other subwords; train it on the corpus in {prepared.path}")
    found, need = (f"{meta.source_language} to {meta.target_language}" for meta in (read_meta(folder), prepared.meta))
    if found != need:
        raise ExportError(f"{name} translates {found}, need {need}")
    return model
