import numpy as np
import onnx
import pytest
import torch
from torch.testing import assert_close

from enface.decoding.translate import BeamTranslator
from enface.errors import ExportError
from enface.export.graph import INPUTS, OUTPUTS, write_graph
from enface.model.weights import load_model
from tests.unit.export.made import SPECIAL
from tests.unit.model import tiny

REQUESTS = [
    ([4], 1, 6, 0.0, None),
    ([1], 3, 1, 1.0, None),
    ([5, 2, 7], 4, 12, 0.6, None),
    ([3, 3], 2, 9, 1.0, [[5, 6], [-1, 7]]),
    ([6, 1, 2, 4, 3], 1, 4, 0.7, [[9, 8, 7, 2], [2, -1, -1, -1], [5, 2, -1, -1], [-1] * 4, [30, 31, 32, 33]]),
    ([40, 12], 5, 50, 2.0, None),
]


def in_pytorch(translator, source, prefix, width, longest, alpha):
    with torch.inference_mode():
        beams, steps = torch.zeros(width, dtype=torch.int64), torch.zeros(longest, dtype=torch.int64)
        return [part.numpy() for part in translator(source, prefix, beams, steps, torch.tensor(alpha))]


def in_onnx(session, source, prefix, width, longest, alpha):
    values = (source.numpy(), prefix.numpy(), np.array(width), np.array(longest), np.array(alpha, np.float32))
    return session.run(list(OUTPUTS), dict(zip(INPUTS, values, strict=True)))


@pytest.mark.parametrize(("lengths", "width", "longest", "alpha", "prefix"), REQUESTS)
def test_the_graph_is_the_model(made, lengths, width, longest, alpha, prefix):
    source, _ = tiny.source_batch(lengths)
    prefix = torch.full((len(lengths), 1), -1) if prefix is None else torch.tensor(prefix)
    expected = in_pytorch(made.translator, source, prefix, width, longest, alpha)
    found = in_onnx(made.session, source, prefix, width, longest, alpha)
    assert [values.dtype for values in found] == [np.int64, np.float32, np.int64, np.float32, np.float32]
    assert found[0].shape == (len(lengths), width, longest)
    for values, other in zip(found, expected, strict=True):
        assert_close(values, other, rtol=0, atol=1e-4)


def test_the_search_ends_at_different_lengths(made):
    """Or the comparison above would say little."""
    source, _ = tiny.source_batch([5, 2, 7, 3, 6, 4, 8, 1])
    _, _, lengths, *_ = in_onnx(made.session, source, torch.full((8, 1), -1), 4, 12, 1.0)
    assert len(np.unique(lengths)) > 2


def test_inputs_and_outputs_are_those_of_the_contract(made):
    inputs = [(value.name, value.type, len(value.shape)) for value in made.session.get_inputs()]
    assert inputs == [
        ("source", "tensor(int64)", 2),
        ("prefix", "tensor(int64)", 2),
        ("beam_size", "tensor(int64)", 0),
        ("max_length", "tensor(int64)", 0),
        ("length_penalty", "tensor(float)", 0),
    ]
    outputs = [(value.name, value.type, len(value.shape)) for value in made.session.get_outputs()]
    assert outputs == [
        ("tokens", "tensor(int64)", 3),
        ("scores", "tensor(float)", 2),
        ("lengths", "tensor(int64)", 2),
        ("attention", "tensor(float)", 4),
        ("token_log_probabilities", "tensor(float)", 3),
    ]


def test_the_graph_is_one_valid_file_with_its_weights_inside(made):
    assert sorted(path.name for path in made.folder.iterdir()) == [
        "graph.int8.onnx",
        "graph.onnx",
        "model.json",
        "model.safetensors",
    ]
    onnx.checker.check_model(str(made.folder / "graph.onnx"), full_check=False)
    graph = onnx.load(made.folder / "graph.onnx", load_external_data=False).graph
    assert all(tensor.data_location == onnx.TensorProto.DEFAULT for tensor in graph.initializer)


def test_nothing_in_the_graph_tells_of_the_machine_that_made_it(made):
    content = (made.folder / "graph.onnx").read_bytes()
    assert not any(trace in content for trace in (b"stack_trace", b".py"))


def test_the_whole_search_is_one_loop_and_the_encoder_is_not_unrolled(made):
    operators = list(operators_of(onnx.load(made.folder / "graph.onnx").graph))
    assert operators.count("Loop") == 1
    section = load_model(made.folder)[1]
    cell = section.recurrent.cell.upper() if section.network == "recurrent" else None
    directions = 2 * section.recurrent.encoder_layers
    assert {name: operators.count(name) for name in ("GRU", "LSTM")} == {"GRU": 0, "LSTM": 0} | (
        {cell: directions} if cell else {}
    )


def test_an_export_prints_nothing(making):
    _, processes = making
    assert [(process.popen.wait(), process.log.read_text()) for process in processes] == [(0, "")] * 2


def test_an_export_that_fails_says_why(tmp_path, monkeypatch):
    def failing(*arguments, **options):
        raise torch.onnx.errors.OnnxExporterError("one of three steps\nadvice") from ValueError("no such\noperator")

    monkeypatch.setattr(torch.onnx, "export", failing)
    with pytest.raises(ExportError) as caught:
        write_graph(tmp_path / "graph.onnx", BeamTranslator(tiny.model(), SPECIAL))
    assert str(caught.value) == "export: PyTorch could not make the graph: ValueError: no such"
    assert list(tmp_path.iterdir()) == []


def operators_of(graph):
    for node in graph.node:
        yield node.op_type
        for attribute in node.attribute:
            if attribute.HasField("g"):
                yield from operators_of(attribute.g)
