"""One contract for every way to serve a bundle: TorchServe behind the gateway, the gateway alone, MLflow's scoring.

All give the answers of the translator itself. TorchServe is started once, for all of this module.
"""

import asyncio
import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from serving import tokens
from serving.gateway.metrics import Metrics
from serving.gateway.upstream import TorchServeEngine
from serving.store import HERE, make_store
from serving.supervising import Supervised
from serving.torchserve import TorchServe, server_folder
from tests.serving.gateway.served import served

pytestmark = pytest.mark.filterwarnings("ignore:.*An input example was not provided")

SECRET = "Quetzalcoatl"
TEXTS = ["Two dogs are playing.", "", "😀 ein grüner Park", "日本語", "a  b\tc", "<b>mehr</b> & mehr"]
REQUESTS = [
    {"text": TEXTS},
    {"text": TEXTS[0], "n_best": 3, "beam_size": 4},
    {"text": TEXTS[2], "alignment": "subword", "length_penalty": 1.5},
    {"text": TEXTS[:2], "alignment": "none", "max_length": 3},
    {"text": ["A <b>big</b> dog &amp; {name}.", TEXTS[5]], "format": "html"},
    {"text": "A dog at https://example.org has 3 cats.", "protect": False, "confidence": True},
    {"text": TEXTS[0], "glossary": {"terms": {"dogs": "Hunde", "playing": "spielen"}}},
]


@pytest.fixture(scope="module")
def torchserve(toy_bundle, manifest):
    """The gateway before a TorchServe, and the folder in which that lies."""
    with server_folder() as folder:
        make_store(toy_bundle, folder / "store")
        metrics = Metrics()
        with (
            Supervised(lambda: TorchServe(folder / "store", folder=folder)) as supervised,
            served(TorchServeEngine(manifest, supervised, metrics), metrics=metrics) as running,
        ):
            running.folder = folder
            yield running


@pytest.fixture(params=["inprocess", "torchserve"])
def either(request, gateway):
    """A client of the one gateway, then of the other."""
    running = gateway if request.param == "inprocess" else request.getfixturevalue("torchserve")
    with httpx.Client(base_url=running.address, trust_env=False, timeout=60) as client:
        client.served = running
        yield client


@pytest.fixture(scope="module")
def scoring(toy_bundle, tmp_path_factory):
    """What `mlflow models serve` runs: the registered model's code and signature behind MLflow's own application."""
    import mlflow.pyfunc
    from mlflow.pyfunc.scoring_server import init

    from enface.tracking.registry import text_signature

    out = tmp_path_factory.mktemp("mlflow") / "model"
    mlflow.pyfunc.save_model(
        str(out),
        python_model=str(HERE / "mlflow_model.py"),
        artifacts={"bundle": str(toy_bundle)},
        pip_requirements=["numpy"],
        signature=text_signature(),
    )
    return httpx.ASGITransport(app=init(mlflow.pyfunc.load_model(str(out))))


def expected(translator, value):
    """What the translator itself answers to a request."""
    from serving.tasks import parse_task, perform

    kind = "align" if "source" in value else "translate"
    task = parse_task(kind, value, translator.manifest)
    return json.loads(json.dumps([found.to_dict() for found in perform(translator, task.way, task.inputs)]))


@pytest.mark.parametrize("value", REQUESTS)
def test_translations_are_the_translators(either, translator, value):
    answer = either.post("/v1/translate", json=value)
    assert answer.status_code == 200
    assert answer.json()["translations"] == expected(translator, value)
    assert answer.json()["model"]["version"] == translator.manifest.version


@pytest.mark.parametrize("value", REQUESTS)
def test_mlflow_scores_alike(scoring, translator, value):
    texts = [value["text"]] if isinstance(value["text"], str) else value["text"]
    asked = {"dataframe_split": {"columns": ["text"], "data": [[text] for text in texts]}}
    options = {name: given for name, given in value.items() if name != "text"}
    if "glossary" in options:
        options["glossary"] = json.dumps(options["glossary"])

    async def ask():
        async with httpx.AsyncClient(transport=scoring, base_url="http://mlflow") as client:
            return await client.post("/invocations", json=asked | {"params": options})

    rows = asyncio.run(ask()).json()["predictions"]
    assert [json.loads(row["answer"]) for row in rows] == expected(translator, value)
    assert [row["text"] for row in rows] == [json.loads(row["answer"])["text"] for row in rows]


def test_alignments_are_the_translators(either, translator):
    value = {"source": ["A dog.", "a", ""], "target": ["Ein großer Hund.", "", "b"], "alignment": "subword"}
    assert either.post("/v1/align", json=value).json()["translations"] == expected(translator, value)


