"""The routes of the gateway's own API, and every refusal in its one shape."""

import json

import httpx
import pytest

from serving.gateway.limits import Limits
from tests.serving.gateway.served import HeldEngine, refusal, served, wait_until

SECRET = "Quetzalcoatl"
JSON = {"Content-Type": "application/json"}


def test_one_text_and_many(client, translator):
    one = client.post("/v1/translate", json={"text": "Two dogs."})
    assert one.status_code == 200
    assert one.headers["content-type"] == "application/json"
    assert one.json()["model"]["name"] == "toy-copy"
    assert one.json()["translations"] == [found.to_dict() for found in translator.translate(["Two dogs."])]
    many = client.post("/v1/translate", json={"text": ["A dog.", "", "ein grüner Park"], "alignment": "none"})
    assert [entry["text"] for entry in many.json()["translations"]] == ["A dog.", "", "ein grüner Park"]


def test_a_plain_text(client):
    answer = client.post("/v1/translate", content=b"Zwei Hunde.", headers={"Content-Type": "text/plain"})
    assert answer.json()["translations"][0]["text"] == "Zwei Hunde."


def test_pairs_are_aligned(client, translator):
    answer = client.post("/v1/align", json={"source": ["A dog."], "target": ["Ein Hund."]})
    assert answer.json()["translations"] == [found.to_dict() for found in translator.align([("A dog.", "Ein Hund.")])]


def test_the_model_is_named_with_its_settings(client, manifest):
    [model] = client.get("/v1/models").json()["models"]
    assert (model["name"], model["version"]) == ("toy-copy", manifest.version)
    assert model["search"]["beam_size"] == 4


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "the body is empty"),
        (b'{"text": ', "not JSON: Expecting value at character 9"),
        (b'{"text": "\xff"}', "the body is not UTF-8"),
        (b'{"text": "a", "beam_size": NaN}', "NaN is no number of JSON"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_what_cannot_be_read_is_a_400(client, body, message):
    assert message in refusal(client.post("/v1/translate", content=body, headers=JSON), 400, "bad_request")


def test_a_form_is_a_400(client):
    message = refusal(client.post("/v1/translate", data={"text": "A dog."}), 400, "bad_request")
    assert message == "no body: send it with Content-Type application/json or text/plain, not as a form"


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        ("/v1/translate", [], 'body: got a list, need an object such as {"text": "A dog."}'),
        ("/v1/translate", {"text": "a", "beam": 3}, "beam: unknown setting; did you mean 'beam_size'?"),
        ("/v1/translate", {"text": "a", "task": "align"}, "task: unknown setting"),
        ("/v1/translate", {"text": ["a"] * 129}, "text: got 129 texts, need 1 to 128"),
        ("/v1/translate", {"text": "ß " * 5_000}, "text[0]: got "),
        ("/v1/align", {"source": "a", "target": ["b", "c"]}, "target: got 2 texts for 1 of source"),
        ("/v1/align", {"source": "a", "target": "b", "beam_size": 2}, "beam_size: got 2, but a given pair is aligned"),
        ("/v1/translate/stream", {"text": ["a"]}, "text: got a list, need one string; a stream has one translation"),
        ("/v1/translate/stream", {"text": "a", "steps": 3}, "steps: unknown setting"),
    ],
)
def test_what_can_be_read_but_not_answered_is_a_422(client, path, body, message):
    assert refusal(client.post(path, json=body), 422, "unprocessable").startswith(message)


def test_half_a_surrogate_pair_harms_nobody(client):
    message = refusal(
        client.post("/v1/translate", content=b'{"text": "a", "\\ud800": 1}', headers=JSON), 422, "unprocessable"
    )
    assert "unable to parse" in message


def test_too_much_is_a_413(client):
    texts = refusal(client.post("/v1/translate", json={"text": ["a" * 7_000] * 3}), 413, "texts_too_long")
    assert texts.startswith("its texts have 21,000 characters together")
    body = refusal(client.post("/v1/translate", content=b" " * 1_000_001, headers=JSON), 413, "body_too_large")
    assert body == "the body has more than 1,000,000 bytes"
    parts = (b" " * 1_000 for _ in range(1_001))
    assert refusal(client.post("/v1/translate", content=parts, headers=JSON), 413, "body_too_large") == body


