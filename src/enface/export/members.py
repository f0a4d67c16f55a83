"""The other models of an ensemble: trained folders that share this one's subwords."""

from collections.abc import Sequence
from pathlib import Path

from enface.data.prepared import TOKENIZER
from enface.errors import ExportError
from enface.model.seq2seq import Seq2Seq
from enface.model.weights import load_model


def load_others(folders: Sequence[str], tokenizer: Path) -> list[Seq2Seq]:
    """The models in `folders`, each of which `train` wrote.

    Raises:
        ExportError: one was trained on other subwords than those of `tokenizer`.
        TrainingError: a folder holds no trained model, or a broken one.
    """
    return [_load(Path(folder), tokenizer.read_bytes()) for folder in folders]


def _load(folder: Path, tokenizer: bytes) -> Seq2Seq:
    model, _ = load_model(folder)
    known = folder / TOKENIZER
    if not known.is_file() or known.read_bytes() != tokenizer:
        raise ExportError(
            f"params.yaml export.ensemble: {folder} was trained on other subwords ({TOKENIZER}: "
            f"{'another one' if known.is_file() else 'missing'}); models that translate together are trained on one "
            "prepared corpus"
        )
    return model
