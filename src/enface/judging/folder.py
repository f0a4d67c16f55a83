"""Writes a trained judge into its folder, for PyTorch and as an ONNX graph that is proved equal to it.

What the folder holds is said in `enface.judge_folder`; how well the judge judges is written by `report.py`.
"""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
import torch
from jaxtyping import Bool, Float, Int
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.export import Dim

from enface.data.prepared import PreparedFolder
from enface.data.tokenizer import EOS, PAD
from enface.errors import ExportError, TrainingError
from enface.export.program import make_program
from enface.inference.judge import Judge
from enface.judge_folder import GRAPH, GRAPH_INPUTS, GRAPH_OUTPUTS, TOKENIZER, JudgeDescription, write_manifest
from enface.judging.calibration import sigmoid
from enface.judging.corruption import Pair
from enface.judging.section import JudgeModelSection
from enface.model.classifier import SelfAttentiveClassifier, make_self_attention
from enface.model.folder import ARCHITECTURE, WEIGHTS
from enface.outputs import write_json
from enface.params import parse_section

_TOLERANCE = 1e-4


class _Judging(nn.Module):
    """What the graph computes: padded ids in; probabilities and attention out."""

    def __init__(self, classifier: SelfAttentiveClassifier) -> None:
        super().__init__()
        self.classifier = classifier

    def forward(self, tokens: Int[Tensor, "B L"]) -> tuple[Float[Tensor, " B"], Float[Tensor, "B L L"]]:
        valid: Bool[Tensor, "B L"] = tokens != PAD
        found = self.classifier(tokens, valid)
        return torch.sigmoid(found.logits), found.weights


def make_classifier(
    section: JudgeModelSection, *, vocabulary_size: int, max_length_tokens: int
) -> SelfAttentiveClassifier:
    """The classifier that `section` describes, untrained, for sequences of at most so many tokens."""
    attention = make_self_attention(
        section.attention.activation,
        section.attention.window,
        state_size=2 * section.hidden_size,
        size=section.attention.size,
        radius=section.attention.window_radius,
    )
    return SelfAttentiveClassifier(
        attention,
        vocabulary_size,
        embedding_size=section.embedding_size,
        hidden_size=section.hidden_size,
        dropout=section.dropout,
        positions=max_length_tokens if section.pooling == "flatten" else None,
    )


def write_judge(
    folder: Path,
    model: SelfAttentiveClassifier,
    section: JudgeModelSection,
    *,
    prepared: PreparedFolder,
    max_length_tokens: int,
) -> None:
    """Writes a trained classifier into `folder`, which is there: weights, graph, tokenizer and manifest.

    Raises:
        ExportError: PyTorch could not export it.
    """
    described = {
        "model": section.model_dump(),
        "vocabulary_size": model.embedding.num_embeddings,
        "max_length_tokens": max_length_tokens,
    }
    write_json(folder / ARCHITECTURE, described)
    save_file({name: tensor.contiguous() for name, tensor in model.state_dict().items()}, folder / WEIGHTS)
    shutil.copyfile(prepared.path / TOKENIZER, folder / TOKENIZER)
    _write_graph(folder / GRAPH, model)
    meta = prepared.meta
    description = JudgeDescription(
        source_language=meta.source_language,
        target_language=meta.target_language,
        corpus=meta.corpus,
        corpus_sha256=meta.sha256,
        max_length_tokens=max_length_tokens,
    )
    write_manifest(folder, description)


def load_classifier(folder: Path) -> SelfAttentiveClassifier:
    """The classifier in a judge's folder, in evaluation mode, to look at or to train further.

    Raises:
        TrainingError: there is none.
    """
    try:
        described = json.loads((folder / ARCHITECTURE).read_text(encoding="utf-8"))
        weights = load_file(folder / WEIGHTS)
    except FileNotFoundError as error:
        raise TrainingError(f"{error.filename or folder / WEIGHTS}: no trained judge; run: dvc repro judge") from None
    section = parse_section(described["model"], str(folder / ARCHITECTURE), JudgeModelSection)
    sizes = {name: int(described[name]) for name in ("vocabulary_size", "max_length_tokens")}
    model = make_classifier(section, **sizes)
    model.load_state_dict(weights)
    model.eval()
    return model


def check_graph(judge: Judge, pairs: Sequence[Pair], logits: Float[np.ndarray, " P"]) -> float:
    """The largest difference between the graph's probability of a pair and PyTorch's, whose logits these are.

    Raises:
        ExportError: it is larger than 0.0001.
    """
    difference = float(np.abs(judge.probability(pairs) - sigmoid(logits)).max())
    if not difference <= _TOLERANCE:
        raise ExportError(
            f"judge: graph and model differ by {difference:.2g} in the probability of a pair, need <= {_TOLERANCE}; "
            "nothing is written"
        )
    return difference


def _write_graph(path: Path, model: SelfAttentiveClassifier) -> None:
    example = torch.full((3, 7), EOS)
    shapes = ({0: Dim("B"), 1: Dim("L")},)
    program = make_program(_Judging(model), (example,), shapes=shapes, inputs=GRAPH_INPUTS, outputs=GRAPH_OUTPUTS)
    onnx.save(program.model_proto, path)
