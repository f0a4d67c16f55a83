"""A judge's folder: what it is made of, and the one place that says so.

    graph.onnx       token ids in; the probability that the pair is a translation, and the attention, out
    tokenizer.json   the subwords that the ids are of
    judge.json       languages, corpus, limits, and the SHA-256 of the two files above
    model.safetensors, model.json   the same network for PyTorch
    metrics.json, report.json, reliability.png, attention/   how well it judges

Inference reads the first three alone. What runs the graph is `enface.inference.judge`, what makes it `enface.judging`.
"""

import hashlib
import json
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError

from enface.errors import BundleError
from enface.outputs import write_json
from enface.params import Section, explain

FORMAT_VERSION = 1
MANIFEST, GRAPH, TOKENIZER = "judge.json", "graph.onnx", "tokenizer.json"
METRICS = "metrics.json"
GRAPH_INPUTS, GRAPH_OUTPUTS = ["tokens"], ["probability", "attention"]

_REMEDY = "set judge.enabled: true in params.yaml and run: dvc repro judge"


class JudgeDescription(Section):
    """What the maker of a judge says about it; the manifest is this plus what follows from the files."""

    source_language: str
    target_language: str
    corpus: str
    corpus_sha256: str
    max_length_tokens: Annotated[int, Field(ge=8)]  # of both sides and the end of sentence between them


class JudgeManifest(JudgeDescription):
    """The whole of judge.json."""

    format_version: int
    sha256: str


def write_manifest(folder: Path, description: JudgeDescription) -> JudgeManifest:
    """The manifest of the graph and tokenizer that stand in `folder`, written beside them."""
    manifest = JudgeManifest(**dict(description), format_version=FORMAT_VERSION, sha256=_sha256(folder))
    write_json(folder / MANIFEST, manifest.model_dump())
    return manifest


def read_manifest(folder: Path) -> JudgeManifest:
    """The manifest of the judge in `folder`, whose graph and tokenizer are those that it was written for.

    Raises:
        BundleError: there is no judge here, or it is broken, altered or of another format version.
    """
    values = _read(folder / MANIFEST)
    version = values.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise BundleError(f"{folder / MANIFEST} format_version: got {version!r}, need {FORMAT_VERSION}; {_REMEDY}")
    try:
        manifest = JudgeManifest.model_validate(values)
    except ValidationError as error:
        problems = explain(error, "", JudgeManifest)
        raise BundleError("\n".join(f"{folder / MANIFEST} {problem}" for problem in problems)) from None
    for name in (GRAPH, TOKENIZER):
        if not (folder / name).is_file():
            raise BundleError(f"{folder / name}: missing from the judge's folder; {_REMEDY}")
    if (found := _sha256(folder)) != manifest.sha256:
        raise BundleError(
            f"{folder}: {GRAPH} or {TOKENIZER} was altered since it was written: SHA-256 is {found}, {MANIFEST} says "
            f"{manifest.sha256}; {_REMEDY}"
        )
    return manifest


def _read(file: Path) -> dict[str, Any]:
    try:
        values = json.loads(file.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        raise BundleError(f"{file}: missing, so there is no judge here; {_REMEDY}") from None
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{file}: not JSON: {error}; {_REMEDY}") from None
    if not isinstance(values, dict):
        raise BundleError(f"{file}: got {type(values).__name__}, need an object; {_REMEDY}")
    return values


def _sha256(folder: Path) -> str:
    """Of the graph and the tokenizer, one after the other."""
    hashed = hashlib.sha256()
    for name in (GRAPH, TOKENIZER):
        hashed.update((folder / name).read_bytes())
    return hashed.hexdigest()
