import numpy as np
import onnx
import onnxruntime
import pytest

from enface.errors import BundleError, ParamsError
from enface.inference.session import GraphSession, Search

NO_GPU = (
    "device: got cuda:77, but ONNX Runtime cannot use it here: it needs an NVIDIA GPU of that number with its driver, "
    "onnxruntime-gpu and CUDA's libraries; use cpu, or install those"
)
SEARCH = Search(beam_size=2, max_length=3, length_penalty=0.5)


def test_a_run_gives_the_graphs_arrays(toy_bundle):
    session = GraphSession(toy_bundle / "graph.onnx", threads=1)
    source, prefix = np.array([[300, 301, 2], [302, 2, 0]]), np.array([[-1], [-1]])
    found = session.run(source, prefix, SEARCH, attention=True)
    assert found.tokens[:, 0].tolist() == source.tolist()
    assert found.lengths.tolist() == [[3, 3], [2, 2]]
    assert found.scores.shape == (2, 2)
    assert found.attention.shape == (2, 2, 3, 3)
    assert session.run(source, prefix, SEARCH, attention=False).attention is None
    assert found.log_probabilities is None
    asked = session.run(source, prefix, SEARCH, attention=False, log_probabilities=True)
    np.testing.assert_allclose(asked.log_probabilities[:, 1], np.where(asked.tokens[:, 1] > 0, -0.2, 0))


def test_devices_that_are_none(toy_bundle):
    for device in ("gpu", "cuda:", "cuda:x", ""):
        with pytest.raises(ParamsError) as caught:
            GraphSession(toy_bundle / "graph.onnx", device=device)
        assert str(caught.value) == f"device: got {device!r}, need cpu, cuda or cuda:<number>"


def test_a_gpu_that_is_not_there_is_an_error_and_no_silent_cpu(toy_bundle, capfd):
    with pytest.raises(ParamsError) as caught:
        GraphSession(toy_bundle / "graph.onnx", device="cuda:77")
    assert str(caught.value) == NO_GPU
    assert capfd.readouterr() == ("", "")


def test_a_runtime_that_knows_no_gpu(toy_bundle, monkeypatch):
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ParamsError) as caught:
        GraphSession(toy_bundle / "graph.onnx", device="cuda:77")
    assert str(caught.value) == NO_GPU


def test_a_runtime_that_fails_on_the_gpu(toy_bundle, monkeypatch):
    def broken(*arguments, **options):
        raise RuntimeError("CUDA failure 101: invalid device ordinal")

    monkeypatch.setattr(onnxruntime, "InferenceSession", broken)
    with pytest.raises(ParamsError) as caught:
        GraphSession(toy_bundle / "graph.onnx", device="cuda:77")
    assert str(caught.value) == NO_GPU
    with pytest.raises(RuntimeError, match="invalid device ordinal"):
        GraphSession(toy_bundle / "graph.onnx")


def test_threads_below_zero(toy_bundle):
    with pytest.raises(ParamsError, match=r"^threads: got -1, need >= 0 \(0: all cores\)$"):
        GraphSession(toy_bundle / "graph.onnx", threads=-1)


def test_a_file_that_is_no_graph(tmp_path, capfd):
    path = tmp_path / "graph.onnx"
    for content in (b"", b"not a graph", b"\x08\x0a"):
        path.write_bytes(content)
        with pytest.raises(BundleError) as caught:
            GraphSession(path)
        assert str(caught.value).startswith(f"{path}: ONNX Runtime cannot load it: ")
        assert str(caught.value).endswith("; export the model again")
    assert capfd.readouterr().out == ""


def test_a_graph_of_another_make(tmp_path):
    value = onnx.helper.make_tensor_value_info
    graph = onnx.helper.make_graph(
        [onnx.helper.make_node("Identity", ["x"], ["y"])],
        "other",
        [value("x", onnx.TensorProto.FLOAT, [1])],
        [value("y", onnx.TensorProto.FLOAT, [1])],
    )
    path = tmp_path / "graph.onnx"
    onnx.save(onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 18)], ir_version=10), path)
    with pytest.raises(BundleError) as caught:
        GraphSession(path)
    assert str(caught.value) == (
        f"{path}: got x; need source, prefix, beam_size, max_length, length_penalty; export the model again"
    )
