"""The Open Inference Protocol, as JSON and with its binary extension."""

import json

import pytest

from serving.gateway.tensors import packed, unpacked
from tests.serving.gateway.served import refusal

INFER = "/v2/models/enface/infer"
TEXTS = ["Two dogs.", "ein grüner Park"]


def tensor(texts, **others):
    return {"name": "text", "datatype": "BYTES", "shape": [len(texts)], "data": texts} | others


def test_texts_in_and_two_tensors_out(client, manifest):
    answer = client.post(INFER, json={"id": "7", "inputs": [tensor(TEXTS)], "parameters": {"n_best": 2}}).json()
    assert {name: answer[name] for name in ("model_name", "model_version", "id")} == {
        "model_name": "enface",
        "model_version": manifest.version,
        "id": "7",
    }
    text, entries = answer["outputs"]
    assert text == {"name": "text", "datatype": "BYTES", "shape": [2], "data": TEXTS}
    expected = client.post("/v1/translate", json={"text": TEXTS, "n_best": 2}).json()["translations"]
    assert (entries["name"], [json.loads(entry) for entry in entries["data"]]) == ("answer", expected)


@pytest.mark.parametrize(
    ("shape", "data"), [([2, 1], [["a"], ["b"]]), ([1, 2], [["a", "b"]]), ([2, 1], ["a", "b"]), ([0], [])]
)
def test_shapes_of_one_column_or_row_are_taken(client, shape, data):
    answer = client.post(INFER, json={"inputs": [tensor(data, shape=shape)], "outputs": [{"name": "text"}]})
    if not data:
        assert refusal(answer, 422, "unprocessable") == "text: got 0 texts, need 1 to 128"
    else:
        assert [output["data"] for output in answer.json()["outputs"]] == [["a", "b"]]


def test_bytes_in_and_bytes_out_as_tritons_client_sends_them(client):
    binary = packed(TEXTS)
    given = {key: value for key, value in tensor(TEXTS).items() if key != "data"}
    request = {
        "inputs": [given | {"parameters": {"binary_data_size": len(binary)}}],
        "outputs": [{"name": "text", "parameters": {"binary_data": True}}, {"name": "answer"}],
    }
    content = json.dumps(request).encode()
    headers = {"Inference-Header-Content-Length": str(len(content)), "Content-Type": "application/octet-stream"}
    answer = client.post(INFER, content=content + binary, headers=headers)
    length = int(answer.headers["inference-header-content-length"])
    text, entries = json.loads(answer.content[:length])["outputs"]
    assert text["parameters"] == {"binary_data_size": len(binary)}
    assert answer.content[length:] == binary
    assert [json.loads(entry)["text"] for entry in entries["data"]] == TEXTS
    request |= {"parameters": {"binary_data_output": True}, "outputs": None}
    content = json.dumps(request).encode()
    headers["Inference-Header-Content-Length"] = str(len(content))
    answer = client.post(INFER, content=content + binary, headers=headers)
    length = int(answer.headers["inference-header-content-length"])
    sizes = [output["parameters"]["binary_data_size"] for output in json.loads(answer.content[:length])["outputs"]]
    assert (sizes[0], sum(sizes)) == (len(binary), len(answer.content) - length)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "body: need an object with inputs"),
        ({}, 'inputs: need one tensor, with the name "text" and the datatype BYTES'),
        ({"inputs": [tensor(["a"], datatype="FP32")]}, 'inputs: need one tensor, with the name "text"'),
        ({"inputs": [tensor(["a"]), tensor(["b"])]}, 'inputs: need one tensor, with the name "text"'),
        ({"inputs": [tensor("a")]}, "inputs[0].data: need a list of strings"),
        ({"inputs": [tensor(["a"], shape=[2])]}, "inputs[0].shape: need [1], for there are 1 texts"),
        ({"inputs": [tensor(["a", 5])]}, "text[1]: got int, need a string"),
        (
            {"inputs": [tensor(["a"], parameters={"binary_data_size": 9})]},
            "inputs[0].parameters.binary_data_size: need 0",
        ),
        ({"inputs": [tensor(["a"], shape=[True])]}, "inputs[0].shape: need [1], for there are 1 texts"),
        ({"inputs": [tensor(["a"])], "id": 5}, "id: need a string"),
        ({"inputs": [tensor(["a"])], "parameters": []}, "parameters: need an object"),
        (
            {"inputs": [tensor(["a"])], "parameters": {"binary_data_output": 1}},
            "parameters.binary_data_output: need true or false",
        ),
        (
            {"inputs": [tensor(["a"])], "outputs": [{"name": "text", "parameters": {"binary_data": "yes"}}]},
            "parameters.binary_data: need true or false",
        ),
        ({"inputs": [tensor(["a"])], "parameters": 5}, "parameters: need an object"),
        ({"inputs": [tensor(["a"])], "parameters": {"text": "b"}}, "parameters: text: stands among the inputs"),
        ({"inputs": [tensor(["a"])], "parameters": {"beam": 5}}, "beam: unknown setting"),
        ({"inputs": [tensor(["a"])], "outputs": [{"name": "x"}]}, 'outputs: need a list of tensors named "text" or'),
        ({"inputs": [tensor(["a"])], "outputs": "text"}, 'outputs: need a list of tensors named "text" or'),
    ],
)
def test_what_is_no_request_of_the_protocol(client, value, message):
    assert refusal(client.post(INFER, json=value), 422, "unprocessable").startswith(message)


