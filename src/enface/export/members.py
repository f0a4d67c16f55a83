"""The other models of an ensemble: trained folders of the same subwords and languages."""

from collections.abc import Sequence
from pathlib import Path

from enface.data.prepared import META, TOKENIZER, PreparedFolder, read_meta
from enface.errors import ExportError
from enface.model.seq2seq import Seq2Seq
from enface.model.weights import load_model


def load_others(folders: Sequence[str], prepared: PreparedFolder) -> list[Seq2Seq]:
    """The models in `folders`, each of which `train` wrote.

    Raises:
        ExportError: one was trained on other subwords than those of `prepared`, or translates other languages.
        TrainingError: a folder holds no trained model, or a broken one.
    """
    return [_load(Path(folder), prepared) for folder in folders]


def _load(folder: Path, prepared: PreparedFolder) -> Seq2Seq:
    model, _ = load_model(folder)
    if not all((folder / name).is_file() for name in (TOKENIZER, META)):
        raise _refused(folder, f"has no {TOKENIZER} and {META}, which say what it was trained on; train it again")
    if (folder / TOKENIZER).read_bytes() != (prepared.path / TOKENIZER).read_bytes():
        raise _refused(folder, "was trained on other subwords; train it on the prepared corpus of this one")
    found, need = (f"{meta.source_language} to {meta.target_language}" for meta in (read_meta(folder), prepared.meta))
    if found != need:
        raise _refused(folder, f"translates {found}, need {need}")
    return model


def _refused(folder: Path, why: str) -> ExportError:
    return ExportError(f"params.yaml export.ensemble: {folder} {why}")
