"""A bundle in the model registry: as a model of texts, and its graph as a model of tensors.

The first runs serving/mlflow_model.py over the whole bundle and brings enface's own code along, so that it needs
nothing but the packages named here. The second is the file graph.onnx under MLflow's ONNX flavour, for callers that
bring their own tokenizer. Both keep signature and lineage, and both get the same alias.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from mlflow.models import ModelSignature
    from mlflow.tracking import MlflowClient
    from mlflow.types import Schema

    from enface.bundle import Bundle

EXAMPLE = "A young woman in a red coat is reading a newspaper at the bus stop."
OPTIONS = {
    "beam_size": "long",
    "n_best": "long",
    "length_penalty": "double",
    "max_length": "long",
    "alignment": "string",
    "format": "string",
    "protect": "boolean",
    "confidence": "boolean",
    "glossary": "string",
}
"""MLflow's types of a request's options. It has none for words of the caller's choosing: a glossary comes as JSON."""

_BUNDLE_PACKAGES = ("onnxruntime", "tokenizers", "numpy", "pydantic", "pyyaml", "jaxtyping", "pandas")
_GRAPH_PACKAGES = ("onnx", "onnxruntime", "numpy")


@dataclass(frozen=True)
class Registration:
    """Where a bundle is registered: the store, the run it came from, the model's name and alias."""

    uri: str
    run_id: str
    name: str
    alias: str

    def register(self, client: "MlflowClient", bundle: "Bundle", model_code: Path) -> int:
        """Registers the bundle and its graph; returns the version of the bundle's model."""
        with self._active_run():
            number = self._log_bundle(bundle, model_code)
            graph = self._log_graph(bundle)
        for name, registered in ((self.name, number), (f"{self.name}-graph", graph)):
            client.set_registered_model_alias(name, self.alias, str(registered))
        return number

    def _log_bundle(self, bundle: "Bundle", model_code: Path) -> int:
        import mlflow
        import pandas

        logged = mlflow.pyfunc.log_model(
            name="translator",
            python_model=str(model_code),
            artifacts={"bundle": str(bundle.path)},
            code_paths=[str(Path(__file__).parents[1])],
            pip_requirements=_pinned(_BUNDLE_PACKAGES),
            signature=text_signature(),
            input_example=pandas.DataFrame({"text": [EXAMPLE]}),
            registered_model_name=self.name,
            metadata=_metadata(bundle),
        )
        return int(logged.registered_model_version)

    def _log_graph(self, bundle: "Bundle") -> int:
        import mlflow
        import onnx

        graph = onnx.load(bundle.graph("float32"))
        logged = mlflow.onnx.log_model(
            graph,
            name="graph",
            pip_requirements=_pinned(_GRAPH_PACKAGES),
            signature=graph_signature(graph),
            save_as_external_data=False,
            registered_model_name=f"{self.name}-graph",
            metadata=_metadata(bundle),
        )
        return int(logged.registered_model_version)

    @contextmanager
    def _active_run(self) -> Iterator[None]:
        """The run, as the active one of MLflow's module-level functions, which alone log models."""
        import mlflow

        mlflow.set_tracking_uri(self.uri)
        mlflow.set_registry_uri(self.uri)
        with mlflow.start_run(run_id=self.run_id):
            yield


def text_signature() -> "ModelSignature":
    """One text a row in; its translation, and the HTTP answer's entry as JSON, out; the request's options as params."""
    from mlflow.models import ModelSignature
    from mlflow.types import ColSpec, ParamSchema, ParamSpec, Schema

    return ModelSignature(
        inputs=Schema([ColSpec("string", "text")]),
        outputs=Schema([ColSpec("string", "text"), ColSpec("string", "answer")]),
        params=ParamSchema([ParamSpec(name, kind, None) for name, kind in OPTIONS.items()]),
    )


def graph_signature(graph: Any) -> "ModelSignature":
    """The names, types and shapes of an onnx.ModelProto's tensors; an axis that may have any length is -1."""
    from mlflow.models import ModelSignature

    return ModelSignature(inputs=_tensors(graph.graph.input), outputs=_tensors(graph.graph.output))


def _tensors(values: Any) -> "Schema":
    from mlflow.types import Schema, TensorSpec
    from onnx.helper import tensor_dtype_to_np_dtype

    def spec(value: Any) -> TensorSpec:
        tensor = value.type.tensor_type
        shape = tuple(axis.dim_value if axis.HasField("dim_value") else -1 for axis in tensor.shape.dim)
        return TensorSpec(tensor_dtype_to_np_dtype(tensor.elem_type), shape, value.name)

    return Schema([spec(value) for value in values])


def _metadata(bundle: "Bundle") -> dict[str, Any]:
    manifest = bundle.manifest
    languages = {"source_language": manifest.source_language, "target_language": manifest.target_language}
    return {"name": manifest.name, "version": manifest.version, **languages, **manifest.lineage.model_dump()}


def _pinned(packages: tuple[str, ...]) -> list[str]:
    """The packages at the versions in use; ONNX Runtime's GPU build stands in for the plain one and is named so."""
    return [f"{name}=={number}" for name, number in map(_installed, packages)]


def _installed(package: str) -> tuple[str, str]:
    for name in (package, f"{package}-gpu"):
        try:
            return name, version(name)
        except PackageNotFoundError:
            continue
    raise PackageNotFoundError(package)
