"""A trained model on disk: `model.safetensors` beside `model.json`, which says what it is made of."""

import json
from pathlib import Path

from safetensors.torch import load_file, save_file
from torch import nn

from enface.errors import TrainingError
from enface.model.folder import ARCHITECTURE, WEIGHTS
from enface.model.section import ModelSection
from enface.model.seq2seq import Seq2Seq
from enface.outputs import write_json
from enface.params import parse_section


def save_model(folder: Path, model: Seq2Seq, section: ModelSection) -> None:
    """Writes `model`, made from `section`, into `folder`."""
    vocabulary_size = model.embedding.num_embeddings
    write_json(folder / ARCHITECTURE, {"model": section.model_dump(), "vocabulary_size": vocabulary_size})
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, folder / WEIGHTS)


def load_model(folder: Path) -> tuple[Seq2Seq, ModelSection]:
    """The model in `folder`, in evaluation mode, and its section.

    Raises:
        TrainingError: no trained model stands there.
    """
    try:
        described = json.loads((folder / ARCHITECTURE).read_text(encoding="utf-8"))
        weights = load_file(folder / WEIGHTS)
    except FileNotFoundError as error:
        raise TrainingError(f"{error.filename or folder / WEIGHTS}: no trained model; run `dvc repro train`") from None
    section = parse_section(described["model"], str(folder / ARCHITECTURE), ModelSection)
    model = Seq2Seq(section, int(described["vocabulary_size"]))
    model.load_state_dict(weights)
    return _still(model), section


def _still(model: Seq2Seq) -> Seq2Seq:
    still: nn.Module = model.eval()
    assert isinstance(still, Seq2Seq)
    return still
