"""The stream of events: what is decided, in order, and then the same answer as without a stream."""

import json
import socket

import httpx
import pytest

from serving.bodies import to_json
from serving.gateway import streaming
from serving.gateway.errors import RefusedError
from serving.gateway.limits import Limits
from serving.gateway.streaming import search_steps
from tests.serving.gateway.served import refusal, served, wait_until

TEXT = "Two dogs are playing with a ball in the green park, and a child is watching them."


def events(content):
    """The names and data of server-sent events."""
    found = []
    for block in content.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def entry(*tokens, whole=False):
    """The answer to one search: these tokens are decided, and perhaps they are the whole."""
    spans = [[5 * place, 5 * place + len(token)] for place, token in enumerate(tokens)]
    side = {"tokens": list(tokens), "spans": spans}
    return {
        "source": side,
        "target": side,
        "translation": {"text": " ".join(tokens), "target": side} if whole else None,
    }


def answering(*entries):
    """A reply for each search, the last one also for all after it."""
    waiting = list(entries)

    def reply(task):
        found = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        if isinstance(found, Exception):
            raise found
        return 200, to_json({"model": {"name": "toy"}, "translations": [found]})

    return reply


@pytest.mark.parametrize("options", [{}, {"alignment": "subword", "n_best": 2}, {"alignment": "none"}])
def test_each_word_with_its_row_and_then_the_answer(client, options):
    answer = client.post("/v1/translate/stream", json={"text": TEXT} | options)
    whole = client.post("/v1/translate", json={"text": TEXT} | options).json()
    assert answer.headers["content-type"].startswith("text/event-stream")
    (first, source), *words, (last, data) = events(answer.text)
    assert (first, last, data) == ("source", "answer", whole)
    [translation] = whole["translations"]
    assert source == {"model": whole["model"]} | translation["source"]
    assert {name for name, _ in words} == {"word"}
    assert [word["token"] for _, word in words] == translation["target"]["tokens"]
    assert [word["span"] for _, word in words] == translation["target"]["spans"]
    if "alignment" in translation:
        assert [word["weights"] for _, word in words] == translation["alignment"]["matrix"]
        links = [[source, word["index"]] for _, word in words for source in word["links"]]
        assert links == translation["alignment"]["links"]


@pytest.mark.parametrize("text", ["", "a", "日本語"])
def test_texts_of_hardly_anything(client, text):
    answer = client.post("/v1/translate/stream", json={"text": text})
    assert events(answer.text)[-1][1] == client.post("/v1/translate", json={"text": text}).json()


def test_words_come_before_the_search_has_ended(held):
    held.reply = answering(entry("Ein"), entry("Ein", "Hund", whole=True))
    held.go.set()
    with (
        served(held) as gateway,
        httpx.stream("POST", f"{gateway.address}/v1/translate/stream", json={"text": "a"}, trust_env=False) as answer,
    ):
        seen = ""
        for part in answer.iter_text():
            held.go.clear() if not seen else None
            seen += part
            if '"Ein"' in seen:
                break
        assert "answer" not in seen
        held.go.set()


def test_a_word_that_changes_after_all_is_told(held):
    held.reply = answering(entry("Ein", "Hund"), entry("Ein", "Kind", "rennt", whole=True))
    held.go.set()
    with served(held) as gateway:
        answer = httpx.post(f"{gateway.address}/v1/translate/stream", json={"text": "a"}, trust_env=False)
    told = [(name, data.get("token", data.get("index"))) for name, data in events(answer.text)[1:-1]]
    assert told == [("word", "Ein"), ("word", "Hund"), ("revised", 1), ("word", "Kind"), ("word", "rennt")]


def test_a_model_that_is_replaced_on_the_way_begins_anew_and_answers_for_itself(held):
    replies = [
        {"model": {"version": "1"}, "translations": [entry("Ein", "Hund")]},
        {"model": {"version": "2"}, "translations": [entry("Ein", "Kind", whole=True)]},
    ]
    held.reply = lambda task: (200, to_json(replies.pop(0)))
    held.go.set()
    with served(held) as gateway:
        answer = httpx.post(f"{gateway.address}/v1/translate/stream", json={"text": "a"}, trust_env=False)
    told = events(answer.text)
    assert [name for name, _ in told] == ["source", *["word"] * 2, "revised", "source", *["word"] * 2, "answer"]
    assert told[3][1] == {"index": 0}
    assert [data["model"]["version"] for name, data in told if name in ("source", "answer")] == ["1", "2", "2"]


def test_a_refusal_on_the_way_is_an_event(held):
    held.reply = answering(entry("Ein"), RefusedError(503, "unavailable", "try again"))
    held.go.set()
    with served(held) as gateway:
        answer = httpx.post(f"{gateway.address}/v1/translate/stream", json={"text": "a"}, trust_env=False)
        assert gateway.figure('enface_rejects_total{reason="unavailable"}') == 1
        assert gateway.figure("enface_requests_in_progress") == 0
    name, data = events(answer.text)[-1]
    assert (name, data["error"]["code"]) == ("error", "unavailable")
    assert data["error"]["request_id"] == answer.headers["x-request-id"]


def test_a_refusal_at_the_beginning_is_one_as_ever(held):
    held.reply = RefusedError(503, "unavailable", "try again", retry_after_s=3)
    held.go.set()
    with served(held) as gateway:
        answer = httpx.post(f"{gateway.address}/v1/translate/stream", json={"text": "a"}, trust_env=False)
        assert gateway.figure("enface_requests_in_progress") == 0
    assert refusal(answer, 503, "unavailable") == "try again"
    assert answer.headers["retry-after"] == "3"


def test_who_leaves_within_the_stream_frees_the_place_and_the_search(held):
    held.reply = answering(entry("Ein"))
    with served(held, limits=Limits(places=1)) as gateway:
        connection = gateway.asking(path="/v1/translate/stream")
        held.go.set()
        wait_until(lambda: held.asked > 2)
        connection.close()
        wait_until(lambda: gateway.figure("enface_requests_in_progress") == 0)
        asked = held.asked
        held.reply = answering(entry("Ein", whole=True))
        answer = httpx.post(f"{gateway.address}/v1/translate/stream", json={"text": "a"}, trust_env=False)
        assert events(answer.text)[-1][0] == "answer"
        assert held.asked == asked + 1


def test_who_does_not_read_the_stream_keeps_no_place(held, monkeypatch):
    monkeypatch.setattr(streaming, "_TAKE_S", 0.0)
    held.reply = answering(entry(*["word" * 500] * 500))
    with served(held, limits=Limits(places=1, answer_s=1)) as gateway:
        gateway.listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        unread = gateway.asking(path="/v1/translate/stream")
        unread.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wait_until(lambda: held.asked == 1)
        held.go.set()
        wait_until(lambda: gateway.figure("enface_requests_in_progress") == 0)
        unread.close()


def test_the_steps_grow_by_half_up_to_the_longest_translation():
    steps = list(search_steps())
    assert steps[:5] == [4, 6, 9, 13, 19]
    assert steps[-1] == 1024
    assert sum(steps[:-1]) < 3 * steps[-1]