@pytest.mark.parametrize(("length", "message"), [(length, "need a number <= 2") for length in ("x", "3", "9" * 5_000)])
def test_a_header_that_cannot_be(client, length, message):
    headers = {"Inference-Header-Content-Length": length}
    answer = client.post(INFER, content=b"{}", headers=headers)
    assert message in refusal(answer, 400, "bad_request")


def test_bytes_and_texts():
    assert unpacked(packed(["", "é", "a" * 300])) == ["", "é", "a" * 300]


@pytest.mark.parametrize(
    ("binary", "message"),
    [
        (packed(["a", "b"])[:-1], "inputs[0]: element 1 ends behind the body's end"),
        (b"\1\0\0", "inputs[0]: element 0 ends behind the body's end"),
        (b"\1\0\0\0\xff", "inputs[0]: element 0 is not UTF-8"),
    ],
)
def test_bytes_that_are_no_texts(client, binary, message):
    given = tensor(["a"]) | {"parameters": {"binary_data_size": len(binary)}}
    content = json.dumps({"inputs": [given]}).encode()
    headers = {"Inference-Header-Content-Length": str(len(content))}
    assert refusal(client.post(INFER, content=content + binary, headers=headers), 400, "bad_request") == message


def test_the_server_and_the_model_tell_of_themselves(client, manifest):
    assert client.get("/v2/health/live").json() == {"live": True}
    assert client.get("/v2/health/ready").json() == {"ready": True}
    assert client.get("/v2").json()["extensions"] == ["binary_tensor_data"]
    model = client.get("/v2/models/enface").json()
    assert (model["name"], model["versions"]) == ("enface", [manifest.version])
    assert [tensor["name"] for tensor in model["outputs"]] == ["text", "answer"]
    versioned = f"/v2/models/enface/versions/{manifest.version}"
    assert client.get(versioned).json() == model
    assert client.get(f"{versioned}/ready").json() == {"name": "enface", "ready": True}
    assert client.post(f"{versioned}/infer", json={"inputs": [tensor(["a"])]}).status_code == 200
    message = refusal(client.get("/v2/models/enface/versions/1"), 404, "not_found")
    assert message == f"no such version of enface; there is {manifest.version}"
    refusal(client.get("/v2/models/other"), 404, "not_found")
