"""A trained model on disk: `model.safetensors` beside `model.json`, which says what it is made of."""

import json
from collections.abc import Mapping
from pathlib import Path

from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

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
        TrainingError: no trained model stands there, or one of its files is broken or does not fit the other.
        ParamsError: the network that it names is none of ours.
    """
    try:
        described = json.loads((folder / ARCHITECTURE).read_text(encoding="utf-8"))
        settings, vocabulary_size = described["model"], int(described["vocabulary_size"])
        weights = load_file(folder / WEIGHTS)
    except FileNotFoundError as error:
        raise TrainingError(f"{error.filename or folder / WEIGHTS}: no trained model; run `dvc repro train`") from None
    except SafetensorError as error:
        raise _broken(folder / WEIGHTS, f"not whole ({error})") from None
    except (ValueError, KeyError, TypeError):
        raise _broken(folder / ARCHITECTURE, "does not say what the network is made of") from None
    section = parse_section(settings, str(folder / ARCHITECTURE), ModelSection)
    model = Seq2Seq(section, vocabulary_size)
    _fill(model, weights, folder)
    return _still(model), section


def _fill(model: Seq2Seq, weights: Mapping[str, Tensor], folder: Path) -> None:
    needed = model.state_dict()
    for name in sorted(needed.keys() | weights.keys()):
        found, need = (tuple(of[name].shape) if name in of else "nothing" for of in (weights, needed))
        if found != need:
            raise _broken(folder / WEIGHTS, f"{name} is {found}, but the network of {ARCHITECTURE} needs {need}")
    model.load_state_dict(weights)


def _broken(path: Path, why: str) -> TrainingError:
    return TrainingError(f"{path}: {why}; run `dvc checkout --force` or `dvc repro -f train`")


def _still(model: Seq2Seq) -> Seq2Seq:
    still: nn.Module = model.eval()
    assert isinstance(still, Seq2Seq)
    return still
