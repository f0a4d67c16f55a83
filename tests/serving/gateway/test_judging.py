"""A judge beside the translator: what it says stands in every answer that asks for it, and none waits who does not."""

import json
import threading

import httpx
import numpy as np
import pytest
from typer.testing import CliRunner

from enface.cli.app import app
from enface.inference.judge import Judge
from enface.judge_folder import GRAPH, TOKENIZER, write_manifest
from serving.gateway.inprocess import InProcessEngine
from serving.gateway.limits import Limits
from serving.gateway.metrics import Metrics
from tests.serving.gateway.served import refusal, served, wait_until
from tests.toy_judge import DESCRIPTION

TEXT = "Two dogs are playing."
JUDGED = {"text": ["A dog.", TEXT, ""], "n_best": 2, "judge": True}


@pytest.fixture(scope="module")
def judge(toy_judge):
    return Judge(toy_judge, threads=1)


@pytest.fixture(scope="module")
def judging(translator, judge):
    """A client of a gateway with a judge."""
    metrics = Metrics()
    with (
        served(InProcessEngine(translator, metrics), metrics=metrics, judge=judge) as running,
        httpx.Client(base_url=running.address, trust_env=False, timeout=20) as client,
    ):
        yield client


def test_an_answer_is_judged_as_the_command_line_judges_it(judging, toy_bundle, toy_judge):
    options = ["--n-best", "2", "--bundle", str(toy_bundle), "--judge", str(toy_judge), "--threads", "1"]
    told = CliRunner().invoke(app, ["translate", "--json", *options, *JUDGED["text"]]).stdout
    entries = judging.post("/v1/translate", json=JUDGED).json()["translations"]
    assert entries == [json.loads(line) for line in told.splitlines()]
    assert [entry["judge"] > 0 for entry in entries] == [True, True, False]


def test_who_does_not_ask_is_not_told(judging):
    for asked in ({"text": TEXT}, {"text": TEXT, "judge": False}):
        [entry] = judging.post("/v1/translate", json=asked).json()["translations"]
        assert "judge" not in entry


def test_a_given_translation_is_judged(judging, judge):
    [entry] = judging.post("/v1/align", json={"source": TEXT, "target": "Zwei.", "judge": True}).json()["translations"]
    assert entry["judge"] == round(judge.probability([(TEXT, "Zwei.")])[0], 6)


def test_the_other_routes_judge_alike(judging):
    value = JUDGED | {"text": TEXT}
    answer = judging.post("/v1/translate", json=value).json()
    content = judging.post("/v1/translate/stream", json=value).text.strip().split("\n\n")[-1]
    assert json.loads(content.partition("data: ")[2]) == answer
    tensor = {"name": "text", "datatype": "BYTES", "shape": [1], "data": [TEXT]}
    asked = {"inputs": [tensor], "parameters": {"n_best": 2, "judge": True}}
    _, entries = judging.post("/v2/models/enface/infer", json=asked).json()["outputs"]
    assert [json.loads(entry) for entry in entries["data"]] == answer["translations"]


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"judge": 1}, "judge: need true or false"),
        ({"judge": True, "format": "html"}, 'judge: needs texts without tags, not "format": "html"'),
    ],
)
def test_what_cannot_be_judged_is_refused(judging, asked, message):
    answer = judging.post("/v1/translate", json={"text": TEXT} | asked)
    assert refusal(answer, 422, "unprocessable") == message


@pytest.mark.parametrize("route", ["translate", "translate/stream"])
def test_without_a_judge_none_is_asked(client, route):
    message = "judge: this server has none; start it with `enface serve --judge FOLDER`"
    answer = client.post(f"/v1/{route}", json={"text": TEXT, "judge": True})
    assert refusal(answer, 422, "unprocessable") == message
    assert client.post(f"/v1/{route}", json={"text": TEXT, "judge": False}).status_code == 200


def test_the_model_is_named_with_its_judge(judging, client, judge):
    [model] = judging.get("/v1/models").json()["models"]
    assert model["judge"] == judge.manifest.model_dump()
    [model] = client.get("/v1/models").json()["models"]
    assert model["judge"] is None


class HeldJudge:
    """A judge that answers when the test lets it."""

    def __init__(self, manifest):
        self.manifest = manifest
        self.go = threading.Event()
        self.asked = 0

    def probability(self, pairs):
        self.asked += 1
        assert self.go.wait(10)
        return np.zeros(len(pairs))


def test_while_it_judges_others_are_answered_and_none_waits_too_long(translator, judge):
    held, metrics = HeldJudge(judge.manifest), Metrics()
    engine = InProcessEngine(translator, metrics)
    with served(engine, metrics=metrics, judge=held, limits=Limits(answer_s=1)) as running:
        waiting = running.asking(json.dumps({"text": TEXT, "judge": True}).encode())
        wait_until(lambda: held.asked == 1)
        assert httpx.post(f"{running.address}/v1/translate", json={"text": TEXT}, trust_env=False).status_code == 200
        assert waiting.recv(12) == b"HTTP/1.1 503"
        held.go.set()


def judge_of(folder, toy_judge, **changes):
    """The toy judge, whose manifest says something else."""
    folder.mkdir()
    for name in (GRAPH, TOKENIZER):
        (folder / name).symlink_to(toy_judge / name)
    write_manifest(folder, DESCRIPTION.model_copy(update=changes))
    return folder


@pytest.mark.parametrize("engine", ["inprocess", "torchserve"])
def test_a_judge_that_cannot_judge_is_told_before_anything_starts(toy_bundle, toy_judge, tmp_path, engine):
    other = judge_of(tmp_path / "other", toy_judge, target_language="fr")
    broken = judge_of(tmp_path / "broken", toy_judge)
    (broken / GRAPH).unlink()
    messages = {
        tmp_path / "nothing": "nothing/judge.json: missing, so there is no judge here; set judge.enabled: true in",
        broken: "broken/graph.onnx: missing from the judge's folder; set judge.enabled: true in params.yaml and run",
        other: "other: judges pairs of en and fr, need one for en and de; train it on a corpus of these",
    }
    for folder, message in messages.items():
        options = ["--bundle", str(toy_bundle), "--engine", engine, "--judge", str(folder), "--threads", "1"]
        done = CliRunner().invoke(app, ["serve", *options, "--port", "0"])
        assert done.exit_code == 1
        assert done.stderr.startswith(f"enface: {tmp_path}/{message}")


def test_the_help_names_it():
    text = CliRunner().invoke(app, ["serve", "--help"], env={"COLUMNS": "200"}).stdout
    assert "enface serve --judge artifacts/judge" in text
    assert '"judge": true' in text
