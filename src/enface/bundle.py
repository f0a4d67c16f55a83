"""The bundle: one folder that holds everything inference needs, and the one module that reads and writes it.

    graph.onnx         encoder, attention and beam search in one graph
    graph.int8.onnx    the same with 8-bit weights (optional)
    tokenizer.json     the joint subword tokenizer
    manifest.json      names, languages, search and alignment settings, where it came from, SHA-256 of every file

A folder that was altered, cut short or written in a format we do not know is refused, with the file and the reason.
What the files mean (running the graph, splitting text) belongs to `enface.inference`; making them to `enface.export`.
"""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from enface import __version__
from enface.errors import BundleError
from enface.outputs import whole_folder, write_json
from enface.params import Section, explain

FORMAT_VERSION = 2
MANIFEST = "manifest.json"
TOKENIZER = "tokenizer.json"
Precision = Literal["float32", "int8"]
GRAPHS: dict[Precision, str] = {"float32": "graph.onnx", "int8": "graph.int8.onnx"}

_REQUIRED = (GRAPHS["float32"], TOKENIZER)
_FileName = Annotated[str, Field(pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")]
_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class SearchSettings(Section):
    """How the bundle translates when a caller asks for nothing else.

    The longest answer is ``max_length_ratio * source subwords + max_length_extra_tokens`` target subwords.
    """

    beam_size: Annotated[int, Field(ge=1, le=16)]
    length_penalty: Annotated[float, Field(ge=0, le=5)]
    max_length_ratio: Annotated[float, Field(gt=0, le=10)]
    max_length_extra_tokens: Annotated[int, Field(ge=1, le=1000)]
    max_source_characters: Annotated[int, Field(ge=1, le=1_000_000)]


class AlignmentSettings(Section):
    """Which attention of the model the graph gives out as the word alignment, and from which weight words are linked.

    `head` of decoder layer `layer`, or the mean of its heads; `shift` is 1 where the row of step t + 1 is that of
    target token t. The graph does this by itself. `link_threshold`: the weight from which a further source word is
    linked too. `member`: of an ensemble whose attention it is, 0 being the model that the pipeline trained.
    """

    member: Annotated[int, Field(ge=0)] = 0
    layer: Annotated[int, Field(ge=0)]
    head: Annotated[int, Field(ge=0)] | None
    shift: Literal[0, 1]
    link_threshold: Annotated[float, Field(gt=0, le=1)]


class Lineage(Section):
    """Where a bundle came from: its corpus, its weights, the commit and the tracked run.

    `ensemble_sha256`: the weights of the other models that translate together with this one.
    """

    corpus: str
    corpus_sha256: str
    model_sha256: str
    ensemble_sha256: Annotated[list[str], Field(default_factory=list)]
    commit: str | None
    run_id: str | None


class Description(Section):
    """What the maker of a bundle says about it; the manifest is this plus what follows from the files."""

    name: str
    source_language: str
    target_language: str
    search: SearchSettings
    alignment: AlignmentSettings
    lineage: Lineage

    @model_validator(mode="after")
    def _aligns_by_a_member(self) -> "Description":
        if self.alignment.member > len(self.lineage.ensemble_sha256):
            raise ValueError("alignment.member is none of the models that lineage names")
        return self


class Manifest(Description):
    """The whole of manifest.json; `files` maps each file's name to its SHA-256 in hexadecimal."""

    format_version: int
    version: str
    files: dict[_FileName, _Sha256]


@dataclass(frozen=True)
class Bundle:
    """An opened bundle: its folder and its checked manifest."""

    path: Path
    manifest: Manifest

    @property
    def tokenizer(self) -> Path:
        """The path of the tokenizer's file."""
        return self.path / TOKENIZER

    def graph(self, precision: Precision) -> Path:
        """The path of the graph of that precision.

        Raises:
            BundleError: the bundle was written without one.
        """
        name = GRAPHS[precision]
        if name not in self.manifest.files:
            has = ", ".join(known for known, file in GRAPHS.items() if file in self.manifest.files)
            raise BundleError(f"{self.path}: has no {name} for precision {precision}; it has {has}")
        return self.path / name


def write_bundle(
    out: Path, files: Mapping[str, Path], *, description: Description, version: str | None = None
) -> Manifest:
    """The manifest of the bundle written to `out`, whole or not at all.

    Args:
        out: the folder to write; one that is already there is replaced.
        files: name in the bundle -> file to copy; graph.onnx and tokenizer.json must be among them.
        description: what the files cannot say themselves.
        version: the bundle's version; by default twelve digits of a hash over all files, so equal models agree.

    Raises:
        BundleError: a required file is not among `files`, or one of them does not exist.
    """
    _check_ingredients(files)
    with whole_folder(out) as draft:
        for name, source in files.items():
            shutil.copyfile(source, draft / name)
        sums = {name: _sha256(draft / name) for name in files}
        manifest = Manifest(
            **dict(description), format_version=FORMAT_VERSION, version=version or _version_of(sums), files=sums
        )
        write_json(draft / MANIFEST, manifest.model_dump())
    return manifest


def open_bundle(path: Path, *, verify: bool = True) -> Bundle:
    """The bundle at `path`, its manifest read and, unless `verify` is false, every file's SHA-256 compared.

    Raises:
        BundleError: the folder, the manifest or a file is missing, the manifest is broken or of another format
            version, or a file is not the one that was written.
    """
    manifest = _read_manifest(path)
    for name in sorted({*_REQUIRED, *manifest.files}):
        _check_file(path / name, manifest.files.get(name), verify=verify)
    return Bundle(path, manifest)


def with_lineage(bundle_path: Path, out: Path, *, commit: str | None, run_id: str | None) -> Manifest:
    """The manifest of a copy at `out` of the bundle at `bundle_path`, with commit and tracked run filled in.

    Raises:
        BundleError: as `open_bundle`.
    """
    old = open_bundle(bundle_path).manifest
    lineage = old.lineage.model_copy(update={"commit": commit, "run_id": run_id})
    described = Description(**{name: getattr(old, name) for name in Description.model_fields} | {"lineage": lineage})
    files = {name: bundle_path / name for name in old.files}
    return write_bundle(out, files, description=described, version=old.version)


def _check_ingredients(files: Mapping[str, Path]) -> None:
    for name in _REQUIRED:
        if name not in files:
            raise BundleError(f"a bundle needs {name}; got {', '.join(sorted(files)) or 'no files'}")
    for name, source in files.items():
        if not source.is_file():
            raise BundleError(f"{source}: no such file, to be {name} of a bundle")


def _read_manifest(path: Path) -> Manifest:
    if not path.exists():
        raise BundleError(f"{path}: no such bundle; `make run` or `dvc repro` makes one")
    if not path.is_dir():
        raise BundleError(f"{path}: not a folder, so not a bundle")
    file = path / MANIFEST
    values = _read_json(file)
    version = values.get("format_version")
    if version != FORMAT_VERSION or isinstance(version, bool):
        raise BundleError(
            f"{file} format_version: got {version!r}, need {FORMAT_VERSION}, which Enface {__version__} reads; "
            "export the model again, or use the Enface that wrote it"
        )
    try:
        return Manifest.model_validate(values)
    except ValidationError as error:
        raise BundleError("\n".join(f"{file} {problem}" for problem in explain(error, "", Manifest))) from None


def _read_json(file: Path) -> dict[str, Any]:
    try:
        values = json.loads(file.read_bytes())
    except FileNotFoundError:
        raise BundleError(f"{file}: missing, so this folder is not a bundle") from None
    except (ValueError, RecursionError) as error:
        raise BundleError(f"{file}: not JSON: {error}; export the model again") from None
    if not isinstance(values, dict):
        raise BundleError(f"{file}: got {type(values).__name__}, need an object; export the model again")
    return values


def _check_file(file: Path, expected: str | None, *, verify: bool) -> None:
    if expected is None:
        raise BundleError(f"{file.parent / MANIFEST} files: {file.name} is not listed; export the model again")
    if not file.is_file():
        raise BundleError(f"{file}: missing, though the manifest lists it; export or copy the bundle again")
    if verify and (found := _sha256(file)) != expected:
        raise BundleError(
            f"{file}: altered since it was written: SHA-256 is {found}, the manifest says {expected}; "
            "export or copy the bundle again"
        )


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _version_of(sums: Mapping[str, str]) -> str:
    lines = "".join(f"{name} {sums[name]}\n" for name in sorted(sums))
    return hashlib.sha256(lines.encode()).hexdigest()[:12]