def test_paths_and_methods_that_are_none(client):
    assert refusal(client.get("/v1/nothing"), 404, "not_found") == "Not Found; what there is, stands at /docs"
    refusal(client.get("/v1/translate"), 405, "method_not_allowed")
    assert client.get("/v1/translate").headers["allow"] == "POST"


def test_an_id_of_the_clients_own_comes_back_if_it_can_stand_in_a_log(client):
    for given, kept in [("abc-1.2_3", True), ("a b", False), ("x" * 65, False), ('"', False)]:
        answer = client.get("/v1/nothing", headers={"X-Request-ID": given})
        assert (answer.headers["x-request-id"] == given) is kept
        assert answer.json()["error"]["request_id"] == answer.headers["x-request-id"]


def test_every_answer_is_for_its_asker_alone(client):
    for answer in (client.post("/v1/translate", json={"text": "a"}), client.get("/v1/nothing")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_over_its_places_it_refuses_at_once_and_who_leaves_frees_one(held):
    with served(held, limits=Limits(places=2)) as gateway:
        first, second = (gateway.asking() for _ in range(2))
        wait_until(lambda: held.asked == 2)
        answer = httpx.post(f"{gateway.address}/v1/translate", json={"text": "a"}, trust_env=False)
        message = refusal(answer, 503, "too_busy")
        assert message == "2 requests are being answered or wait for it; try again"
        assert answer.headers["retry-after"] == "1"
        assert gateway.figure("enface_requests_in_progress") == 2
        first.close()
        wait_until(lambda: held.given_up == 1)
        third = gateway.asking()
        wait_until(lambda: held.asked == 3)
        held.go.set()
        assert [connection.recv(12) for connection in (second, third)] == [b"HTTP/1.1 200"] * 2
        assert gateway.figure("enface_requests_in_progress") == 0
        assert gateway.figure('enface_rejects_total{reason="client_gone"}') == 1


def test_an_answer_that_takes_too_long_is_a_503(held):
    with served(held, limits=Limits(answer_s=0.05)) as gateway:
        answer = httpx.post(f"{gateway.address}/v1/translate", json={"text": "a"}, trust_env=False)
    message = "the answer took more than 0.05 s; try again, or send less text"
    assert refusal(answer, 503, "too_slow") == message
    assert held.given_up == 1


def test_refusals_of_the_engine_pass_with_their_own_words(manifest):
    content = json.dumps({"error": {"code": "too_busy", "message": "later"}}).encode()
    engine = HeldEngine(manifest, (503, content))
    engine.go.set()
    with served(engine) as gateway:
        answer = httpx.post(f"{gateway.address}/v1/translate", json={"text": "a"}, trust_env=False)
    assert refusal(answer, 503, "too_busy") == "later"
    assert answer.headers["retry-after"] == "1"


def test_a_fault_of_ours_is_a_500_and_its_words_are_in_no_log(manifest, caplog):
    engine = HeldEngine(manifest, KeyError(SECRET))
    engine.go.set()
    with served(engine) as gateway:
        headers = {"X-Request-ID": "the-id"}
        answer = httpx.post(f"{gateway.address}/v1/translate", json={"text": SECRET}, headers=headers, trust_env=False)
        assert refusal(answer, 500, "internal") == "our fault; in the log it is the-id"
        assert gateway.figure('enface_rejects_total{reason="internal"}') == 1
    assert "Request the-id failed on a KeyError:" in caplog.text
    assert SECRET not in caplog.text


def test_a_slash_too_many_leads_nowhere_else(client):
    answer = client.post("/v1/translate/", json={"text": "a"}, headers={"Host": "evil.example"})
    assert "location" not in answer.headers
    assert refusal(answer, 404, "not_found")