def test_a_stream_ends_with_the_same_answer(either, translator):
    value = {"text": TEXTS[0], "n_best": 2}
    content = either.post("/v1/translate/stream", json=value).text.strip().split("\n\n")
    tokens_of = [json.loads(block.partition("data: ")[2]).get("token") for block in content[1:-1]]
    assert tokens_of == ["Two", "dogs", "are", "playing", "."]
    assert json.loads(content[-1].partition("data: ")[2])["translations"] == expected(translator, value)


def test_the_other_shapes_hold_the_same(either, translator):
    entry = {"name": "text", "datatype": "BYTES", "shape": [len(TEXTS)], "data": TEXTS}
    _, entries = either.post("/v2/models/enface/infer", json={"inputs": [entry]}).json()["outputs"]
    assert [json.loads(each) for each in entries["data"]] == expected(translator, {"text": TEXTS})
    answer = either.post("/translate", json={"q": TEXTS, "source": "en", "target": "de"})
    assert answer.json()["translatedText"] == [each["text"] for each in expected(translator, {"text": TEXTS})]


@pytest.mark.parametrize(
    ("path", "content", "status", "message"),
    [
        ("translate", b'{"text": ', 400, "not JSON: Expecting value at character 9"),
        ("translate", b'{"text": 5}', 422, "text: got a number, need a string or a list of strings"),
        ("translate", json.dumps({"text": "ß " * 5_000}).encode(), 422, "text[0]: got 15,000 source subwords, need"),
        ("align", b'{"source": "a", "target": "b", "n_best": 2}', 422, "n_best: got 2, but a given pair is aligned"),
        ("translate", json.dumps({"text": ["a" * 7_000] * 3}).encode(), 413, "its texts have 21,000 characters"),
    ],
)
def test_refusals_are_the_same(either, path, content, status, message):
    answer = either.post(f"/v1/{path}", content=content, headers={"Content-Type": "application/json"})
    assert answer.status_code == status
    assert answer.json()["error"]["message"].startswith(message)


def test_many_at_once_each_get_their_own_answer(either, translator):
    texts = [f"A dog {number}." for number in range(48)]
    answers = asked_at_once(either, texts)
    assert [answer.json()["translations"] for answer in answers] == [expected(translator, {"text": t}) for t in texts]
    assert either.served.figure("enface_batch_size_sum") > either.served.figure("enface_batch_size_count")


def test_none_is_lost_while_the_token_is_renewed(torchserve):
    file = torchserve.folder / tokens.KEY_FILE
    before = json.loads(file.read_text())
    management = httpx.URL(torchserve.engine._supervised.current.management_address).join("/token")

    def renew():
        headers = {"Authorization": f"Bearer {before['API']['key']}"}
        for _ in range(3):
            time.sleep(0.05)
            httpx.get(management, params={"type": "inference"}, headers=headers, trust_env=False)

    renewing = threading.Thread(target=renew)
    with httpx.Client(base_url=torchserve.address, trust_env=False, timeout=60) as client:
        renewing.start()
        answers = asked_at_once(client, ["A dog."] * 96)
        renewing.join()
    assert json.loads(file.read_text())["inference"] != before["inference"]
    assert [answer.status_code for answer in answers] == [200] * 96


def asked_at_once(client, texts):
    with ThreadPoolExecutor(16) as pool:
        return list(pool.map(lambda text: client.post("/v1/translate", json={"text": text}), texts))


def test_it_is_ready_and_has_figures(either):
    assert either.get("/readyz").status_code == 200
    text = either.get("/metrics").text
    assert "enface_source_words_total" in text
    assert ("ts_inference_requests_total" in text) is hasattr(either.served, "folder")


def test_what_a_user_sent_stands_in_no_log_and_in_no_figure(either, caplog):
    asked = [
        ("/v1/translate", {"text": SECRET}),
        ("/v1/translate", {"text": SECRET, SECRET: 1}),
        ("/v1/translate", [SECRET]),
        ("/v1/translate/stream", {"text": SECRET}),
        ("/v1/align", {"source": SECRET, "target": SECRET}),
        ("/translate", {"q": SECRET, "source": SECRET, "target": "de"}),
        ("/v2/models/enface/infer", {"inputs": [{"name": SECRET}]}),
        (f"/{SECRET}?{SECRET}={SECRET}", {}),
    ]
    with caplog.at_level(logging.DEBUG, logger="enface"):
        for path, value in asked:
            either.post(path, json=value, headers={"X-API-Key": SECRET})
        either.post("/v1/translate", content=SECRET.encode() + b"\xff")
    assert SECRET not in caplog.text
    assert SECRET not in either.get("/metrics").text
    if folder := getattr(either.served, "folder", None):
        files = [path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".onnx", ".mar")]
        assert len(files) > 2
        assert not [path for path in files if SECRET.encode() in path.read_bytes()]
